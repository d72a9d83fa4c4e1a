"""What a parent reads: exact texts of a few, and the rules of certainty in words."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from knowledge import wording
from knowledge.lookup import find_help, find_hospital_service, national_route
from knowledge.results import Origin
from knowledge.schooltypes import SCHOOL_TYPES

TODAY = dt.date(2026, 11, 23)


def _steunpunt(session: Session, gemeente: str, sector: str, **narrow: str) -> wording.LookupText:
    return wording.steunpunt_text(find_help(session, gemeente, sector, on=TODAY, **narrow))


def test_certain_number(session: Session) -> None:
    assert _steunpunt(session, "Dordrecht", "po").paragraphs[:2] == (
        "Dit is het ouder- en jeugdsteunpunt voor een basisschool in Dordrecht. "
        "De plaats van de school telt, niet uw woonplaats.",
        "Ouder- en Jeugdsteunpunt van Samenwerkingsverband Passend Onderwijs Dordrecht\n"
        "Telefoon: 078 890 5017\n"
        "Mail: steunpunt@swvdordrecht.nl\n"
        "Site: https://swvdordrecht.nl/ouder-en-jeugdsteunpunt-organisatie/\n"
        "Zeg: mijn kind is ziek en ik zoek hulp op school.\n"
        "Dit nummer staat op de eigen site.\n"
        "Bron: swvdordrecht.nl, datum onbekend.",
    )


def test_general_number(session: Session) -> None:
    text = _steunpunt(session, "Vijfheerenlanden", "po", plaats="Vianen").text
    assert "Telefoon: 030 275 12 88" in text
    assert "het algemene nummer van het samenwerkingsverband. Vraag naar het ouder- en jeugdsteunpunt." in text
    assert "van vóór 2019" in text


def test_general_address(session: Session) -> None:
    text = _steunpunt(session, "Leiden", "vo").text
    assert "Mail: info@swvleiden.nl" in text and "het algemene mailadres van het samenwerkingsverband" in text


def test_number_of_the_steunpunt_seen_elsewhere(session: Session) -> None:
    """Amsterdam-Diemen is "middel" but not a general number: it is worded as what it is."""
    text = _steunpunt(session, "Diemen", "po").text
    assert "Telefoon: 020-3306320" in text and "alleen op de site van een school gezien" in text
    assert "algemene nummer" not in text


def test_hidden_number_gives_the_site(session: Session) -> None:
    text = _steunpunt(session, "Winterswijk", "po").text
    assert "0543" not in text and "rap@" not in text
    assert "Site: https://www.swvoostachterhoek.nl/" in text and "088 605 01 01" in text


def test_nothing_known(session: Session) -> None:
    assert _steunpunt(session, "Zwolle", "vo").paragraphs[1:] == (
        "Ouder- en jeugdsteunpunt van het samenwerkingsverband voor het voortgezet onderwijs in Zwolle, Kampen, "
        "Dronten en omgeving\nEen nummer en een site zijn niet bekend.",
        "Komt u er niet uit? De schoolgids noemt het samenwerkingsverband van de school. U kunt ook zoeken op "
        "ouderenjeugdsteunpuntopdekaart.nl. Of bel Ouders & Onderwijs: 088 605 01 01.",
        "Welk samenwerkingsverband bij de school hoort, is volgens de regeling van 2015.",
    )


def test_both_kinds_of_school_are_told_apart(session: Session) -> None:
    text = wording.steunpunt_text(find_help(session, "Dordrecht", on=TODAY)).text
    assert "een basisschool en een middelbare school in Dordrecht" in text
    assert "Dordrecht (basisschool)" in text and "Dordrecht (middelbare school)" in text


def test_sources_are_those_of_the_contract(session: Session) -> None:
    sources = _steunpunt(session, "Lelystad", "vo").sources
    assert sources[0] == {
        "document": "https://www.swvvo-lelystad.nl/ouder-en-jeugdsteunpunt/",
        "place": "ouder- en jeugdsteunpunt",
        "date": "",
        "title": "swvvo-lelystad.nl",
    }
    assert {"regio-indeling-swv-2015"} <= {one["document"] for one in sources}
    assert next(one["date"] for one in sources if one["document"] == "regio-indeling-swv-2015") == "2015-04-23"


def test_ziezon_bureau(session: Session) -> None:
    text = wording.ziezon_text(find_help(session, "Rotterdam", "po", on=TODAY))
    assert "Telefoon: 010-703 6955" in text.text and "Zeg: mijn kind is ziek en mist lessen." in text.text
    assert "Bron: Passende onderwijsondersteuning voor iedere zieke leerling, januari 2022." in text.text
    assert text.sources[0]["document"] == "ziek-en-onderwijs-rotterdam-2022" and text.sources[0]["date"] == "2022-01"


def test_hospital(session: Session) -> None:
    national = national_route(session, on=TODAY)
    lumc = wording.hospital_text(find_hospital_service(session, "LUMC", on=TODAY), national).text
    assert "Telefoon: 071-526 28 30" in lumc and "vóór 2022" in lumc
    radboud = wording.hospital_text(find_hospital_service(session, "Radboud", on=TODAY), national).text
    assert "Telefoon" not in radboud and "afdeling" in radboud
    nothing = wording.hospital_text(None, national).text
    assert "geen eigen dienst" in nothing and "088 605 01 01" in nothing


@pytest.mark.parametrize(
    ("key", "sector"), [("po", "po"), ("sbo", "po"), ("so", "po"), ("vo", "vo"), ("vso", "vo"), ("mbo", None),
                        ("cluster1", None), ("cluster2", None)],
)  # fmt: skip
def test_kinds_of_school(session: Session, key: str, sector: str | None) -> None:
    school = SCHOOL_TYPES[key]
    assert school.sector == sector
    assert ("meestal" in school.note) == (key in ("sbo", "so", "vso"))
    if sector is None:
        text = wording.no_swv_text(school, national_route(session, on=TODAY)).text
        assert "niet bij een samenwerkingsverband" in text and "088 605 01 01" in text


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (Origin(date="2015-04-23"), "23 april 2015"),
        (Origin(date="2023-12"), "december 2023"),
        (Origin(date="2022"), "2022"),
        (Origin(), "datum onbekend"),
        (Origin(date_note="cijfers over 2017"), "datum onbekend (cijfers over 2017)"),
    ],
)
def test_dates(origin: Origin, text: str) -> None:
    assert wording.date_text(origin) == text
