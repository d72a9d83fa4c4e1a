"""Expectations typed by hand from `kennis/*.csv` and `BRON-*.md`, not from what the code gave."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from knowledge import wording
from knowledge.errors import UnknownMunicipality
from knowledge.lookup import find_help, find_hospital_service, find_ziezon_by_region

TODAY = dt.date(2026, 11, 23)

NO = (None, None)

# municipality, sector, place, postcode: the one samenwerkingsverband, certainty, (phone, email), whose contact
ONE = [
    ("Apeldoorn", "po", None, None, "PO2505", "laag", NO, None),
    ("Apeldoorn", "vo", None, None, "VO2505", "middel", ("055-3689588", "info@swv-vo-2505.nl"), "algemeen nummer"),
    ("Zwolle", "po", None, None, "PO2305", "hoog", ("06-57125952", "steunpunt@2305po.nl"), "steunpunt"),
    ("Zwolle", "vo", None, None, "VO2305", "onbekend", NO, None),
    ("Rotterdam", "po", "Rozenburg", None, "PO2808", "laag", NO, None),
    ("Rotterdam", "po", "Hoek van Holland", None, "PO2803", "laag", NO, None),
    ("Rotterdam", "po", None, "3011", "PO2806", "hoog", ("010-303 14 00", None), "steunpunt"),
    ("Rotterdam", "po", "Hoogvliet", None, "PO2806", "hoog", ("010-303 14 00", None), "steunpunt"),
    ("Rotterdam", "vo", "Hoek van Holland", None, "VO2810", "hoog", ("010- 484 2576", None), "steunpunt"),
    ("Rotterdam", "vo", None, "3181", "VO2812", "laag", NO, None),
    ("Amsterdam", "po", "Amsterdam", None, "PO2707", "middel", ("020-3306320", "info@oudersteunpunt020.nl"),
     "steunpunt"),
    ("Amsterdam", "vo", None, "1104", "VO2708", "middel", ("020-3306320", "info@oudersteunpunt020.nl"), "steunpunt"),
    ("Amsterdam", "po", "Weesp", None, "PO2709", "laag", NO, None),
    ("Amsterdam", "vo", "Weesp", None, "VO2710", "laag", NO, None),
    ("Bergen (NH)", "po", None, None, "PO2703", "laag", NO, None),
    ("Bergen (NH)", "vo", None, None, "VO2703", "laag", NO, None),
    ("Bergen (L)", "po", None, None, "PO3101", "laag", NO, None),
    ("Bergen (L)", "vo", None, None, "VO2507", "laag", NO, None),
    ("Hengelo (O)", "po", None, None, "PO2302", "middel", NO, None),
    ("Hengelo (O)", "vo", None, None, "VO2302", "onbekend", NO, None),
    ("Bronckhorst", "po", "Hengelo (Gld)", None, "PO2503", "laag", NO, None),
    ("Bronckhorst", "vo", "Hengelo", None, "VO2503", "laag", NO, None),
    ("Bronckhorst", "po", "Vorden", None, "PO2501", "laag", NO, None),
    ("Bronckhorst", "vo", None, "7251", "VO2501", "onbekend", NO, None),
    ("Hoeksche Waard", "po", None, None, "PO2804", "laag", NO, None),
    ("Hoeksche Waard", "vo", None, None, None, "laag", NO, None),
    ("Dordrecht", "po", None, None, "PO2810", "hoog", ("078 890 5017", "steunpunt@swvdordrecht.nl"), "steunpunt"),
    ("Dordrecht", "vo", None, None, "VO2804", "hoog", ("078 890 5017", "steunpunt@swvdordrecht.nl"), "steunpunt"),
    ("'s-Gravenhage", "po", None, None, "PO2815", "hoog", ("070 – 31 56 356", "info@ojsp.nl"), "steunpunt"),
    ("'s-Gravenhage", "vo", None, None, "VO2806", "hoog", ("070 – 31 56 356", "info@ojsp.nl"), "steunpunt"),
    ("Aalsmeer", "po", None, None, "PO2708", "laag", NO, None),
    ("Alblasserdam", "po", None, None, "PO2809", "laag", NO, None),
    ("Alblasserdam", "vo", None, None, "VO2813", "middel", ("078-6391700", None), "algemeen nummer"),
    ("Helmond", "po", None, None, "PO3008", "laag", NO, None),
    ("Roermond", "po", None, None, "PO3102", "laag", NO, None),
    ("Weert", "po", None, None, "PO3103", "laag", NO, None),
    ("Weert", "vo", None, None, "VO3103", "onbekend", NO, None),
    ("Duiven", "po", None, None, "PO2504", "onbekend", NO, None),
    ("Lelystad", "vo", None, None, "VO2403", "hoog", ("0320-748950", "info@swvvo-lelystad.nl"), "steunpunt"),
    ("Groningen", "vo", None, None, "VO2001", "laag", NO, None),
    ("Het Hogeland", "vo", None, None, "VO2002", "hoog", ("050 799 50 23", None), "steunpunt"),
    ("Zaanstad", "po", None, None, "PO2705", "hoog", ("06 28 86 79 27", "secretariaat@swvpozaanstreek.nl"),
     "steunpunt"),
    ("Zaanstad", "vo", None, None, "VO2706", "middel", ("075-6213725", None), "algemeen nummer"),
    ("Deventer", "po", None, None, "PO2303", "middel", ("0570-745610", "loket@po-deventer.nl"), "algemeen nummer"),
    ("Winterswijk", "po", None, None, "PO2502", "laag", NO, None),
    ("Barendrecht", "po", None, None, "PO2805", "laag", NO, None),
    ("Gorinchem", "po", None, None, "PO2816", "laag", NO, None),
    ("Gorinchem", "vo", None, None, "VO2814", "onbekend", NO, None),
    ("Medemblik", "po", None, None, "PO2702", "laag", NO, None),
    ("Haarlem", "vo", None, None, "VO2705", "middel", ("023 - 54 30 140", None), "algemeen nummer"),
    ("Katwijk", "po", None, None, "PO2812", "hoog", ("0252 431 575", "oudersteunpunt@swv-db.nl"), "steunpunt"),
    ("Leiden", "vo", None, None, "VO2801", "middel", (None, "info@swvleiden.nl"), "algemeen nummer"),
    ("Terneuzen", "po", None, None, "PO2903", "middel", ("0115-649200", None), "algemeen nummer"),
    ("Terneuzen", "vo", None, None, "VO2903", "onbekend", NO, None),
    ("Heeze-Leende", "po", None, "5591", "PO3008", "laag", NO, None),
    ("Heeze-Leende", "po", "Leende", None, "PO3009", "laag", NO, None),
    ("Heeze-Leende", "vo", "Sterksel", None, "VO3007", "laag", NO, None),
    ("Meierijstad", "po", "Schijndel", None, "PO3005", "laag", NO, None),
    ("Meierijstad", "vo", "sint oedenrode", None, "VO3006", "laag", NO, None),
    ("Tilburg", "po", "Biezenmortel", None, "PO3005", "laag", NO, None),
    ("Tilburg", "vo", "Udenhout", None, "VO3004", "laag", NO, None),
    ("Oisterwijk", "vo", "Haaren", None, "VO3005", "laag", NO, None),
    ("Altena", "vo", "Werkendam", None, "VO2814", "onbekend", NO, None),
    ("Altena", "vo", "Andel", None, "VO3009", "laag", NO, None),
    ("Altena", "po", "Andel", None, "PO2816", "laag", NO, None),
    ("Vijfheerenlanden", "po", "Vianen", None, "PO2605", "middel", ("030 275 12 88", None), "algemeen nummer"),
    ("Vijfheerenlanden", "po", "Zijderveld", None, "PO2816", "laag", NO, None),
    ("Vijfheerenlanden", "vo", "Zijderveld", None, "VO2605", "laag", NO, None),
    ("Súdwest-Fryslân", "vo", "Sneek", None, "VO2103", "onbekend", NO, None),
    ("Súdwest-Fryslân", "vo", "Snits", None, "VO2103", "onbekend", NO, None),
    ("Súdwest-Fryslân", "vo", "Raerd", None, "VO2101", "onbekend", NO, None),
    ("Súdwest-Fryslân", "po", None, None, "PO2101", "laag", NO, None),
    ("De Fryske Marren", "vo", "Lemmer", None, "VO2402", "laag", NO, None),
    ("Krimpenerwaard", "vo", "Lekkerkerk", None, "VO2810", "hoog", ("010- 484 2576", None), "steunpunt"),
    ("Krimpenerwaard", "vo", "Schoonhoven", None, "VO2802", "laag", NO, None),
    ("Alphen-Chaam", "po", "Bavel AC", None, "PO3003", "laag", NO, None),
    ("Almere", "po", None, None, "PO2401", "laag", NO, None),
    ("Vaals", "vo", None, None, "VO3105", "laag", NO, None),
    ("Harderwijk", "po", None, None, "PO2509", "middel", ("0341-740007", "info@zeeluwe.nl"), "algemeen nummer"),
    ("Haarlemmermeer", "po", "Hoofddorp", None, "PO2710", "middel", ("023 - 3030102",
     "info@po-haarlemmermeer.nl"), "algemeen nummer"),
    ("Haarlemmermeer", "po", "Halfweg", None, "PO2704", "laag", NO, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("gemeente", "sector", "plaats", "pc4", "code", "certainty", "contact", "kind"), ONE,
    ids=[f"{row[0]}-{row[1]}-{row[2] or row[3] or ''}" for row in ONE],
)  # fmt: skip
def test_one_steunpunt(session: Session, gemeente, sector, plaats, pc4, code, certainty, contact, kind) -> None:
    found = find_help(session, gemeente, sector, plaats=plaats, pc4=pc4, on=TODAY)
    assert [one.code for one in found.swv] == [code]
    steunpunt = found.swv[0].steunpunt
    assert (steunpunt.certainty, (steunpunt.phone, steunpunt.email), steunpunt.kind) == (certainty, contact, kind)
    assert not found.needs_place


# municipality, sector, place, postcode: every samenwerkingsverband that is given
SEVERAL = [
    ("Rotterdam", "po", None, None, {"PO2806", "PO2803", "PO2808"}),
    ("Rotterdam", "vo", None, None, {"VO2810", "VO2812"}),
    ("Rotterdam", "po", None, "3198", {"PO2806", "PO2803", "PO2808"}),  # Europoort: in no part
    ("Amsterdam", "po", None, None, {"PO2707", "PO2709"}),
    ("Amsterdam", "vo", None, "1384", {"VO2708", "VO2710"}),  # a new postcode of Weesp: in no part
    ("Bronckhorst", "po", None, None, {"PO2501", "PO2503"}),
    ("Meierijstad", "vo", None, None, {"VO3005", "VO3006"}),
    ("West Betuwe", "po", "Zennewijnen", None, {"PO2508", "PO2816"}),  # not in the regulation
    ("Súdwest-Fryslân", "vo", None, None, {"VO2101", "VO2103"}),
    ("De Fryske Marren", "vo", None, None, {"VO2101", "VO2102", "VO2103", "VO2402"}),
    ("Vijfheerenlanden", "po", "Hoef en Haag", "4125", {"PO2605", "PO2816"}),
    ("Zuidplas", "vo", "Cortelande", "2765", {"VO2802", "VO2810"}),
    ("Rotterdam", "po", "Tilburg", None, {"PO2806", "PO2803", "PO2808"}),  # a place elsewhere decides nothing
]


@pytest.mark.parametrize(("gemeente", "sector", "plaats", "pc4", "codes"), SEVERAL)
def test_divided_municipality(session: Session, gemeente, sector, plaats, pc4, codes) -> None:
    found = find_help(session, gemeente, sector, plaats=plaats, pc4=pc4, on=TODAY)
    assert {one.code for one in found.swv} == codes
    assert found.needs_place
    text = wording.steunpunt_text(found).text
    for one in found.swv:
        assert one.area.partial and f"voor {one.area.text}" in text


def test_largest_part_comes_first(session: Session) -> None:
    found = find_help(session, "Rotterdam", "po", on=TODAY)
    assert [one.area.text for one in found.swv] == [
        "Rotterdam, Hoogvliet, Pernis en Vondelingenplaat", "Hoek van Holland", "Rozenburg",
    ]  # fmt: skip
    assert find_help(session, "Amsterdam", "po", on=TODAY).swv[0].area.text == "Amsterdam zonder Weesp"


def test_postcode_goes_before_place(session: Session) -> None:
    found = find_help(session, "Rotterdam", "po", plaats="Rotterdam", pc4="3181", on=TODAY)
    assert [one.code for one in found.swv] == ["PO2808"]


@pytest.mark.parametrize(
    ("sector", "code", "email"), [("po", "PO0001", "info@berseba.nl"), ("vo", "VO0001", "loket@refsvo.nl")]
)
@pytest.mark.parametrize("gemeente", ["Ede", "Rotterdam", "Tholen"])
def test_reformatorische_school(session: Session, gemeente: str, sector: str, code: str, email: str) -> None:
    found = find_help(session, gemeente, sector, reformatorisch=True, on=TODAY)
    assert [one.code for one in found.swv] == [code]
    steunpunt = found.swv[0].steunpunt
    assert (steunpunt.phone, steunpunt.email, steunpunt.kind) == (None, email, "algemeen nummer")
    text = wording.steunpunt_text(found).text
    assert "reformatorische scholen" in text and "algemene mailadres" in text and "regeling van 2015" not in text


def test_hoeksche_waard_shows_no_code(session: Session) -> None:
    found = find_help(session, "Hoeksche Waard", "vo", on=TODAY)
    (swv,) = found.swv
    assert swv.code is None and swv.steunpunt.url == "https://www.ouder-jeugdsteunpunthw.nl/"
    for worded in (wording.steunpunt_text(found), wording.swv_text(found)):
        assert "28HW" not in worded.text and "2810" not in worded.text and "484 2576" not in worded.text
        assert "volgens de regeling" not in worded.text
        assert "Waarschijnlijk" in worded.text


def test_unknown_municipality(session: Session) -> None:
    with pytest.raises(UnknownMunicipality):
        find_help(session, "Haaren", "po", on=TODAY)  # gone since 2021


# municipality: the organisations, as (id, certainty, phone)
ZIEZON = [
    ("Rotterdam", [("ziek-en-onderwijs-rotterdam", "hoog", "010-703 6955")]),
    ("Barendrecht", []),  # near Rotterdam, but the list of municipalities was not found
    ("Alkmaar", [("obd-noordwest", "hoog", None)]),
    ("Bergen (NH)", [("obd-noordwest", "hoog", None)]),
    ("Bergen (L)", []),
    ("Dijk en Waard", [("obd-noordwest", "hoog", None)]),
    ("Apeldoorn", [("ozl-ijsselgroep", "middel", "088-0931880")]),
    ("Epe", []),
    ("Assen", [("ozl-noord", "middel", "088 0200 300")]),
    ("Leeuwarden", [("ozl-noord", "middel", "088 0200 300")]),
    ("Groningen", [("ozl-noord", "laag", None)]),
    ("'s-Gravenhage", [("hco-haaglanden", "middel", None)]),
    ("Delft", []),  # Haaglanden is a region without a list
    ("Gouda", [("onderwijsadvies", "middel", None)]),
    ("Haarlemmermeer", [("onderwijsadvies", "middel", None)]),
    ("Katwijk", []),  # Duin- en Bollenstreek: a region without a list
    ("Eindhoven", []),  # Midden- en Oost-Brabant: a region without a list
    ("Maastricht", []),
    ("Utrecht", []),
    ("Lelystad", []),
    ("Terneuzen", []),
    ("Hengelo (O)", []),
    ("Amsterdam", [("huisonderwijs-amsterdam", "hoog", None)]),
]


@pytest.mark.parametrize(("gemeente", "expected"), ZIEZON, ids=[row[0] for row in ZIEZON])
def test_ziezon(session: Session, gemeente: str, expected: list) -> None:
    found = find_help(session, gemeente, "po", on=TODAY)
    assert [(one.id, one.certainty, one.phone) for one in found.ziezon] == expected
    if not expected:
        assert f"voor {gemeente} is, is niet bekend" in wording.ziezon_text(found).text


def test_huisonderwijs_amsterdam_is_not_a_ziezon_bureau(session: Session) -> None:
    found = find_help(session, "Amsterdam", "po", on=TODAY)
    assert [one.is_ziezon for one in found.ziezon] == [False]
    text = wording.ziezon_text(found).text
    assert "Welk bureau van Ziezon er voor Amsterdam is, is niet bekend." in text
    assert "Dit is geen bureau van Ziezon" in text and "les thuis" in text
    assert text.index("niet bekend") < text.index("Huisonderwijs")


def test_groningen_is_said_to_be_uncertain(session: Session) -> None:
    text = wording.ziezon_text(find_help(session, "Groningen", "po", on=TODAY)).text
    assert "is niet zeker" in text and "088 0200 300" not in text and "ozlnoord.nl" in text


@pytest.mark.parametrize(
    ("said", "service", "phone"),
    [
        ("WKZ", "umcu-wkz", None),
        ("hij ligt in het wilhelmina kinderziekenhuis", "umcu-wkz", None),
        ("LUMC", "lumc", "071-526 28 30"),
        ("UMCG", "umcg", "050 361 24 52"),
        ("MUMC+", "mumc", "043-387 79 68"),
        ("het Maastricht UMC", "mumc", "043-387 79 68"),
        ("Sophia", "erasmusmc-sophia", "010-703 6955"),
        ("ze ligt in het Sophia", "erasmusmc-sophia", "010-703 6955"),
        ("Erasmus MC", "erasmusmc-sophia", "010-703 6955"),
        ("AMC", "amsterdam-umc", None),
        ("VUmc", "amsterdam-umc", None),
        ("Amsterdam UMC", "amsterdam-umc", None),
        ("het emma kinderziekenhuis", "amsterdam-umc", None),
        ("Radboud", "radboudumc", None),
        ("Prinses Máxima", "prinses-maxima-centrum", None),
        ("het prinses maxima centrum in utrecht", "prinses-maxima-centrum", None),
        ("Juliana Kinderziekenhuis", "hco-haaglanden", None),
    ],
)
def test_hospital(session: Session, said: str, service: str, phone: str | None) -> None:
    found = find_hospital_service(session, said, on=TODAY)
    assert (found.id, found.phone) == (service, phone)


@pytest.mark.parametrize(
    "said",
    ["Sophia is al weken ziek", "Emma gaat niet naar school", "Sophia Revalidatie", "Máxima MC in Veldhoven",
     "Wilhelmina Ziekenhuis Assen", "Isala", "amca", "Isala Sophia in Zwolle", "Radboud College"],
)  # fmt: skip
def test_no_hospital_with_a_service(session: Session, said: str) -> None:
    assert find_hospital_service(session, said, on=TODAY) is None


@pytest.mark.parametrize(
    ("region", "bureaus"),
    [
        ("Haaglanden", ["hco-haaglanden"]),
        ("regio haaglanden", ["hco-haaglanden"]),
        ("Duin en Bollenstreek", ["onderwijsadvies"]),
        ("Midden-Nederland", ["ced-groep-midden-nederland"]),
        ("regio Noord", ["ozl-noord"]),
        ("Twente", []),
        ("Rotterdam", []),
    ],
)
def test_region_counts_only_by_its_name(session: Session, region: str, bureaus: list[str]) -> None:
    assert [one.id for one in find_ziezon_by_region(session, region, on=TODAY)] == bureaus


def test_doubt_about_weesp_is_for_weesp(session: Session) -> None:
    weesp = wording.swv_text(find_help(session, "Amsterdam", "po", plaats="Weesp", on=TODAY)).text
    amsterdam = wording.swv_text(find_help(session, "Amsterdam", "po", plaats="Amsterdam", on=TODAY)).text
    both = wording.swv_text(find_help(session, "Amsterdam", "po", on=TODAY)).text
    assert "Weesp kwam in 2022" in weesp and "Weesp kwam in 2022" in both
    assert "Weesp" not in amsterdam


def test_doubt_about_a_border_postcode_is_for_that_postcode(session: Session) -> None:
    assert find_help(session, "Bernheze", "po", on=TODAY).swv[0].area.doubt is None
    assert "Vinkel" not in (find_help(session, "Bernheze", "po", on=TODAY).swv[0].area.doubt or "")
    assert "5383" in find_help(session, "Bernheze", "po", pc4="5383", on=TODAY).swv[0].area.doubt
