"""`wegwijzer bench`: measurements beside others; each command is loaded only when it is used."""

from __future__ import annotations

import importlib

import click

_COMMANDS = {"nlu": "bot.cli.bench_nlu"}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        return getattr(importlib.import_module(module), cmd_name) if module else None


@click.group(cls=_LazyGroup)
def bench() -> None:
    """Measure Wegwijzer, also beside what others would use."""
