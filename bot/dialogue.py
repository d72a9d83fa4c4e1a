"""What has been said so far, read from Rasa's tracker: one place, used by the context component and the generator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from knowledge.manner import PREFACE

CONTENT_KINDS = frozenset({"answer", "lookup"})
PLAIN_VERSION = "uitleg_gevraagd"
TONE = "tone"  # what bot/nlu/tone.py leaves in the parse data of a message; not stored with the conversation
MISS_KINDS = frozenset({"fallback", "clarify"})


@dataclass(frozen=True)
class Dialogue:
    """The state of a conversation just before the message that is being read.

    last_topic: topic of the last answer or lookup given, if any.
    last_kinds: kinds of the replies in the last turn, in order.
    offered: buttons of the last turn, as (payload, title).
    open_slot: what the lookup form is asking, if it is open.
    lookup: the lookup the form serves or last served.
    place_choices: municipalities of which the parent must choose one.
    answered: topics answered so far, oldest first.
    misses: how many turns in a row ended without an answer.
    turns: user messages so far.
    second_question: topic that was asked beside another one and not answered yet.
    place: the municipality that is remembered.
    prefaces: sentences that answers started with so far (`knowledge/manner.py`).
    """

    last_topic: str | None = None
    last_kinds: tuple[str, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    open_slot: str | None = None
    lookup: str | None = None
    place_choices: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    misses: int = 0
    turns: int = 0
    second_question: str | None = None
    place: str | None = None
    prefaces: tuple[str, ...] = ()


def reply_metadata(event: BotUttered) -> dict[str, Any]:
    """The metadata {kind, topic, sources, options, lang} that a reply carried; {} for a reply without."""
    return (event.metadata or {}).get("metadata") or {}


def read(tracker: DialogueStateTracker | None) -> Dialogue:
    """Summarise `tracker`; an absent or empty one gives the empty `Dialogue`.

    When the tracker's last user message has not been answered yet (as in the generator), that message is the one "being
    read" and does not count as a turn.
    """
    if tracker is None:
        return Dialogue()
    turns = _turns(tracker.applied_events())
    if turns and not turns[-1]:
        turns.pop()
    answered = [
        meta["topic"]
        for turn in turns
        for meta in turn
        if meta.get("kind") in CONTENT_KINDS and meta.get("topic") not in (None, PLAIN_VERSION)
    ]
    last = turns[-1] if turns else []
    loop = tracker.active_loop_name
    choices = tracker.get_slot("plaats_keuze")
    return Dialogue(
        last_topic=answered[-1] if answered else None,
        last_kinds=tuple(meta["kind"] for meta in last if meta.get("kind")),
        offered=_offered(tracker.applied_events()),
        open_slot=tracker.get_slot("requested_slot") if loop else None,
        lookup=tracker.get_slot("opzoeking"),
        place_choices=tuple(choices.split("|")) if choices else (),
        answered=tuple(answered),
        misses=_misses(turns),
        turns=len(turns),
        second_question=_waiting(tracker.get_slot("tweede_vraag"), answered),
        place=tracker.get_slot("gemeente"),
        prefaces=tuple(meta[PREFACE] for turn in _turns(tracker.events) for meta in turn if meta.get(PREFACE)),
    )


def introduced(tracker: DialogueStateTracker) -> bool:
    """Whether a turn before the last one got an ordinary reply, and with it the introduction."""
    before = [meta for turn in _turns(tracker.events)[:-1] for meta in turn]  # `applied_events` drops turns of a form
    return any(meta.get("kind") != "safety" and meta.get("topic") != "andere_taal" for meta in before)


def _waiting(topic: str | None, answered: list[str]) -> str | None:
    return topic if topic and topic not in answered[-3:] else None


def _turns(events: Iterable[Any]) -> list[list[dict[str, Any]]]:
    turns: list[list[dict[str, Any]]] = []
    for event in events:
        if isinstance(event, SessionStarted):
            turns = []
        elif isinstance(event, UserUttered):
            turns.append([])
        elif isinstance(event, BotUttered) and turns:
            turns[-1].append(reply_metadata(event))
    return turns


def _offered(events: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    buttons: list[tuple[str, str]] = []
    current: list[tuple[str, str]] = []
    for event in events:
        if isinstance(event, UserUttered):
            buttons, current = current or buttons, []
        elif isinstance(event, BotUttered):
            current += [(item["payload"], item["title"]) for item in (event.data or {}).get("buttons") or []]
    return tuple(current or buttons)


def _misses(turns: list[list[dict[str, Any]]]) -> int:
    count = 0
    for turn in reversed(turns):
        kinds = {meta.get("kind") for meta in turn}
        if not kinds or not kinds <= MISS_KINDS:
            break
        count += 1
    return count
