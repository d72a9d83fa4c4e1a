"""`wegwijzer knowledge`: validate, load and write the register and the answers, and list what is due for review."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from knowledge.database import make_engine, open_session
from knowledge.errors import InvalidTables
from knowledge.loading import ensure_imported, export_tables, import_tables
from knowledge.review import DEFAULT_DAYS, due_answers, due_rows
from knowledge.tables import REGISTER, read_tables

_FOLDER = click.option(
    "--register",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=REGISTER,
    show_default=False,
    help="Folder with the tables; the project's own if left out.",
)


@click.group()
def knowledge() -> None:
    """The tables and answers that the assistant speaks from."""


@knowledge.command()
@_FOLDER
def check(folder: Path) -> None:
    """Validate all tables and answers; name file, line and column of every fault."""
    from knowledge import answers

    try:
        tables = read_tables(folder)
    except InvalidTables as error:
        for problem in error.problems[1:]:
            click.echo(str(problem), err=True)
        raise
    for table in tables.values():
        click.echo(f"{table.path.name}: {len(table.rows)} rijen")
    for line in answers.check(register=folder):
        click.echo(line)


@knowledge.command("import")
@_FOLDER
def import_(folder: Path) -> None:
    """Bring the database to what the tables say; all or nothing."""
    engine = make_engine()
    try:
        report = import_tables(engine, folder)
    finally:
        engine.dispose()
    for table in report.tables:
        click.echo(f"{table.file}: {table.rows} rijen, +{table.added} ~{table.changed} -{table.removed}")
    click.echo(f"{report.changes} wijzigingen")


@knowledge.command()
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=REGISTER, show_default=False,
    help="Folder to write to; the project's own tables if left out.",
)  # fmt: skip
def export(folder: Path) -> None:
    """Write the tables as they are in the database: sorted, as CSV. Files that were edited are loaded first."""
    engine = make_engine()
    try:
        ensure_imported(engine)
        with open_session(engine) as session:
            for path in export_tables(session, folder):
                click.echo(str(path))
    finally:
        engine.dispose()


@knowledge.command()
@click.option("--days", type=click.IntRange(min=0), default=DEFAULT_DAYS, show_default=True, help="How old is too old.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day to look from; today if left out.")
def stale(days: int, on: dt.datetime | None) -> None:
    """List what a human should check: rows with a doubt, rows and answers that are old or have expired."""
    day = on.date() if on else dt.date.today()
    engine = make_engine()
    try:
        ensure_imported(engine)
        with open_session(engine) as session:
            items = due_rows(session, on=day, days=days)
    finally:
        engine.dispose()
    items = sorted([*items, *due_answers(on=day, days=days)])
    for item in items:
        click.echo(f"{item.file}\t{item.key}\t{item.reason}")
    click.echo(f"{len(items)} to check, most urgent first", err=True)
