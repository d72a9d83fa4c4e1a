"""One turn of a conversation, the same for every channel: guard, agent, replies with their truth."""

from __future__ import annotations

import copy
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot import buttons, dialogue
from bot.action_endpoint import InProcessActions
from bot.guard import guard
from bot.locks import lock_store
from bot.nlu import embedding
from bot.nlu.danger import DANGER
from bot.nlu.places import recogniser
from bot.stores import MemoryStore, beside_save
from knowledge import answers
from knowledge.errors import BotError

logger = logging.getLogger("wegwijzer.conversation")

# Several in one turn: the first of these that occurs is the kind of the turn (contract).
_PRECEDENCE = ("safety", "lookup", "answer", "clarify", "question", "fallback", "control")
_FORGETTING = frozenset({"gegevens_wissen", "opnieuw"})
_SHOWN_SLOTS = ("gemeente", "onderwijssoort")
_PAYLOAD_LIMIT = 200


@dataclass
class Reply:
    """One message of the bot: text, buttons, and the metadata it carries."""

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class Turn:
    """What one message led to. `as_json()` is the contract of `wegwijzer ask --json`.

    `forgets` says that the conversation was deleted because the parent asked for it.
    """

    conversation: str
    text: str
    kind: str
    topic: str | None
    intent: str | None
    confidence: float
    options: list[str]
    replies: list[Reply]
    sources: list[dict[str, str]]
    slots: dict[str, Any]
    entities: list[dict[str, Any]]
    forgets: bool = False

    def as_json(self) -> dict[str, Any]:
        """A JSON-ready object with the keys of the contract."""
        return {
            "conversation": self.conversation,
            "text": self.text,
            "kind": self.kind,
            "topic": self.topic,
            "intent": self.intent,
            "confidence": self.confidence,
            "options": self.options,
            "replies": [{"text": reply.text, "buttons": reply.buttons} for reply in self.replies],
            "sources": [{key: item[key] for key in ("document", "place", "date")} for item in self.sources],
            "slots": self.slots,
            "entities": self.entities,
        }


# Writes what a turn led to with an open connection; see `Conversations.say`.
Keep = Callable[[Connection, Turn], None]


class CollectingChannel(OutputChannel):
    """Collects replies whole: Rasa's own collector drops their metadata and splits text at blank lines."""

    def __init__(self, channel: str) -> None:
        """`channel` is the name Rasa sees."""
        self._channel = channel
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        """See `OutputChannel`."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply as it is."""
        buttons_ = copy.deepcopy(message.get("buttons") or [])
        self.replies.append(Reply(message.get("text") or "", buttons_, copy.deepcopy(message.get("metadata") or {})))


