"""`wegwijzer bench`: how fast, how large and how good beside others; printed, never asserted. One subcommand, one module."""

from __future__ import annotations

import click

from bot.cli import LazyGroup

_COMMANDS = {"nlu": "bot.cli.bench_nlu", "web": "bot.cli.bench_web", "whatsapp": "bot.cli.bench_whatsapp"}


@click.group(cls=LazyGroup, modules=_COMMANDS)
def bench() -> None:
    """Measure on this machine; prints tables for docs/figures.md."""
