"""`wegwijzer`: the one interface to everything. Data on stdout, progress and logs on stderr, exit 0 only on success."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from knowledge.errors import WegwijzerError

# Name of the command -> module that holds it under the same name. Loaded only when used: `lookup` never imports Rasa.
_COMMANDS = {
    "start": "bot.cli.start",
    "train": "bot.cli.train",
    "chat": "bot.cli.chat",
    "ask": "bot.cli.ask",
    "evaluate": "bot.cli.evaluate",
    "bench": "bot.cli.bench",
    "lookup": "bot.cli.lookup",
    "test": "bot.cli.test",
    "knowledge": "bot.cli.knowledge",
    "privacy": "bot.cli.privacy",
    "screens": "bot.cli.screens",
    "whatsapp": "bot.cli.whatsapp",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when used.

    Args:
        modules: name of the command -> module that holds it under the same name.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See `click.Group`."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See `click.Group`."""
        module = self._modules.get(cmd_name)
        return getattr(importlib.import_module(module), cmd_name) if module else None


class _Main(LazyGroup):
    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Runs a command; whatever goes wrong is one line on stderr and a non-zero exit, never a traceback."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **extra)
        try:
            code = super().main(*args, standalone_mode=False, **extra)
        except click.exceptions.Exit as stop:
            code = stop.exit_code
        except click.ClickException as error:
            click.echo(f"wegwijzer: {error.format_message().splitlines()[0]}", err=True)
            code = error.exit_code
        except WegwijzerError as error:
            click.echo(f"wegwijzer: {error}", err=True)
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            code = 130
        except BrokenPipeError:
            # The reader of our output went away (`| head`); Python would complain once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=_Main, modules=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wegwijzer")
def main() -> None:
    """Wegwijzer: a Dutch chatbot for parents of an ill child, about school and about who can help."""


def progress(line: str) -> None:
    """Print one line of progress on stderr."""
    click.echo(line, err=True)
