"""Reading the register tables: every file is read and checked, whole, before anything is done with any of them.

`read_tables` either returns all tables or raises `InvalidTables` with every fault it found, each with file, line,
column and reason. What is checked, in this order: encoding and header, every cell by its field, every row by its own
rules, keys and validity within a table, references between tables, and last that the areas cover the country once.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import areas
from knowledge.errors import InvalidTables, TableError
from knowledge.fields import CellError, Reference, Source, is_web_source
from knowledge.models import SECTORS, TABLES, Provenance, RegisterTable, RowError, ZiezonGebied

REGISTER = Path(__file__).resolve().parent / "register"


@dataclass(frozen=True)
class Row:
    """One row: the line it starts at, its cells as text, and as values (None where a cell was wrong)."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any] | None


@dataclass(frozen=True)
class Table:
    """One file: the model that describes it, where it stands, and its rows in file order."""

    model: type[RegisterTable]
    path: Path
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Name of the file without its ending, as references call it."""
        return self.path.stem

    def column(self, name: str) -> set[str]:
        """All texts in a column."""
        return {row.cells[name] for row in self.rows}


def read_tables(folder: Path = REGISTER) -> dict[str, Table]:
    """Read and check all tables in `folder`, by name.

    Raises:
        InvalidTables: at least one fault; nothing can be used.
    """
    problems: list[TableError] = []
    tables = {}
    for model in TABLES:
        table = _read(model, folder / model.FILE, problems)
        tables[table.name] = table
    for table in tables.values():
        _check_keys(table, problems)
        _check_references(table, tables, problems)
    if not problems:
        problems.extend(_check_areas(tables))
    if problems:
        order = {model.FILE: number for number, model in enumerate(TABLES)}
        raise InvalidTables(sorted(problems, key=lambda problem: (order[problem.path.name], problem.line or 0)))
    return tables


def content_hash(folder: Path = REGISTER) -> str:
    """A hash over the bytes of all tables; a missing file counts as empty."""
    digest = hashlib.sha256()
    for model in TABLES:
        path = folder / model.FILE
        data = path.read_bytes() if path.exists() else b""
        digest.update(f"{model.FILE} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------- one file at a time
def _read(model: type[RegisterTable], path: Path, problems: list[TableError]) -> Table:
    rows: list[Row] = []
    try:
        text = path.read_bytes().decode("utf-8")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        _check_header(model, path, next(reader, []))
        line = reader.line_num
        for cells in reader:
            rows.append(_row(model, path, line + 1, cells, problems))
            line = reader.line_num
    except FileNotFoundError:
        problems.append(TableError("bestand ontbreekt", path=path))
    except UnicodeDecodeError as error:
        problems.append(_broken_encoding(model, path, error))
    except csv.Error as error:
        problems.append(TableError(f"geen geldige CSV: {error}", path=path, line=reader.line_num))
    except TableError as error:
        problems.append(error)
    return Table(model, path, tuple(rows))


def _check_header(model: type[RegisterTable], path: Path, header: list[str]) -> None:
    expected = model.names()
    for number, name in enumerate(expected):
        found = header[number] if number < len(header) else ""
        if found != name:
            raise TableError(f"kopregel: verwacht '{name}', gevonden '{found}'", path=path, line=1, column=name)
    if len(header) > len(expected):
        extra = header[len(expected)]
        raise TableError(f"kopregel: onbekende kolom '{extra}'", path=path, line=1, column=extra)


def _broken_encoding(model: type[RegisterTable], path: Path, error: UnicodeDecodeError) -> TableError:
    data: bytes = error.object
    start = data.rfind(b"\n", 0, error.start) + 1
    end = data.find(b"\n", error.start)
    before = next(csv.reader([data[start : error.start].decode("utf-8", "replace")]), [""])
    names = model.names()
    column = names[min(len(before), len(names)) - 1]
    piece = data[start : end if end >= 0 else len(data)][error.start - start :][:1].hex()
    line = data.count(b"\n", 0, error.start) + 1
    return TableError(f"geen geldige UTF-8 (byte 0x{piece})", path=path, line=line, column=column)


def _row(
    model: type[RegisterTable], path: Path, line: int, cells: list[str], problems: list[TableError]
) -> Row:  # fmt: skip
    names = model.names()
    texts = dict(zip(names, [*cells, *[""] * len(names)], strict=False))
    if len(cells) != len(names):
        column = names[min(len(cells), len(names)) - 1]
        reason = f"rij heeft {len(cells)} cellen, verwacht {len(names)}"
        problems.append(TableError(reason, path=path, line=line, column=column))
        return Row(line, texts, None)
    values, sound = {}, True
    for name in names:
        try:
            values[name] = model.field(name).parse(texts[name])
        except CellError as error:
            problems.append(TableError(str(error), path=path, line=line, column=name))
            sound = False
    if sound:
        try:
            model.check_row(values)
            if issubclass(model, Provenance):
                Provenance.check_validity(values)
        except RowError as error:
            problems.append(TableError(str(error), path=path, line=line, column=error.column))
            sound = False
    return Row(line, texts, values if sound else None)


def _check_keys(table: Table, problems: list[TableError]) -> None:
    """No key twice in the same period, so that on any day every key means one row."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.values is not None:
            groups[tuple(row.cells[name] for name in table.model.KEY)].append(row)
    for key, rows in groups.items():
        for number, row in enumerate(rows):
            for earlier in rows[:number]:
                if row.cells.get("geldig_van") == earlier.cells.get("geldig_van"):
                    reason = f"dubbele sleutel '{' / '.join(key)}' (ook op regel {earlier.line})"
                    problems.append(TableError(reason, path=table.path, line=row.line, column=table.model.KEY[0]))
                elif _overlap(row, earlier):
                    reason = f"geldigheid van '{' / '.join(key)}' overlapt met regel {earlier.line}"
                    problems.append(TableError(reason, path=table.path, line=row.line, column="geldig_van"))


