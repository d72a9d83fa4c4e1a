"""`wegwijzer evaluate`."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import runtime
from bot.cli import engine, progress

if TYPE_CHECKING:
    from bot.conversation import Conversations


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Write tables and plots here.")
@click.option("--thresholds", is_flag=True, help="Choose the thresholds of the doubt ladder on FILES instead.")
def evaluate(files: tuple[Path, ...], report: Path | None, thresholds: bool) -> None:
    """Measure quality on labelled messages or conversations (JSON lines)."""
    runtime.prepare()
    from bot.evaluation import rows

    read = [(file, *rows.read(file)) for file in files]
    assistant = engine.ready()
    if thresholds:
        _thresholds(assistant, [message for _, messages, _ in read for message in messages])
        return
    for file, messages, conversations in read:
        if len(read) > 1:
            click.echo(f"\n## {file.name}\n")
        _evaluate(assistant, file, messages, conversations, report / file.stem if report and len(read) > 1 else report)


def _evaluate(assistant: Conversations, file: Path, messages: list, rows_: list, report: Path | None) -> None:
    from bot.evaluation import logbook
    from bot.evaluation import report as reports
    from bot.evaluation import thresholds as chooser

    scored, failures = asyncio.run(_run(assistant, messages, rows_))
    tally = _conversations(rows_, failures)
    stored = chooser.effective(assistant.agent)
    click.echo(reports.summary(scored, tally, stored))
    unseen = logbook.is_test_split(file)
    if unseen and failures and not report:
        click.echo(
            "what failed on the test split is only written with --report: whoever reads it can no longer test with it"
        )
    for line in failures if not unseen else ():
        click.echo(line)
    if report:
        reports.write(scored, report, failures, stored)
        progress(f"report written to {report}")
    if unseen:
        logbook.append(file, scored, tally)


def _thresholds(assistant: Conversations, messages: list) -> None:
    from bot.evaluation import thresholds as chooser

    found = asyncio.run(chooser.choose(assistant.agent, messages))
    for name, setting in zip(("chosen", "cheapest"), found, strict=True):
        shares = ", ".join(f"{outcome} {100 * share:.1f}%" for outcome, share in setting.shares.items())
        click.echo(f"{name}: {setting.config}\n  cost {setting.cost}; {shares}")


async def _run(conversations: Conversations, messages: list, rows_: list) -> tuple[list, list[str]]:
    from bot.checks import transcripts
    from bot.evaluation.scores import Scored, outcome

    scored = []
    for message in messages:
        name = f"evaluatie-{uuid.uuid4().hex}"
        turn = await conversations.say(name, message.text)
        await conversations.forget(name)
        scored.append(Scored(message, turn, outcome(message, turn)))
    lines = [line for row in rows_ for line in await transcripts.run(conversations, row)]
    return scored, lines


def _conversations(rows_: list, lines: list[str]) -> str:
    if not rows_:
        return ""
    failed = {line.split(" ", 1)[0] for line in lines}
    turns = sum(len(row["turns"]) for row in rows_)
    failed_turns = {line.split(" (", 1)[0] for line in lines}
    return (
        f"conversations: {len(rows_) - len(failed)} of {len(rows_)} wholly as expected; "
        f"turns: {turns - len(failed_turns)} of {turns} ({1 - len(failed_turns) / turns:.1%})"
    )
