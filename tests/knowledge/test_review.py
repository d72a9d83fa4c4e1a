"""What is due for a human eye, most harmful first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.database import make_engine, open_session
from knowledge.loading import import_tables
from knowledge.review import due_answers, due_rows

TODAY = dt.date(2026, 11, 23)


def test_doubtful_contacts_come_first(session: Session) -> None:
    items = due_rows(session, on=TODAY)
    urgent = {item.key for item in items if item.urgency <= 2}
    assert {"PO2305", "PO2605", "VO2813", "lumc", "mumc", "umcg", "ozl-noord", "ozl-ijsselgroep"} <= urgent
    assert "PO2502" not in urgent  # its number is never shown
    assert [item.urgency for item in items] == sorted(item.urgency for item in items)


def test_every_doubt_about_an_organisation_is_listed(session: Session) -> None:
    keys = {(item.file, item.key) for item in due_rows(session, on=TODAY)}
    assert ("swv_gebied.csv", "PO2709 / Amsterdam") in keys and ("swv_namen.csv", "VO28HW") in keys
    assert not any(file == "postcodes.csv" for file, _ in keys)


def test_old_rows(session: Session) -> None:
    assert not [item for item in due_rows(session, on=TODAY) if item.urgency == 4]
    later = due_rows(session, on=dt.date(2027, 11, 23))
    assert len([item for item in later if item.urgency == 4]) == 8608  # every row of every table
    assert not [item for item in due_rows(session, on=dt.date(2027, 11, 22)) if item.urgency == 4]


def test_expired_row(register: Path, change, tmp_path: Path) -> None:
    change("ziezon_bureaus.csv", "lumc,", "middel,,,", "middel,,2026-11-22,")
    engine = make_engine(f"sqlite:///{tmp_path / 'expired.sqlite'}")
    import_tables(engine, register)
    with open_session(engine) as session:
        items = due_rows(session, on=TODAY)
    engine.dispose()
    assert [(item.key, item.reason) for item in items if item.urgency == 3] == [
        ("lumc", "geldig tot en met 2026-11-22")
    ]


def test_answers_reviewed_long_ago() -> None:
    assert due_answers(on=dt.date(2026, 11, 30)) == []
    assert len(due_answers(on=dt.date(2028, 1, 1))) >= 60