def _overlap(one: Row, other: Row) -> bool:
    def period(row: Row) -> tuple[dt.date, dt.date]:
        values = row.values or {}
        return values.get("geldig_van") or dt.date.min, values.get("geldig_tot") or dt.date.max

    (start, end), (other_start, other_end) = period(one), period(other)
    return start <= other_end and other_start <= end


# ------------------------------------------------------------------------------------------------- between the files
def _check_references(table: Table, tables: dict[str, Table], problems: list[TableError]) -> None:
    fields = {name: table.model.field(name) for name in table.model.names()}
    references = {name: field for name, field in fields.items() if isinstance(field, (Reference, Source))}
    known: dict[tuple[str, str], set[str]] = {}
    for row in table.rows:
        targets = dict(references)
        if table.model is ZiezonGebied and row.values and (area := ZiezonGebied.area_reference(row.values)):
            targets["gebied"] = area
        for name, field in targets.items():
            cell = row.cells[name]
            if not cell or (isinstance(field, Source) and is_web_source(cell)):
                continue
            target = (field.table, field.column)
            if target not in known:
                known[target] = tables[field.table].column(field.column)
            if cell not in known[target]:
                reason = f"{field.what} '{cell}' is onbekend (staat niet in {field.table}.csv)"
                problems.append(TableError(reason, path=table.path, line=row.line, column=name))


def _check_areas(tables: dict[str, Table]) -> Iterator[TableError]:
    """Every municipality has a swv per sector, and no school would fall under two at the same time."""
    areas_of: dict[tuple[str, str], list[Row]] = defaultdict(list)
    table = tables["swv_gebied"]
    for row in table.rows:
        areas_of[row.cells["gemeente"], row.cells["sector"]].append(row)
    for rows in areas_of.values():
        for number, row in enumerate(rows):
            for earlier in rows[:number]:
                if _overlap(row, earlier) and (reason := _conflict(row, earlier)):
                    yield TableError(reason, path=table.path, line=row.line, column="deel")
    municipalities = tables["gemeenten"]
    for row in municipalities.rows:
        for sector in SECTORS:
            if (row.cells["naam"], sector) not in areas_of:
                reason = f"'{row.cells['naam']}' heeft geen samenwerkingsverband voor {sector}"
                yield TableError(reason, path=municipalities.path, line=row.line, column="naam")


def _conflict(row: Row, other: Row) -> str | None:
    if not row.cells["deel"] or not other.cells["deel"]:
        return f"hele gemeente staat al bij een ander samenwerkingsverband (regel {other.line})"
    theirs = areas.parse_part(other.cells["deel"]).ranges
    for mine in areas.parse_part(row.cells["deel"]).ranges:
        for range_ in theirs:
            if mine.first <= range_.last and range_.first <= mine.last:
                return f"postcode {max(mine.first, range_.first)} staat ook op regel {other.line}"
    return None
