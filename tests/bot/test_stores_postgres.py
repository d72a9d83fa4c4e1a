"""Conversations on a real PostgreSQL: they continue, hold no words, and are gone when somebody asks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from rasa.shared.core.domain import Domain

from bot.conversation import Conversations
from bot.stores import PrivateSQLTrackerStore


def test_a_conversation_continues_and_is_forgotten(
    model: Path, register: str, postgres_url: str, event_loop_: asyncio.AbstractEventLoop
) -> None:
    store = PrivateSQLTrackerStore(Domain.empty(), postgres_url)
    conversations = Conversations.load(model, store)
    other_process = sa.create_engine(postgres_url, future=True)

    def stored() -> str:
        with other_process.connect() as connection:
            return "\n".join(row.data for row in connection.execute(sa.text("SELECT data FROM events")))

    def say(text: str, conversation: str = "een") -> str | None:
        return event_loop_.run_until_complete(conversations.say(conversation, text)).topic

    assert say("wie betaalt de laptop van Barnabas") == "laptop_kosten"
    assert say("en als ze het toch eisen") == "oneens_met_school", "the first turn was remembered"
    assert "laptop_kosten" in stored() and "Barnabas" not in stored() and "eisen" not in stored()
    say("hallo", "twee")
    event_loop_.run_until_complete(conversations.forget("een"))
    assert "laptop_kosten" not in stored() and "groet" in stored()
    assert say("wis mijn gegevens", "twee") == "gegevens_wissen"
    assert stored() == ""
    other_process.dispose()
    store.engine.dispose()
