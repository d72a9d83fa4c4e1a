"""Where conversations are kept: as little as possible, and really gone when somebody asks.

Both stores are Rasa's own with one method more, `delete`. The SQL one never writes what a parent typed (nor what the bot
answered) unless the organisation has switched that on with WEGWIJZER_KEEP_TEXT: intents, slots, buttons and answer keys
are enough to continue a conversation.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

_TYPED_ENTITIES = frozenset({"onbekende_plaats"})


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
            sa.event.listen(self.engine, "connect", _set_up_sqlite)
        # Rasa logs the text of a database error, in which SQLAlchemy otherwise quotes what was being written.
        self.engine.hide_parameters = True

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        for event in super()._additional_events(session, tracker):
            yield event if self._keep_text else without_words(event)

    async def delete(self, sender_id: str) -> None:
        """Delete every event of one conversation."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()


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


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # Without this, SQLite leaves deleted words readable in the file.
    connection.execute("PRAGMA secure_delete = ON")
    # As safe as deleting the journal after each write, and five times as quick. Not WAL: that file keeps deleted words.
    connection.execute("PRAGMA journal_mode = TRUNCATE")
