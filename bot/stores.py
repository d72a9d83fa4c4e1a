"""Where conversations are kept: as little as possible, and really gone when somebody asks.

Both stores are Rasa's own with one method more, `delete`. The SQL one never writes what a parent typed (nor what the bot
answered) unless the organisation has switched that on with WEGWIJZER_KEEP_TEXT: intents, slots, buttons and answer keys
are enough to continue a conversation.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

_TYPED_ENTITIES = frozenset({"onbekende_plaats"})
# What has to be written together with a turn: called with the open session just before the tracker is committed, so that
# after a crash either both are there or neither.
beside_save: ContextVar[Callable[[Session, DialogueStateTracker], None] | None] = ContextVar("beside_save", default=None)


class MemoryStore(InMemoryTrackerStore):
    """Conversations of one process, for `ask`, `chat` and tests."""

    async def delete(self, sender_id: str) -> None:
        """Forget one conversation; an unknown one is no error."""
        self.store.pop(sender_id, None)


class PrivateSQLTrackerStore(SQLTrackerStore):
    """Rasa's SQL store that leaves the words out.

    Args:
        url: SQLAlchemy database URL.
        keep_text: write the texts too (the organisation's explicit choice).
    """

    def __init__(self, domain: Domain, url: str, *, keep_text: bool = False) -> None:
        parts = make_url(url)
        self._keep_text = keep_text
        super().__init__(
            domain=domain, dialect=parts.drivername, host=parts.host, port=parts.port, db=parts.database,
            username=parts.username, password=parts.password, query=dict(parts.query) or None,
        )  # fmt: skip
        if parts.get_backend_name() == "sqlite" and parts.database not in (None, "", ":memory:"):
            # Rasa opens the file anew for each read and write; that and its flush cost more than the rest of a turn.
            self.engine.dispose()
            self.engine = sa.create_engine(parts, poolclass=QueuePool, connect_args={"check_same_thread": False})
            self.sessionmaker.configure(bind=self.engine)
            sa.event.listen(self.engine, "connect", set_up_sqlite)
        # Rasa logs the text of a database error, in which SQLAlchemy otherwise quotes what was being written.
        self.engine.hide_parameters = True

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        for event in super()._additional_events(session, tracker):
            yield event if self._keep_text else without_words(event)
        if (beside := beside_save.get()) is not None:
            beside(session, tracker)

    async def delete(self, sender_id: str) -> None:
        """Delete every event of one conversation."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()
        empty_log(self.engine)


def without_words(event: Event) -> Event:
    """A copy of `event` without anything a person or the bot said; other events come back as they are."""
    if isinstance(event, UserUttered):
        kept = [entity for entity in event.entities or [] if entity.get("entity") not in _TYPED_ENTITIES]
        return UserUttered(
            text="", intent=event.intent, entities=kept, timestamp=event.timestamp, message_id=event.message_id,
            input_channel=event.input_channel,
            parse_data={"text": "", "intent": event.intent, "entities": kept, "intent_ranking": []},
        )  # fmt: skip
    if isinstance(event, BotUttered):
        data: dict[str, Any] = {"buttons": copy.deepcopy((event.data or {}).get("buttons"))}
        metadata = {"metadata": (event.metadata or {}).get("metadata") or {}}
        return BotUttered(text="", data=data, metadata=metadata, timestamp=event.timestamp)
    return event


def set_up_sqlite(connection: Any, _record: Any) -> None:
    """Listener for SQLite's "connect".

    `secure_delete` overwrites what is deleted; without it words stay readable in the file. With the write-ahead log a commit
    need not wait for the disk (40 ms on a slow one), and after a power failure the file is whole, at most a moment old. What
    is deleted may still stand in that log: see `empty_log`.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def empty_log(engine: Engine) -> None:
    """Bring SQLite's write-ahead log into the file and empty it, so that nothing deleted is left in it.

    Does nothing on another database, nor when somebody is reading at this moment: then the next time does it.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
