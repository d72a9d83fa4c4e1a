"""From a reply of the bot to what the Cloud API is asked to show. Pure: no address, no sending.

Limits (developers.facebook.com/documentation/business-messaging/whatsapp/messages/, read 2026-11-27): text-messages
(2026-07-02), interactive-reply-buttons-messages and interactive-list-messages (2026-05-21). Meta allows a longer body
above a list; we keep to the shorter limit of the buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bot.topics import TOPIC_PAYLOAD
from knowledge import answers
from knowledge.wording import source_lines

if TYPE_CHECKING:
    from bot.conversation import Reply, Turn

TEXT_LIMIT = 4_096
BODY_LIMIT = 1_024
MOST_BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
MOST_ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID = 10, 24, 72, 200

Payload = dict[str, Any]
Button = dict[str, str]

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)[ #]*$", re.MULTILINE)
_STAR_ITEM = re.compile(r"^(\s*)[*•]\s+", re.MULTILINE)
_BREAKS = ("\n\n", "\n", ". ", " ")


def turn_payloads(turn: Turn) -> list[Payload]:
    """The payloads of all replies of a turn, in order. Options are numbered through, as a parent counts them."""
    result: list[Payload] = []
    seen: list[Button] = []
    for reply in turn.replies:
        result += reply_payloads(reply, first=len(options(seen)) + 1)
        seen += reply.buttons
    return result


def reply_payloads(reply: Reply, *, first: int = 1) -> list[Payload]:
    """One reply as one or more messages: up to 3 options become buttons, up to 10 a list, more a numbered text.

    Args:
        first: number of the first option, where options must be numbered.
    """
    text = "\n".join([_paragraph(formatted(reply.text)), *source_lines(reply.metadata.get("sources") or ())]).strip()
    choices = options(reply.buttons)
    if not choices:
        return [_text(piece) for piece in split(text, TEXT_LIMIT)]
    if len(choices) <= MOST_BUTTONS and _ids_fit(choices, BUTTON_ID):
        action = {"buttons": [{"type": "reply", "reply": {"id": payload, "title": title}} for payload, title in
                              zip(_ids(choices), titles(choices, BUTTON_TITLE), strict=True)]}  # fmt: skip
        return _interactive("button", text, action)
    if len(choices) <= MOST_ROWS and _ids_fit(choices, ROW_ID):
        action = {"button": answers.book().texts["whatsapp_kies"], "sections": [{"rows": _rows(choices)}]}
        return _interactive("list", text, action)
    numbered = "\n".join(f"{number}. {button['title']}" for number, button in enumerate(choices, first))
    whole = f"{text}\n\n{numbered}\n\n{answers.book().texts['whatsapp_nummer']}"
    return [_text(piece) for piece in split(whole.strip(), TEXT_LIMIT)]


def options(buttons: Iterable[Button]) -> list[Button]:
    """The buttons without repeats (Meta refuses two with one id), in order: the n-th is what "n" means when typed."""
    found: dict[str, Button] = {}
    for button in buttons:
        found.setdefault(button["payload"], button)
    return list(found.values())


def titles(choices: Sequence[Button], limit: int) -> list[str]:
    """Titles of at most `limit` characters, no two alike. A topic has a short title of its own; the rest is cut."""
    result: list[str] = []
    taken: set[str] = set()
    for button in choices:
        wanted = _short_title(button, limit)
        title, number = _cut(wanted, limit), 2
        while title.casefold() in taken:
            title, number = f"{_cut(wanted, limit - len(str(number)) - 1)} {number}", number + 1
        taken.add(title.casefold())
        result.append(title)
    return result


def formatted(text: str) -> str:
    """`text` in WhatsApp's own marks: *bold*, "- " for a list item; a link is its words and its plain address."""
    text = _LINK.sub(lambda match: match[2] if match[1] in match[2] else f"{match[1]}: {match[2]}", text)
    text = _STAR_ITEM.sub(r"\1- ", text)
    text = _BOLD.sub(lambda match: f"*{match[1] or match[2]}*", text)
    return _HEADING.sub(r"*\1*", text)


def split(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters, cut between paragraphs, else lines, sentences, words."""
    pieces: list[str] = []
    while len(text) > limit:
        for mark in _BREAKS:
            at = text.rfind(mark, 1, limit + 1 - len(mark.rstrip()))
            if at > 0:
                at += len(mark.rstrip())
                break
        else:
            at = limit
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [piece for piece in [*pieces, text] if piece]


def _interactive(kind: str, text: str, action: dict[str, Any]) -> list[Payload]:
    before, body = _tail(text)
    body = body or answers.book().texts["whatsapp_kies"]
    message = {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}
    return [*(_text(piece) for piece in before), message]


def _tail(text: str) -> tuple[list[str], str]:
    """What must go before as plain text, and the last paragraphs that fit above buttons or a list."""
    if len(text) <= BODY_LIMIT:
        return [], text
    paragraphs, tail = text.split("\n\n"), ""
    while paragraphs and len(paragraphs[-1]) + len(tail) + 2 <= BODY_LIMIT:
        tail = "\n\n".join(filter(None, [paragraphs.pop(), tail]))
    if not tail:
        *earlier, tail = split(paragraphs.pop(), BODY_LIMIT)
        paragraphs += earlier
    return split("\n\n".join(paragraphs), TEXT_LIMIT), tail


def _rows(choices: Sequence[Button]) -> list[dict[str, str]]:
    rows = []
    for button, title in zip(choices, titles(choices, ROW_TITLE), strict=True):
        row = {"id": button["payload"], "title": title}
        if title != button["title"]:
            row["description"] = _cut(button["title"], ROW_DESCRIPTION)
        rows.append(row)
    return rows


def _short_title(button: Button, limit: int) -> str:
    title, key = " ".join(button["title"].split()) or button["payload"], button["payload"].removeprefix(TOPIC_PAYLOAD)
    if len(title) > limit and key != button["payload"] and key in answers.book():
        return answers.book()[key].short_button
    return title


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _ids(choices: Sequence[Button]) -> list[str]:
    return [button["payload"] for button in choices]


def _ids_fit(choices: Sequence[Button], limit: int) -> bool:
    return all(0 < len(identifier) <= limit for identifier in _ids(choices))


def _paragraph(text: str) -> str:
    return f"{text.strip()}\n" if text.strip() else ""


def _text(body: str) -> Payload:
    return {"type": "text", "text": {"preview_url": False, "body": body}}
