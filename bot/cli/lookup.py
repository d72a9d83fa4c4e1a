"""`wegwijzer lookup`: what the register says for a municipality, place or postcode. Never imports Rasa."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click
from sqlalchemy.orm import Session

from knowledge import naming, wording
from knowledge.database import make_engine, open_session
from knowledge.errors import UnknownPlace
from knowledge.loading import ensure_imported
from knowledge.lookup import find_help, find_hospital_service, find_ziezon_by_region, national_route
from knowledge.results import Lookup, ZiezonOffice, as_dict


@click.command()
@click.argument("place", nargs=-1, required=True)
@click.option(
    "--onderwijssoort", type=click.Choice(["po", "vo"]), help="Primary or secondary school; both if left out."
)
@click.option("--reformatorisch", is_flag=True, help="The school is reformatorisch.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day it is about; today if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def lookup(
    place: tuple[str, ...], onderwijssoort: str | None, reformatorisch: bool, on: dt.datetime | None, as_json: bool
) -> None:
    """Show what the register says for PLACE: a municipality, a place or a postcode (of the school).

    A region or a hospital is recognised as well when PLACE is not a place.
    """
    from knowledge.places import PlaceRecognizer

    text = " ".join(place)
    day = on.date() if on else dt.date.today()
    engine = make_engine()
    try:
        if (report := ensure_imported(engine)) is not None:
            click.echo(f"Register brought up to date: {report.changes} rows changed.", err=True)
        matches = PlaceRecognizer.load().resolve(text)
        candidates = list(dict.fromkeys(name for match in matches for name in match.gemeenten))
        with open_session(engine) as session:
            if len(candidates) == 1:
                match = matches[0]
                plaats = match.place if match.place and not naming.same(match.place, candidates[0]) else None
                found = find_help(
                    session, candidates[0], onderwijssoort, plaats=plaats, pc4=match.pc4,
                    reformatorisch=reformatorisch, on=day,
                )  # fmt: skip
                _show_municipality(text, found, all(one.certain for one in matches), as_json)
            elif candidates:
                _show_choice(session, text, candidates, day, as_json)
            else:
                _show_other(session, text, day, as_json)
    finally:
        engine.dispose()


def _show_municipality(text: str, found: Lookup, certain: bool, as_json: bool) -> None:
    if not certain:
        click.echo(f"'{text}' is niet precies gevonden; dit is {found.gemeente}.", err=True)
    if as_json:
        _print_json(
            place=text,
            candidates=[found.gemeente],
            gemeente=found.gemeente,
            provincie=found.provincie,
            certain=certain,
            swv=[as_dict(one) for one in found.swv],
            ziezon=[as_dict(one) for one in found.ziezon],
            national=[as_dict(one) for one in found.national],
        )
        return
    click.echo(f"Gemeente {found.gemeente} ({found.provincie})\n")
    for worded in (wording.swv_text(found), wording.steunpunt_text(found), wording.ziezon_text(found)):
        click.echo(f"{worded.text}\n")


def _show_choice(session: Session, text: str, candidates: list[str], day: dt.date, as_json: bool) -> None:
    if as_json:
        _print_json(place=text, candidates=candidates, national=_national(session, day))
        return
    click.echo(f"'{text}' ligt in meer dan één gemeente: {', '.join(candidates)}. Welke bedoelt u?")


def _show_other(session: Session, text: str, day: dt.date, as_json: bool) -> None:
    """A region that a source names, or a hospital; else the place is unknown."""
    offices: tuple[ZiezonOffice, ...] = find_ziezon_by_region(session, text, on=day)
    if not offices and (service := find_hospital_service(session, text, on=day)):
        offices = (service,)
    if as_json:
        _print_json(place=text, ziezon=[as_dict(one) for one in offices], national=_national(session, day))
    elif offices:
        click.echo("\n\n".join(wording.ziezon_block(one) for one in offices))
    if not offices:
        raise UnknownPlace(f"'{text}' is geen gemeente, plaats of postcode in het register")


def _national(session: Session, day: dt.date) -> list[dict[str, Any]]:
    return [as_dict(one) for one in national_route(session, on=day)]


def _print_json(**values: Any) -> None:
    empty = {"place": "", "candidates": [], "gemeente": None, "swv": [], "ziezon": [], "national": []}
    click.echo(json.dumps(empty | values, ensure_ascii=False, indent=2))
