"""What a human should check next: rows with a doubt, rows that are old, rows whose time has passed, old answers.

The order is the order of harm: first the numbers and addresses that parents get although they are not certain (1),
then those that are certain but carry a doubt (2), what has expired (3), what was read too long ago (4), other doubts
(5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.models import (
    TABLES,
    Herindeling,
    LandelijkeOrganisatie,
    Postcode,
    Provenance,
    RegisterTable,
    SteunpuntPo,
    SteunpuntVo,
    Woonplaats,
    WoonplaatsAlias,
    WoonplaatsPunt,
    ZiezonBureau,
)

DEFAULT_DAYS = 365

# Doubts in these tables are about places, not about somebody whom a parent would call: they are not listed one by one.
_PLACES = (Herindeling, Postcode, Woonplaats, WoonplaatsAlias, WoonplaatsPunt)
_CONTACTS = {
    SteunpuntPo: ("steunpunt_telefoon", "steunpunt_email"),
    SteunpuntVo: ("steunpunt_telefoon", "steunpunt_email"),
    ZiezonBureau: ("telefoon", "email"),
    LandelijkeOrganisatie: ("telefoon", "email"),
}


@dataclass(frozen=True, order=True)
class DueItem:
    """One row or answer to look at; items sort by urgency."""

    urgency: int
    file: str
    key: str
    reason: str


def due_rows(session: Session, *, on: dt.date, days: int = DEFAULT_DAYS) -> list[DueItem]:
    """All rows of the register that want a human eye on the day `on`, most urgent first."""
    oldest = on - dt.timedelta(days=days)
    found: list[DueItem] = []
    for model in TABLES:
        for row in session.scalars(select(model)):
            found.extend(_reasons(model, row, on, oldest))
    return sorted(found)


def due_answers(*, on: dt.date, days: int = DEFAULT_DAYS) -> list[DueItem]:
    """Answers that were reviewed longer ago than `days`."""
    from knowledge import answers

    oldest = (on - dt.timedelta(days=days)).isoformat()
    return sorted(
        DueItem(4, f"antwoorden/{answer.theme}.yml", answer.key, f"nagekeken op {answer.reviewed}")
        for answer in answers.load()
        if answer.reviewed < oldest
    )


def _reasons(model: type[RegisterTable], row: RegisterTable, on: dt.date, oldest: dt.date) -> Iterator[DueItem]:
    key = " / ".join(str(getattr(row, name)) for name in model.KEY)
    if row.opgehaald < oldest:
        yield DueItem(4, model.FILE, key, f"opgehaald op {row.opgehaald.isoformat()}")
    if not issubclass(model, Provenance):
        return
    if row.geldig_tot and row.geldig_tot < on:
        yield DueItem(3, model.FILE, key, f"geldig tot en met {row.geldig_tot.isoformat()}")
    elif row.twijfel and model not in _PLACES:
        yield DueItem(_urgency(model, row), model.FILE, key, f"twijfel ({row.zekerheid}): {row.twijfel}")


def _urgency(model: type[RegisterTable], row: RegisterTable) -> int:
    """How much harm a doubt can do: most where parents get a number or an address from the row."""
    if row.zekerheid == "laag" or not any(getattr(row, name) for name in _CONTACTS.get(model, ())):
        return 5
    return 1 if row.zekerheid == "middel" else 2
