"""How an action says something: text and buttons with the metadata every channel reads."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.executor import CollectingDispatcher

from knowledge import answers
from knowledge.manner import PREFACE

Button = dict[str, str]


def say(
    dispatcher: CollectingDispatcher, text: str, *, kind: str, topic: str | None = None,
    buttons: Iterable[Button] = (), sources: Iterable[dict[str, str]] = (), options: Iterable[str] = (),
    preface: str | None = None,
) -> None:  # fmt: skip
    """Send one reply.

    Args:
        kind: answer, lookup, question, clarify, fallback, safety or control.
        topic: the topic key the reply belongs to.
        options: topic keys asked about, best first (clarify only).
        preface: key of the sentence that goes first (`knowledge/manner.py`).
    """
    metadata = {"kind": kind, "topic": topic, "sources": list(sources), "options": list(options), "lang": "nl"}
    if preface:
        text, metadata[PREFACE] = f"{answers.book().texts[preface]}\n\n{text}", preface
    dispatcher.utter_message(
        text=text,
        buttons=list(buttons),
        metadata=metadata,
    )


def text(key: str, **values: str) -> str:
    """A loose Dutch text of `teksten.yml`, with its blanks filled in."""
    return answers.book().texts[key].format(**values) if values else answers.book().texts[key]


def topic_buttons(keys: Iterable[str]) -> list[Button]:
    """Buttons that ask for topics."""
    book = answers.book()
    return [{"title": book[key].button, "payload": f"onderwerp:{key}"} for key in keys if key in book]


def place_buttons(gemeenten: Iterable[str]) -> list[Button]:
    """Buttons that choose a municipality."""
    return [{"title": name, "payload": f"gemeente:{name}"} for name in gemeenten]


SCHOOL_BUTTONS: tuple[Button, ...] = (
    {"title": "Basisschool", "payload": "onderwijssoort:po"},
    {"title": "Middelbare school", "payload": "onderwijssoort:vo"},
    {"title": "Speciaal onderwijs", "payload": "onderwijssoort:so"},
    {"title": "Mbo", "payload": "onderwijssoort:mbo"},
)
OTHER_BUTTON: Button = {"title": "Iets anders", "payload": "iets_anders"}
