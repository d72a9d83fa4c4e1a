"""What an action needs to know of the turns before this one, from rasa-sdk's tracker."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from knowledge import manner

_MISSES = frozenset({"fallback", "clarify"})


def bot_turns(tracker: Tracker) -> list[list[dict[str, Any]]]:
    """Metadata of the replies per user turn, oldest first; the turn being handled is the last one."""
    turns: list[list[dict[str, Any]]] = []
    for event in tracker.events:
        if event.get("event") == "session_started":
            turns = []
        elif event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "bot" and turns:
            turns[-1].append((event.get("metadata") or {}).get("metadata") or {})
    return turns


def last_answer(tracker: Tracker) -> str | None:
    """Topic of the last content answer or lookup before this turn."""
    for turn in reversed(bot_turns(tracker)[:-1]):
        for meta in reversed(turn):
            if meta.get("kind") in ("answer", "lookup") and meta.get("topic") not in (None, "uitleg_gevraagd"):
                return meta["topic"]
    return None


def missed_before(tracker: Tracker) -> bool:
    """Whether the turn before this one ended without an answer."""
    turns = bot_turns(tracker)[:-1]
    kinds = {meta.get("kind") for meta in turns[-1]} if turns else set()
    return bool(kinds) and kinds <= _MISSES


def preface(tracker: Tracker) -> str | None:
    """The text key of the sentence that an answer of this turn starts with; see `knowledge/manner.py`."""
    said = [meta[manner.PREFACE] for turn in bot_turns(tracker) for meta in turn if meta.get(manner.PREFACE)]
    return manner.preface(tracker.latest_message.get("tone"), tracker.get_slot("spreker"), said)


def said_plainly_before(tracker: Tracker) -> bool:
    """Whether the turn before this one already gave the plain version."""
    turns = bot_turns(tracker)[:-1]
    return bool(turns) and any(meta.get("topic") == "uitleg_gevraagd" for meta in turns[-1])


def last_buttons(tracker: Tracker) -> list[dict[str, str]]:
    """Buttons of the last turn before this one."""
    buttons: list[dict[str, str]] = []
    current: list[dict[str, str]] = []
    for event in tracker.events:
        if event.get("event") == "user":
            buttons, current = current or buttons, []
        elif event.get("event") == "bot":
            current += (event.get("data") or {}).get("buttons") or []
    return buttons


def replied_this_turn(tracker: Tracker) -> bool:
    """Whether the bot has already said something, or an action was refused, since the last user message."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") in ("bot", "action_execution_rejected"):
            return True
    return False


def last_entity(tracker: Tracker, name: str) -> dict[str, Any]:
    """The last entity of that name in this conversation with its details; {} when there was none."""
    for event in reversed(tracker.events):
        if event.get("event") == "session_started":
            break
        if event.get("event") == "user":
            entities = (event.get("parse_data") or {}).get("entities") or []
            for entity in reversed(entities):
                if entity.get("entity") == name:
                    return entity
    return {}
