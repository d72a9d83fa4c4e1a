"""A turn as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.conversation import Turn

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


def plain(turn: Turn) -> str:
    """The replies of a turn with their buttons and, below, the sources with their dates."""
    lines: list[str] = []
    for reply in turn.replies:
        lines += [
            reply.text,
            *(f"  [{number}] {button['title']}" for number, button in enumerate(reply.buttons, 1)),
            "",
        ]
    lines += dict.fromkeys(
        f"Bron: {item.get('title') or item['document']} ({date(item['date'])})" for item in turn.sources
    )
    return "\n".join(lines).rstrip()


def date(value: str) -> str:
    """A source date as a parent reads it.

    >>> date("2023-12"), date("2022-01-05"), date("")
    ('december 2023', '5 januari 2022', 'datum onbekend')
    """
    parts = value.split("-") if value else []
    if not parts:
        return "datum onbekend"
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, _MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)
