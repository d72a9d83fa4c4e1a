"""`wegwijzer privacy`."""

from __future__ import annotations

import datetime as dt

import click
import sqlalchemy as sa

from bot.cli import progress


@click.group()
def privacy() -> None:
    """Keep as little as possible, as short as possible."""


@privacy.command()
def purge() -> None:
    """Delete every conversation whose last message is older than WEGWIJZER_RETENTION_DAYS."""
    from bot import settings
    from knowledge.database import make_engine, translated_errors

    days = settings.from_environment().retention_days
    before = (dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=days)).timestamp()
    engine = make_engine()
    try:
        with translated_errors(engine):
            deleted = _purge(engine, before)
    finally:
        engine.dispose()
    progress(f"{deleted} conversations older than {days} days deleted")
    click.echo(str(deleted))


def _purge(engine: sa.engine.Engine, before: float) -> int:
    if not sa.inspect(engine).has_table("events"):
        return 0
    events = sa.table("events", sa.column("sender_id"), sa.column("timestamp"))
    old = (
        sa.select(events.c.sender_id).group_by(events.c.sender_id).having(sa.func.max(events.c.timestamp) < before)
    ).subquery()
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        count = connection.execute(sa.select(sa.func.count()).select_from(old)).scalar_one()
        connection.execute(sa.delete(events).where(events.c.sender_id.in_(sa.select(old.c.sender_id))))
    return count
