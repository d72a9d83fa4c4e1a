"""`wegwijzer bench`: how fast and how large, printed and never asserted. One subcommand, one module."""

from __future__ import annotations

import click

from bot.cli import LazyGroup


@click.group(cls=LazyGroup, modules={"web": "bot.cli.bench_web"})
def bench() -> None:
    """Measure on this machine; prints tables for docs/figures.md."""
