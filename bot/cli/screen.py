"""A turn as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.wording import source_lines

if TYPE_CHECKING:
    from bot.conversation import Turn


def plain(turn: Turn) -> str:
    """The replies of a turn with their buttons and, below, the sources with their dates."""
    lines: list[str] = []
    for reply in turn.replies:
        lines += [
            reply.text,
            *(f"  [{number}] {button['title']}" for number, button in enumerate(reply.buttons, 1)),
            "",
        ]
    return "\n".join([*lines, *source_lines(turn.sources)]).rstrip()
