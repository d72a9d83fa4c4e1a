"""From the tables to the database and back.

An import is all or nothing: everything is validated first, then one transaction brings the database to what the files
say. Rows that did not change are not touched, so a second import does nothing. `ensure_imported` compares one hash and
returns at once when the database is up to date. An export writes the files again, byte for byte as they were.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from knowledge import areas
from knowledge.database import translated_errors
from knowledge.models import TABLES, RegisterTable, Stand, SwvDeel, SwvGebied, metadata
from knowledge.tables import REGISTER, Table, content_hash, read_tables

_CONTENT, _SCHEMA = "inhoud", "schema"
_ATTEMPTS = 3


@dataclass(frozen=True)
class Change:
    """What an import did to one table."""

    file: str
    rows: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did, table by table."""

    tables: tuple[Change, ...]

    @property
    def changes(self) -> int:
        """Rows added, changed and removed, all tables together."""
        return sum(table.added + table.changed + table.removed for table in self.tables)


def ensure_imported(engine: Engine, folder: Path = REGISTER) -> ImportReport | None:
    """Import when the database does not hold exactly what the files say; None when it already does.

    Raises:
        InvalidTables: a table is wrong; the database stays as it was.
        DatabaseError: the database cannot be reached.
    """
    with translated_errors(engine), engine.connect() as connection:
        if _state(connection) == {_CONTENT: content_hash(folder), _SCHEMA: _schema_hash()}:
            return None
    return import_tables(engine, folder)


def import_tables(engine: Engine, folder: Path = REGISTER) -> ImportReport:
    """Validate all tables in `folder`, then bring the database to what they say, in one transaction.

    Raises:
        InvalidTables: a table is wrong; the database stays as it was.
        DatabaseError: the database cannot be reached or refuses.
    """
    hash_before = content_hash(folder)
    tables = read_tables(folder)
    with translated_errors(engine):
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with engine.begin() as connection:
                    return _import(connection, tables, hash_before)
            except (IntegrityError, OperationalError, ProgrammingError):
                # Another process may be importing the same files at this moment; then the next look finds them there.
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(0.2 * attempt)
    raise AssertionError("unreachable")


def export_tables(session: Session, folder: Path) -> list[Path]:
    """Write every table as CSV into `folder` (made when missing): sorted by key, UTF-8, comma, header, LF."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for model in TABLES:
        path = folder / model.FILE
        path.write_bytes(_as_csv(session, model).encode("utf-8"))
        written.append(path)
    return written


def _import(connection: Connection, tables: dict[str, Table], content: str) -> ImportReport:
    state = _state(connection)
    if state.get(_SCHEMA) != _schema_hash():
        # The register holds nothing that is not in the files, so an older shape of it can simply go.
        metadata.drop_all(connection)
        metadata.create_all(connection)
    changes = tuple(_bring(connection, table) for table in tables.values())
    _bring_parts(connection)
    _remember(connection, {_CONTENT: content, _SCHEMA: _schema_hash()})
    return ImportReport(changes)


def _bring(connection: Connection, table: Table) -> Change:
    """Make one table of the database equal to one file."""
    target = table.model.__table__
    names = table.model.names()
    key_names = [name for name in (*table.model.KEY, "geldig_van") if name in names]

    def key(values: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(values[name] for name in key_names)

    wanted = {key(row.values): row.values for row in table.rows if row.values is not None}
    present = {
        key(dict(row)): (row["rij"], {name: row[name] for name in names})
        for row in connection.execute(select(target)).mappings()
    }
    added = [values for k, values in wanted.items() if k not in present]
    changed = [(present[k][0], values) for k, values in wanted.items() if k in present and present[k][1] != values]
    removed = [number for k, (number, _) in present.items() if k not in wanted]
    for number in removed:
        connection.execute(delete(target).where(target.c.rij == number))
    for number, values in changed:
        connection.execute(update(target).where(target.c.rij == number).values(**values))
    if added:
        connection.execute(insert(target), added)
    return Change(table.path.name, len(table.rows), len(added), len(changed), len(removed))


def _bring_parts(connection: Connection) -> None:
    wanted = {
        (number, item.place, item.first, item.last)
        for number, part in connection.execute(select(SwvGebied.rij, SwvGebied.deel).where(SwvGebied.deel.is_not(None)))
        for item in areas.parse_part(part).ranges
    }
    names = ("gebied_rij", "plaats", "pc4_van", "pc4_tot")
    columns = [SwvDeel.__table__.c[name] for name in names]
    if {tuple(row) for row in connection.execute(select(*columns))} != wanted:
        connection.execute(delete(SwvDeel.__table__))
        connection.execute(insert(SwvDeel.__table__), [dict(zip(names, item, strict=True)) for item in sorted(wanted)])


def _state(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table(Stand.__tablename__):
        return {}
    return {key: value for key, value in connection.execute(select(Stand.sleutel, Stand.waarde))}


def _remember(connection: Connection, state: dict[str, str]) -> None:
    if _state(connection) == state:
        return
    connection.execute(delete(Stand.__table__))
    rows = [{"sleutel": key, "waarde": value, "datum": dt.date.today()} for key, value in state.items()]
    connection.execute(insert(Stand.__table__), rows)


def _schema_hash() -> str:
    tables = "\n".join(str(CreateTable(table)) for table in metadata.sorted_tables)
    return hashlib.sha256(tables.encode()).hexdigest()


def _as_csv(session: Session, model: type[RegisterTable]) -> str:
    names = model.names()
    rows = [
        [model.field(name).dump(row[name]) for name in names]
        for row in session.execute(select(model.__table__)).mappings()
    ]
    order = [names.index(name) for name in (*model.KEY, "geldig_van") if name in names]
    rows.sort(key=lambda row: [row[number] for number in order])
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return stream.getvalue()
