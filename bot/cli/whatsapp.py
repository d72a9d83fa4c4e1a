"""`wegwijzer whatsapp`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bot.cli import progress
from knowledge.errors import BotError


@click.group()
def whatsapp() -> None:
    """The WhatsApp channel: try it without Meta, and see how it is doing."""


@whatsapp.command(name="try")
@click.argument("texts", nargs=-1, required=True)
def try_(texts: tuple[str, ...]) -> None:
    """Send TEXTS, one after the other, through the real channel to a stand-in for Meta, and print what a phone shows."""
    from bot.channels.whatsapp.rehearsal import webhooks
    from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi
    from bot.channels.whatsapp.rehearsal.phone import shown
    from bot.channels.whatsapp.rehearsal.server import Server

    with tempfile.TemporaryDirectory() as folder, FakeGraphApi() as api:
        errors = Path(folder) / "server.log"
        try:
            with Server(api, f"sqlite:///{folder}/proef.sqlite", errors=errors) as server:
                seen = 0
                for text in texts:
                    progress(f"> {text}")
                    server.post(webhooks.webhook(webhooks.text(text)))
                    if not server.settled():
                        raise BotError("no answer came within a minute")
                    for message in api.taken[seen:]:
                        click.echo(f"{shown(message.body)}\n")
                    seen = len(api.taken)
        finally:
            warnings = errors.read_text(encoding="utf-8") if errors.exists() else ""
            for line in warnings.splitlines():
                if line.startswith(("WARNING", "ERROR")):
                    progress(line)
        if api.refused:
            raise BotError(f"the stand-in for Meta refused {len(api.refused)} messages: {api.refused[0]}")


@whatsapp.command()
def totals() -> None:
    """How many messages and replies wait, and what went wrong by code since counting began (no texts, no people)."""
    from bot import settings
    from bot.channels.whatsapp.identity import Names
    from bot.channels.whatsapp.queue import Queue
    from knowledge.database import translated_errors

    chosen = settings.from_environment()
    queue = Queue(chosen.database_url, Names(chosen.secret or ""))
    with translated_errors(queue.engine):
        queue.prepare()
        for what, number in queue.totals().items():
            click.echo(f"{number:>8}  {what}")
    queue.close()
