"""`wegwijzer train`."""

from __future__ import annotations

import click

from bot import runtime
from bot.cli import progress


@click.command()
@click.option("--force", is_flag=True, help="Train again although the model is up to date.")
def train(force: bool) -> None:
    """Train the model from bot/, data/ and knowledge/antwoorden/ (only when something changed)."""
    runtime.prepare()
    from bot import training

    path = training.model_path()
    if path.exists() and not force:
        progress("the model is up to date")
    else:
        path = training.train(progress)
    click.echo(str(path))