class Conversations:
    """The assistant, ready to talk: a loaded agent and its store.

    Args:
        agent: a Rasa agent with a model.
        opening: what the first reply of a conversation starts with, to say who is speaking: True for the usual text, a
            text of the channel's own, or False where the channel shows it itself (the website).
    """

    def __init__(self, agent: Agent, *, opening: bool | str = True) -> None:
        self._agent = agent
        self._opening = answers.book().texts["opening"] if opening is True else opening or None

    @classmethod
    def load(
        cls, model: Path, store: TrackerStore | None = None, *, actions: EndpointConfig | None = None,
        opening: bool = True, redis_url: str | None = None,
    ) -> Conversations:  # fmt: skip
        """Load a model with in-process actions and, by default, a store in memory.

        Args:
            redis_url: where several workers share their locks; None: this process only.

        Raises:
            BotError: the file is not there or is not a model.
        """
        if not model.is_file():
            raise BotError(f"there is no model {model}; run `uv run wegwijzer train`")
        store = store if store is not None else MemoryStore(Domain.empty())
        agent = Agent.load(
            model, generator=EndpointConfig(type="bot.nlg.AnswerGenerator"), tracker_store=store,
            action_endpoint=actions or InProcessActions(), lock_store=lock_store(redis_url),
        )  # fmt: skip
        if not agent.is_ready():
            raise BotError(f"{model} cannot be loaded; run `uv run wegwijzer train`")
        recogniser().warm_up()
        embedding.warm_up()
        return cls(agent, opening=opening)

    @property
    def agent(self) -> Agent:
        """The Rasa agent."""
        return self._agent

    async def say(
        self, conversation: str, text: str, *, channel: str = "wegwijzer", keep: Keep | None = None
    ) -> Turn:  # fmt: skip
        """Handle typed text.

        Args:
            conversation: id of the conversation (already opaque).
            text: what was typed, any length.
            channel: name of the channel, kept in the tracker.
            keep: called with the turn inside the transaction that stores it, so that both or neither survive a crash.
                Not called for a turn that was not stored (a store in memory, an error); then it is up to the caller.
        """
        safe = guard(text)
        parsed = buttons.fixed_parse(safe.verdict, safe.text) if safe.verdict else None
        return await self._turn(conversation, safe.text, parsed, channel, keep)

    async def press(
        self, conversation: str, payload: str, *, channel: str = "wegwijzer", keep: Keep | None = None
    ) -> Turn:  # fmt: skip
        """Handle a pressed button; one that was not offered in this conversation is treated as typed text."""
        tracker = await self._tracker(conversation)
        state = dialogue.read(tracker)
        titles = buttons.offered(state)
        if payload not in titles or len(payload) > _PAYLOAD_LIMIT:
            return await self.say(conversation, payload, channel=channel, keep=keep)
        again = state.lookup if state.last_topic == state.lookup and not state.open_slot else None
        parsed = buttons.parse_data(payload, titles[payload], again=again)
        return await self._turn(conversation, titles[payload], parsed, channel, keep)

    async def suggest_place(
        self, conversation: str, gemeente: str, *, channel: str = "wegwijzer", keep: Keep | None = None
    ) -> Turn:  # fmt: skip
        """Ask whether `gemeente` is meant, for a parent who sent a point on the map instead of a name."""
        parsed = buttons.fixed_parse("geef_gemeente", "", {"plaats_keuze": gemeente})
        return await self._turn(conversation, "", parsed, channel, keep)

    async def offered(self, conversation: str) -> tuple[tuple[str, str], ...]:
        """The buttons of the last turn, in order, as (payload, title)."""
        return dialogue.read(await self._tracker(conversation)).offered

    def opening_with(self, text: str) -> Conversations:
        """The same assistant, for a channel that introduces itself in its own words."""
        return Conversations(self._agent, opening=text)

    async def forget(self, conversation: str) -> None:
        """Delete a conversation from the store."""
        async with self._agent.lock_store.lock(conversation):
            await self._delete(conversation)

    async def _turn(
        self, conversation: str, text: str, parsed: dict[str, Any] | None, channel: str, keep: Keep | None = None
    ) -> Turn:
        output = CollectingChannel(channel)
        message = UserMessage(
            text, output, conversation, parse_data=parsed, input_channel=channel, message_id=uuid.uuid4().hex
        )

        def beside(session: Session, tracker: DialogueStateTracker) -> None:
            if tracker.latest_message is None or tracker.latest_message.message_id != message.message_id:
                return  # Rasa also saves when a session begins, before the message is in it
            try:
                keep(session.connection(), self._finished(conversation, text, output.replies, tracker))
            except Exception as error:  # Rasa logs what a store raises, and a database error shows its values
                raise BotError(f"not kept: {type(error).__name__}") from None

        async with self._agent.lock_store.lock(conversation):
            reset = beside_save.set(beside if keep else None)
            try:
                await self._agent.processor.handle_message(message)
            except Exception as error:
                logger.error("a turn failed: %s", type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
                output.replies = [_apology()]
            finally:
                beside_save.reset(reset)
            tracker = await self._tracker(conversation)
            turn = self._finished(conversation, text, output.replies, tracker)
            if turn.forgets or not _ended(tracker):
                await self._delete(conversation)
        return turn

    def _finished(
        self, conversation: str, text: str, replies: list[Reply], tracker: DialogueStateTracker | None
    ) -> Turn:
        turn = _assemble(conversation, text, replies, tracker)
        _danger_comes_first(turn)
        turn.forgets = any(reply.metadata.get("topic") in _FORGETTING for reply in turn.replies)
        if turn.forgets:
            turn.slots = dict.fromkeys(_SHOWN_SLOTS)
        return self._introduce(turn, tracker)

    async def _tracker(self, conversation: str) -> DialogueStateTracker | None:
        return await self._agent.tracker_store.retrieve(conversation)

    async def store_answers(self) -> bool:
        """Whether the store of conversations can be read now."""
        try:
            await self._store().retrieve("gezond")
        except Exception as error:
            logger.error("the store of conversations does not answer: %s", type(error).__name__)
            return False
        return True

    def _store(self) -> TrackerStore:
        """The store itself: Rasa wraps it in one that hides errors."""
        store = self._agent.tracker_store
        while not hasattr(store, "delete"):
            store = store._tracker_store
        return store

    async def _delete(self, conversation: str) -> None:
        await self._store().delete(conversation)

    def _introduce(self, turn: Turn, tracker: DialogueStateTracker | None) -> Turn:
        """Say who speaks here, first thing; after danger or another language in the turn that follows.

        A Dutch introduction says nothing to somebody who reads another language; that answer introduces itself.
        """
        ordinary = turn.kind != "safety" and turn.topic != "andere_taal"
        if self._opening is not None and ordinary and tracker is not None and not dialogue.introduced(tracker):
            turn.replies.insert(0, Reply(self._opening, metadata={"kind": "control"}))
        return turn


def _assemble(conversation: str, text: str, replies: list[Reply], tracker: DialogueStateTracker | None) -> Turn:
    replies = [reply for reply in replies if reply.text] or [_apology()]
    leading = min(replies, key=lambda reply: _rank(reply.metadata.get("kind")))
    event = (
        next((item for item in reversed(tracker.events) if isinstance(item, UserUttered)), None) if tracker else None
    )
    sources: list[dict[str, str]] = []
    for reply in replies:
        sources += [source for source in reply.metadata.get("sources") or [] if source not in sources]
    return Turn(
        conversation=conversation,
        text=text,
        kind=leading.metadata.get("kind", "control"),
        topic=leading.metadata.get("topic"),
        intent=event.intent.get("name") if event else None,
        confidence=float(event.intent.get("confidence") or 0.0) if event else 0.0,
        options=list(leading.metadata.get("options") or []),
        replies=replies,
        sources=sources,
        slots={name: tracker.get_slot(name) if tracker else None for name in _SHOWN_SLOTS},
        entities=[_entity(item) for item in event.entities] if event else [],
    )


def _ended(tracker: DialogueStateTracker | None) -> bool:
    """Whether the turn came to its end. One that broke off leaves a tracker that no later message can continue."""
    ended = tracker is None or tracker.latest_action_name in (None, ACTION_LISTEN_NAME)
    if not ended:
        logger.error("a turn broke off after %s; the conversation starts afresh", tracker.latest_action_name)
    return ended


def _danger_comes_first(turn: Turn) -> None:
    """Whatever went wrong in the dialogue: a message recognised as danger gets the danger answer, alone."""
    answer = answers.book()[DANGER]
    if turn.intent == DANGER and not any(reply.metadata.get("kind") == "safety" for reply in turn.replies):
        sources = [source.as_dict() for source in answer.sources]
        turn.replies = [Reply(answer.text, metadata={"kind": "safety", "topic": DANGER, "sources": sources})]
        turn.kind, turn.topic, turn.options, turn.sources = "safety", DANGER, [], sources


def _rank(kind: str | None) -> int:
    return _PRECEDENCE.index(kind) if kind in _PRECEDENCE else len(_PRECEDENCE)


def _entity(item: dict[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in ("entity", "value", "start", "end") if key in item}


def _apology() -> Reply:
    return Reply(answers.book().texts["storing"], metadata={"kind": "fallback", "topic": None})
