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
    """Delete every conversation whose last message is older than WEGWIJZER_RETENTION_DAYS.

    What waits in the WhatsApp queue goes after a day, when Meta takes no reply any more.
    """
    from bot import settings
    from bot.channels.whatsapp import queue
    from bot.stores import empty_log
    from knowledge.database import translated_errors

    days = settings.from_environment().retention_days
    now = dt.datetime.now(tz=dt.UTC)
    before = (now - dt.timedelta(days=days)).timestamp()
    engine = queue.open_engine(None)
    try:
        with translated_errors(engine):
            deleted = _purge(engine, before)
            waiting = queue.purge(engine, now.timestamp(), days)
            empty_log(engine)
    finally:
        engine.dispose()
    progress(f"{deleted} conversations older than {days} days deleted")
    if waiting:
        progress(f"{waiting} WhatsApp messages and replies older than a day deleted")
    click.echo(str(deleted))


def _purge(engine: sa.engine.Engine, before: float) -> int:
    if not sa.inspect(engine).has_table("events"):
        return 0
    events = sa.table("events", sa.column("sender_id"), sa.column("timestamp"))
    old = (
        sa.select(events.c.sender_id).group_by(events.c.sender_id).having(sa.func.max(events.c.timestamp) < before)
    ).subquery()
    with engine.begin() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(old)).scalar_one()
        connection.execute(sa.delete(events).where(events.c.sender_id.in_(sa.select(old.c.sender_id))))
    return count
