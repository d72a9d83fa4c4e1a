"""What the rest of `bot` needs to know of a reply: its parts, its buttons, and how topics become Rasa responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.answers import Answer, AnswerBook

TOPIC_PAYLOAD = "onderwerp:"
PLACE_PAYLOAD = "gemeente:"
SCHOOL_PAYLOAD = "onderwijssoort:"
OTHER_PAYLOAD = "iets_anders"
MAX_BUTTONS = 4


def utter(key: str) -> str:
    """Name of the Rasa response that holds the answer (or loose text) `key`."""
    return f"utter_{key}"


def topic_button(answer: Answer) -> dict[str, str]:
    """The button that asks for a topic; its payload is an id the server knows, never text that Rasa would parse."""
    return {"title": answer.button, "payload": f"{TOPIC_PAYLOAD}{answer.key}"}


def topic_buttons(book: AnswerBook, keys: Iterable[str]) -> list[dict[str, str]]:
    """Buttons for the topics in `keys`, at most four, in that order."""
    return [topic_button(book[key]) for key in keys][:MAX_BUTTONS]


def topic_response(book: AnswerBook, answer: Answer) -> dict[str, Any]:
    """The Rasa response of one topic: text, next buttons, and the metadata every channel reads."""
    return {
        "text": answer.text,
        "buttons": topic_buttons(book, answer.next_topics),
        "metadata": {
            "kind": answer.kind,
            "topic": answer.key,
            "sources": [source.as_dict() for source in answer.sources],
            "options": [],
            "lang": "nl",
            "versions": {"plain": answer.plain, "pupil": answer.pupil},
        },
    }


def loose_response(text: str, kind: str = "control") -> dict[str, Any]:
    """The Rasa response of a text that belongs to no topic (a question of the form, an apology ...)."""
    return {
        "text": text,
        "metadata": {"kind": kind, "topic": None, "sources": [], "options": [], "lang": "nl", "versions": {}},
    }
