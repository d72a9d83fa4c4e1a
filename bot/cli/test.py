"""`wegwijzer test`: the checks that need no pytest: data, story tests, transcripts."""

from __future__ import annotations

import asyncio

import click

from bot import paths, runtime
from bot.cli import engine, progress
from knowledge.errors import BotError


class TestsFailed(BotError):
    """A check of `wegwijzer test` found something."""


@click.command()
@click.option("--only", type=click.Choice(["data", "stories", "transcripts"]), help="Run one of the three.")
@click.option("--variety", is_flag=True, help="Print how varied the sentences of each topic are, and stop.")
def test(only: str | None, variety: bool) -> None:
    """Validate the data, run the Rasa story tests and the conversation transcripts through the real agent."""
    runtime.prepare()
    if variety:
        from bot.checks import data
        from bot.checks import variety as measured

        click.echo(measured.table(measured.measure(data.sentences())))
        return
    failed = 0
    if only in (None, "data"):
        failed += _data()
    if only in (None, "stories"):
        failed += _stories()
    if only in (None, "transcripts"):
        failed += asyncio.run(_transcripts())
    if failed:
        raise TestsFailed(f"{failed} checks failed")


def _data() -> int:
    from bot.checks import data, variety

    problems = data.check() + [line for figures in variety.measure(data.sentences()) for line in figures.problems()]
    for problem in problems:
        click.echo(problem)
    progress(f"data: {len(problems)} problems")
    return len(problems)


def _stories() -> int:
    from bot import training
    from bot.checks import stories

    result = asyncio.run(stories.run(training.ensure_model(progress), paths.STORY_TESTS))
    for name in result.failed:
        click.echo(f"story failed: {name}")
    progress(f"stories: {result.passed} passed, {len(result.failed)} failed")
    return len(result.failed)


async def _transcripts() -> int:
    from bot.checks import transcripts

    conversations = engine.ready()
    passed, failures = await transcripts.run_all(conversations, paths.TRANSCRIPTS)
    for failure in failures:
        click.echo(failure)
    progress(f"transcripts: {passed} passed, {len(failures)} failed expectations")
    return len(failures)
