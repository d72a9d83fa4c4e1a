"""Point 5: one national foundation comes into force by changing rows only (bill 36 530)."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import wording
from knowledge.database import make_engine, open_session
from knowledge.loading import import_tables
from knowledge.lookup import find_help, find_hospital_service, find_ziezon_by_region
from knowledge.models import Gemeente

LAST_DAY = dt.date(2027, 7, 31)
FIRST_DAY = dt.date(2027, 8, 1)


def _edit(path: Path, change, extra: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = list(rows[0])
    rows = [row | change(row) for row in rows] + [dict.fromkeys(names, "") | extra]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def with_foundation(register: Path, tmp_path: Path) -> Iterator[Session]:
    """The register with a (made-up) foundation: two rows more, an end date for the bureaus. Not a line of code."""
    origin = {"bron": "eigen-aanvulling", "opgehaald": "2026-11-22", "zekerheid": "hoog", "geldig_van": "2027-08-01"}
    _edit(
        register / "ziezon_bureaus.csv",
        lambda row: {"geldig_tot": "2027-07-31"} if row["soort"] in ("bureau", "umc") else {},
        {
            "id": "landelijke-stichting", "naam": "Landelijke stichting (voorbeeld)", "soort": "landelijk",
            "is_ziezon": "onbekend", "telefoon": "088 123 45 67", **origin,
        },
    )  # fmt: skip
    _edit(
        register / "ziezon_gebied.csv",
        lambda row: {},
        {"bureau_id": "landelijke-stichting", "gebied_soort": "land", "gebied": "Nederland", **origin},
    )
    engine = make_engine(f"sqlite:///{tmp_path / 'foundation.sqlite'}")
    import_tables(engine, register)
    with open_session(engine) as session:
        yield session
    engine.dispose()


def test_every_municipality_after_that_day(with_foundation: Session) -> None:
    for gemeente in with_foundation.scalars(select(Gemeente.naam)):
        found = find_help(with_foundation, gemeente, "po", on=FIRST_DAY)
        official = [one for one in found.ziezon if one.is_official]
        assert [(one.id, one.phone) for one in official] == [("landelijke-stichting", "088 123 45 67")], gemeente
        text = wording.ziezon_text(found).text
        assert "Landelijke stichting" in text and "niet bekend" not in text, gemeente


def test_the_day_before_nothing_has_changed(with_foundation: Session, session: Session) -> None:
    for gemeente in session.scalars(select(Gemeente.naam)):
        was = find_help(session, gemeente, "po", on=LAST_DAY).ziezon
        assert find_help(with_foundation, gemeente, "po", on=LAST_DAY).ziezon == was, gemeente


def test_hospitals_and_regions_follow(with_foundation: Session) -> None:
    for said in ("WKZ", "LUMC", "Sophia", "AMC"):
        assert find_hospital_service(with_foundation, said, on=LAST_DAY).id != "landelijke-stichting"
        assert find_hospital_service(with_foundation, said, on=FIRST_DAY).id == "landelijke-stichting"
    assert [one.id for one in find_ziezon_by_region(with_foundation, "Haaglanden", on=FIRST_DAY)] == [
        "landelijke-stichting"
    ]
    assert find_ziezon_by_region(with_foundation, "Verweggistan", on=FIRST_DAY) == ()


def test_who_is_no_bureau_stays(with_foundation: Session) -> None:
    found = find_help(with_foundation, "Amsterdam", "po", on=FIRST_DAY)
    assert [one.id for one in found.ziezon] == ["landelijke-stichting", "huisonderwijs-amsterdam"]


def test_steunpunt_with_an_end_date(register: Path, change, tmp_path: Path) -> None:
    change("steunpunten_po.csv", "PO2806,", "hoog,,,", "hoog,,2026-12-31,")
    engine = make_engine(f"sqlite:///{tmp_path / 'end.sqlite'}")
    import_tables(engine, register)
    with open_session(engine) as session:
        last = find_help(session, "Rotterdam", "po", pc4="3011", on=dt.date(2026, 12, 31)).swv[0]
        after = find_help(session, "Rotterdam", "po", pc4="3011", on=dt.date(2027, 1, 1)).swv[0]
    engine.dispose()
    assert last.steunpunt.phone == "010-303 14 00"
    assert (after.steunpunt.certainty, after.steunpunt.phone, after.code) == ("onbekend", None, "PO2806")
