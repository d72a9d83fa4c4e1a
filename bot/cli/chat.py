"""`wegwijzer chat`: talk with the assistant in the terminal."""

from __future__ import annotations

import asyncio
import sys
import uuid

import click

from bot.cli import engine, progress
from bot.cli.screen import plain

_STOP = frozenset({"/stop", "/quit", "/exit"})


@click.command()
def chat() -> None:
    """Talk in Dutch; a number presses that button, Ctrl-D or /stop ends."""
    asyncio.run(_chat())


async def _chat() -> None:
    conversations = engine.ready()
    conversation = uuid.uuid4().hex
    progress("Typ uw vraag. Een nummer kiest een knop. Stoppen: Ctrl-D of /stop.")
    buttons: list[dict[str, str]] = []
    while True:
        try:
            text = await asyncio.to_thread(_read)
        except (EOFError, KeyboardInterrupt):
            break
        if text.strip() in _STOP:
            break
        if not text.strip():
            continue
        number = int(text) if text.strip().isdigit() and len(text.strip()) < 3 else 0
        if 1 <= number <= len(buttons):
            turn = await conversations.press(conversation, buttons[number - 1]["payload"])
        else:
            turn = await conversations.say(conversation, text)
        buttons = turn.replies[-1].buttons
        click.echo(f"\n{plain(turn)}\n")
    await conversations.forget(conversation)


def _read() -> str:
    if sys.stdin.isatty():
        return input("> ")
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
