"""What one cell may hold."""

from __future__ import annotations

import pytest

from knowledge.areas import describe, parse_part
from knowledge.fields import CellError, Email, PartialDay, Phone, Share, Website


@pytest.mark.parametrize(
    "number",
    ["112", "113", "1400", "0800-0432", "0800 33 55 555", "0900 111 3 111", "088 605 01 01", "070 – 31 56 356",
     "010- 484 2576", "026 - 365 0 321", "06-57125952", "085-7501070"],
)  # fmt: skip
def test_phone_as_sources_write_it(number: str) -> None:
    assert Phone().parse(number) == number


@pytest.mark.parametrize(
    "number", ["114", "010-303", "0123456789", "+49 30 1234567", "06-5712595a", "0032 2 555 12 12"]
)
def test_not_a_dutch_phone(number: str) -> None:
    with pytest.raises(CellError, match="telefoonnummer"):
        Phone().parse(number)


@pytest.mark.parametrize(
    "address", ["info@x.nl", "steunpunt@2305po.nl", "ozl.info@ijsselgroep.nl", "secretariaat@po3002.nl", "rap@swv.nl"]
)
def test_address_of_a_desk(address: str) -> None:
    assert Email().parse(address) == address


@pytest.mark.parametrize(
    "address",
    ["p.jansen@x.nl", "piet.jansen@x.nl", "pj.de.vries@x.nl", "jansen@x.nl", "pjansen@x.nl", "piet_jansen@x.nl"],
)
def test_address_of_a_person(address: str) -> None:
    with pytest.raises(CellError, match="persoon"):
        Email().parse(address)


@pytest.mark.parametrize(
    "address", ["info", "info@", "info@x", "in fo@x.nl", "info@x..nl", "@x.nl", "info@x.nl, b@y.nl"]
)
def test_not_an_address(address: str) -> None:
    with pytest.raises(CellError, match="e-mailadres"):
        Email().parse(address)


@pytest.mark.parametrize("cell", ["2022", "2023-12", "2015-04-23"])
def test_partial_date(cell: str) -> None:
    assert PartialDay().parse(cell) == cell


@pytest.mark.parametrize("cell", ["22", "2023-13", "2023-02-30", "december 2023", "onbekend", "2022-2023"])
def test_not_a_partial_date(cell: str) -> None:
    with pytest.raises(CellError, match="datum"):
        PartialDay().parse(cell)


@pytest.mark.parametrize("cell", ["1", "0.9963", "0.5"])
def test_share_survives_a_round_trip(cell: str) -> None:
    assert Share().dump(Share().parse(cell)) == cell


@pytest.mark.parametrize("cell", ["0", "1.5", "0.50", "half", "0.12345"])
def test_not_a_share(cell: str) -> None:
    with pytest.raises(CellError):
        Share().parse(cell)


@pytest.mark.parametrize("cell", ["https://josee.nu/", "www.driegang.nl", "pold.nl", "http://a.nl/b?c=d#e"])
def test_website(cell: str) -> None:
    assert Website().parse(cell) == cell


def test_part_with_label() -> None:
    part = parse_part("Amsterdam zonder Weesp: Amsterdam (1011-1019, 1021); Amsterdam-Zuidoost (1101-1109)")
    assert part.label == describe(part) == "Amsterdam zonder Weesp"
    assert [(one.place, one.first, one.last) for one in part.ranges][:2] == [
        ("Amsterdam", "1011", "1019"),
        ("Amsterdam", "1021", "1021"),
    ]


def test_largest_places_describe_a_part() -> None:
    part = parse_part("Aa (1001); Bee (1002-1005); Cee (1006-1007); Dee (1008); Ee (1009)")
    assert describe(part) == "Bee, Cee, Aa en 2 andere plaatsen"
    assert describe(parse_part("Aa (1001); Bee (1002); Cee (1003); Dee (1008)")) == "Aa, Bee, Cee en Dee"
    assert describe(parse_part("Aa (1001)")) == "Aa"
