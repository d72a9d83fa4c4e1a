"""`wegwijzer ask`: messages in, one answer each out, through the real agent and the real actions."""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import click

from bot.cli import engine
from bot.cli.screen import plain
from knowledge.errors import BotError


class InputError(BotError):
    """A line of the input that is neither text nor {"conversation", "text"}."""


@dataclass(frozen=True)
class Line:
    """One message to ask. `lasting` is False for plain text: a conversation of its own, forgotten at once."""

    conversation: str
    text: str
    lasting: bool


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per message instead of text.")
@click.option("--no-opening", is_flag=True, help="Leave out the first message that says this is a chatbot.")
def ask(as_json: bool, no_opening: bool) -> None:
    """Read messages from stdin, one per line, and answer each in order.

    A line is plain text (its own conversation) or {"conversation": "g1", "text": "..."} (that conversation continues).
    """
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    asyncio.run(_ask(as_json, opening=not no_opening))


async def _ask(as_json: bool, *, opening: bool) -> None:
    conversations = engine.ready(opening=opening)
    for line in read(sys.stdin):
        turn = await conversations.say(line.conversation, line.text)
        if not line.lasting:
            await conversations.forget(line.conversation)
            turn.conversation = line.conversation
        output = json.dumps(turn.as_json(), ensure_ascii=False) if as_json else plain(turn) + "\n"
        click.echo(output)
        sys.stdout.flush()


def read(stream: Iterator[str]) -> Iterator[Line]:
    """The messages of `stream`; blank lines are skipped.

    Raises:
        InputError: a line starts with "{" but is not an object with the strings "conversation" and "text".
    """
    for number, raw in enumerate(stream, start=1):
        text = raw.rstrip("\r\n")
        if not text.strip():
            continue
        if not text.lstrip().startswith("{"):
            yield Line(f"los-{uuid.uuid4().hex}", text, lasting=False)
            continue
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError(f"line {number} is not valid JSON: {error.msg} (column {error.colno})") from error
        if not all(isinstance(data.get(key), str) for key in ("conversation", "text")):
            raise InputError(f'line {number} needs the strings "conversation" and "text"')
        yield Line(data["conversation"], data["text"], lasting=True)
