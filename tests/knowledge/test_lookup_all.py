"""All 342 municipalities, for primary and secondary schools: 684 lookups, checked against the CSV files themselves.

The expectation is computed here from the rows, with the rules of the design written out once more, and not with the
code under test.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import defaultdict

import pytest
from sqlalchemy.orm import Session

from knowledge import wording
from knowledge.lookup import find_help
from knowledge.results import as_dict
from knowledge.tables import REGISTER

TODAY = dt.date(2026, 11, 23)


def _rows(file: str) -> list[dict[str, str]]:
    with (REGISTER / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


AREAS: dict[tuple[str, str], set[str]] = defaultdict(set)
for _row in _rows("swv_gebied.csv"):
    AREAS[_row["gemeente"], _row["sector"].lower()].add(_row["swv_code"])
CONTACTS = {row["swv_code"]: row for sector in ("po", "vo") for row in _rows(f"steunpunten_{sector}.csv")}
PROVINCES = {row["naam"]: row["provincie"] for row in _rows("gemeenten.csv")}
NEVER_SHOWN = {
    re.sub(r"\D", "", row["steunpunt_telefoon"])
    for row in CONTACTS.values()
    if row["zekerheid"] == "laag" and row["steunpunt_telefoon"]
} | {row["steunpunt_email"] for row in CONTACTS.values() if row["zekerheid"] == "laag" and row["steunpunt_email"]}
LOOKUPS = [(name, sector) for name in PROVINCES for sector in ("po", "vo")]
WORDS_PER_ORGANISATION = 65


def test_there_are_684() -> None:
    assert len(LOOKUPS) == 684 and len(NEVER_SHOWN) == 6


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_every_municipality(session: Session, sector: str) -> None:
    for gemeente in PROVINCES:
        found = find_help(session, gemeente, sector, on=TODAY)
        where = f"{gemeente} {sector}"
        wanted = AREAS[gemeente, sector]
        assert {one.code or "VO28HW" for one in found.swv} == wanted and len(found.swv) == len(wanted), where
        assert found.needs_place == (len(wanted) > 1), where
        for swv in found.swv:
            row = CONTACTS.get(swv.code or "VO28HW")
            contact = swv.steunpunt
            assert swv.name and swv.area.text, where
            if row is None:
                assert (contact.certainty, contact.phone, contact.email, contact.url) == ("onbekend", None, None, None)
                continue
            shown = row["zekerheid"] in ("hoog", "middel")
            assert contact.certainty == row["zekerheid"], where
            assert (contact.phone or "") == (row["steunpunt_telefoon"] if shown else ""), where
            assert (contact.email or "") == (row["steunpunt_email"] if shown else ""), where
            assert (contact.url or "") == row["steunpunt_url"], where
        assert [one.id for one in found.national] == [
            "ziezon", "ouder-en-jeugdsteunpunt-op-de-kaart", "ouders-en-onderwijs",
        ]  # fmt: skip
        assert found.organisation("ouders-en-onderwijs").phone == "088 605 01 01"


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_nothing_forbidden_is_ever_said(session: Session, sector: str) -> None:
    """No number or address of certainty "laag", no code of our own, in the text, the sources or the JSON."""
    for gemeente in PROVINCES:
        found = find_help(session, gemeente, sector, on=TODAY)
        texts = [wording.steunpunt_text(found), wording.swv_text(found), wording.ziezon_text(found)]
        said = " ".join([text.text + json.dumps(text.sources) for text in texts])
        data = json.dumps([as_dict(one) for one in (*found.swv, *found.ziezon, *found.national)])
        for text in (said, data):
            squeezed = re.sub(r"[ ()–-]", "", text)
            assert not [one for one in NEVER_SHOWN if one in squeezed], (gemeente, sector)
            assert "VO28HW" not in text, (gemeente, sector)


@pytest.mark.parametrize("sector", ["po", "vo"])
def test_texts_fit_a_phone_and_a_parent(session: Session, sector: str) -> None:
    for gemeente in PROVINCES:
        found = find_help(session, gemeente, sector, on=TODAY)
        for worded in (wording.steunpunt_text(found), wording.swv_text(found), wording.ziezon_text(found)):
            assert worded.paragraphs and worded.sources, gemeente
            for paragraph in worded.paragraphs:
                assert len(paragraph.split()) <= WORDS_PER_ORGANISATION, paragraph
                plain = " ".join(
                    word for word in paragraph.split() if "." not in word.strip(".,()") and "@" not in word
                )
                assert not re.search(r"\b(swv|SWV|[PV]O ?\d\d.?\d\d|PO)\b|!", plain), paragraph
                assert not re.search(r"\b(je|jij|jouw|wij|ons|onze)\b", plain), paragraph
                assert "None" not in paragraph and "  " not in paragraph, paragraph
            for source in worded.sources:
                assert set(source) >= {"document", "place", "date"} and source["document"]


def test_unconfirmed_areas_say_so(session: Session) -> None:
    confirmed = {(row["gemeente"], row["swv_code"]) for row in _rows("swv_gebied.csv") if row["bron_2"]}
    for gemeente, sector in LOOKUPS:
        found = find_help(session, gemeente, sector, on=TODAY)
        unconfirmed = any((gemeente, one.code) not in confirmed and one.code for one in found.swv)
        for text in (wording.steunpunt_text(found).text, wording.swv_text(found).text):
            assert ("volgens de regeling van 2015" in text) == unconfirmed, (gemeente, sector)


def test_way_on_wherever_nobody_can_be_called(session: Session) -> None:
    for gemeente, sector in LOOKUPS:
        found = find_help(session, gemeente, sector, on=TODAY)
        text = wording.steunpunt_text(found).text
        if not any(one.steunpunt.phone or one.steunpunt.email for one in found.swv):
            assert "088 605 01 01" in text and "ouderenjeugdsteunpuntopdekaart.nl" in text and "schoolgids" in text
        text = wording.ziezon_text(found).text
        if not any((one.phone or one.email) and one.is_ziezon for one in found.ziezon):
            assert "088 605 01 01" in text and "ziezon.nl" in text, gemeente


def test_ziezon_of_every_municipality(session: Session) -> None:
    """By the rows: the municipality itself, or its province; never a region, and most are unknown."""
    direct, provincial = defaultdict(set), defaultdict(set)
    for row in _rows("ziezon_gebied.csv"):
        {"gemeente": direct, "provincie": provincial}.get(row["gebied_soort"], defaultdict(set))[row["gebied"]].add(
            row["bureau_id"]
        )
    unknown = 0
    for gemeente, province in PROVINCES.items():
        found = find_help(session, gemeente, "po", on=TODAY).ziezon
        assert {one.id for one in found} == direct[gemeente] | provincial[province], gemeente
        unknown += not any(one.is_ziezon for one in found)
    assert unknown == 277
