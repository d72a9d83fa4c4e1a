"""Buttons come in as ids that the server knows (`onderwerp:laptop_kosten`), never as text that Rasa would parse."""

from __future__ import annotations

from typing import Any

from bot.dialogue import Dialogue
from bot.topics import OTHER_PAYLOAD, PLACE_PAYLOAD, SCHOOL_PAYLOAD, TOPIC_PAYLOAD, topic_button, topic_buttons
from knowledge import answers

# What can be said of any answer, and the topic whose next topics a conversation opens with.
_ABOUT_AN_ANSWER = ("uitleg_gevraagd", "antwoord_goed", "antwoord_fout")
_OPENS = "groet"
SCHOOL_TYPES = ("po", "vo", "so", "mbo")


def meaning(payload: str) -> tuple[str, dict[str, str]] | None:
    """What a button means: the intent and the entities it stands for; None for an id nobody gave out."""
    if payload == OTHER_PAYLOAD:
        return "iets_anders", {}
    if payload.startswith(TOPIC_PAYLOAD):
        key = payload[len(TOPIC_PAYLOAD) :]
        return (key, {}) if key in answers.book() else None
    if payload.startswith(PLACE_PAYLOAD):
        return "geef_gemeente", {"gemeente": payload[len(PLACE_PAYLOAD) :]}
    if payload.startswith(SCHOOL_PAYLOAD):
        kind = payload[len(SCHOOL_PAYLOAD) :]
        return ("geef_onderwijssoort", {"onderwijssoort": kind}) if kind in SCHOOL_TYPES else None
    return None


def opening() -> list[dict[str, str]]:
    """Buttons for a conversation in which nothing has been said yet."""
    return topic_buttons(answers.book(), answers.book()[_OPENS].next_topics)


def about_an_answer() -> list[dict[str, str]]:
    """Buttons that go with every answer, beside its own: plainer, that helped, that is not right."""
    topics = [answers.book()[key] for key in _ABOUT_AN_ANSWER]
    return [{**topic_button(answer), "title": answer.short_button} for answer in topics]


def offered(state: Dialogue) -> dict[str, str]:
    """Title by payload of every button that may be pressed now: those of the last turn and the standing ones."""
    standing = about_an_answer() if state.last_topic else []
    if not state.turns:
        standing = opening()
    return {button["payload"]: button["title"] for button in standing} | dict(state.offered)


def parse_data(payload: str, title: str, *, again: str | None = None) -> dict[str, Any] | None:
    """Rasa's parse result for a pressed button (for `UserMessage(parse_data=...)`); None for an unknown id.

    Args:
        payload: the id that came in.
        title: what the button said, kept as the text of the turn.
        again: the lookup to run again when the button only changes its place or school type.
    """
    found = meaning(payload)
    if found is None:
        return None
    intent, entities = found
    if again and intent in ("geef_gemeente", "geef_onderwijssoort"):
        intent = again
    return fixed_parse(intent, title, entities)


def fixed_parse(intent: str, text: str, entities: dict[str, str] | None = None) -> dict[str, Any]:
    """A parse result that was decided without the model (a button, the guard)."""
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "button"}
            for name, value in (entities or {}).items()
        ],
    }
