"""`wegwijzer evaluate`."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import click

from bot import runtime
from bot.cli import engine, progress


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write tables and plots here.")
@click.option("--thresholds", is_flag=True, help="Choose the thresholds of the doubt ladder on FILE instead.")
def evaluate(file: Path, report: Path | None, thresholds: bool) -> None:
    """Measure quality on labelled messages or conversations (JSON lines)."""
    runtime.prepare()
    from bot.evaluation import logbook, rows
    from bot.evaluation import report as reports

    messages, conversations = rows.read(file)
    if thresholds:
        _thresholds(messages)
        return
    scored, lines = asyncio.run(_run(messages, conversations))
    click.echo(reports.summary(scored, _conversation_line(len(conversations), lines)))
    for line in lines:
        click.echo(line)
    if report:
        reports.write(scored, report, lines)
        progress(f"report written to {report}")
    if scored and logbook.is_test_split(file):
        logbook.append(file, scored)


def _thresholds(messages: list) -> None:
    from bot.evaluation import thresholds as chooser

    for name, setting in zip(("chosen", "cheapest"), chooser.choose(messages), strict=True):
        shares = ", ".join(f"{outcome} {100 * share:.1f}%" for outcome, share in setting.shares.items())
        click.echo(f"{name}: {setting.config}\n  cost {setting.cost}; {shares}")


async def _run(messages: list, rows_: list) -> tuple[list, list[str]]:
    from bot.checks import transcripts
    from bot.evaluation.scores import Scored, outcome

    conversations = engine.ready()
    scored = []
    for message in messages:
        name = f"evaluatie-{uuid.uuid4().hex}"
        turn = await conversations.say(name, message.text)
        await conversations.forget(name)
        scored.append(Scored(message, turn, outcome(message, turn)))
    lines = [line for row in rows_ for line in await transcripts.run(conversations, row)]
    return scored, lines


def _conversation_line(total: int, lines: list[str]) -> str:
    if not total:
        return ""
    failed = len({line.split(" ", 1)[0] for line in lines})
    return f"conversations: {total - failed} of {total} wholly as expected"
