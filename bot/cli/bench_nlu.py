"""`wegwijzer bench nlu`."""

from __future__ import annotations

from pathlib import Path

import click

from bot import paths, runtime
from bot.bench.systems import SYSTEMS
from bot.cli import progress
from knowledge.errors import BotError


class BenchFailed(BotError):
    """At least one of the systems that were asked for gave no figures."""


@click.command()
@click.option(
    "--peer", "peers", multiple=True, type=click.Choice(list(SYSTEMS)),
    help="Only this system; may be repeated. Default: all but diet, which trains for an hour or two.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most N sentences per topic and N messages per split: a quick look."
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it here too, after each system; as JSON when it ends in .json.",
)
@click.option("--timeout", "timeouts", multiple=True, metavar="PEER=MINUTES", help="Default 30, spacy 60, diet 180.")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=paths.DATA / "nlu",
    show_default="data/nlu", help="Folder with the training sentences.",
)  # fmt: skip
@click.option(
    "--splits", type=click.Path(exists=True, file_okay=False, path_type=Path), default=paths.EVALUATION,
    show_default="tests/evaluation", help="Folder with calibration*.jsonl and test*.jsonl.",
)  # fmt: skip
def nlu(
    peers: tuple[str, ...], limit: int | None, report: Path | None, timeouts: tuple[str, ...], data: Path, splits: Path
) -> None:
    """Our topic classifier beside what others would use, on the same sentences and messages.

    Installs nlp.js and fastText under var/bench when they are asked for. Exit code 0 only when every system ran.
    """
    minutes = dict(_timeout(text) for text in timeouts)
    if report and not report.parent.is_dir():
        raise click.BadParameter(f"there is no folder {report.parent}", param_hint="--report")
    runtime.prepare()
    from bot.bench import run, table, task

    work = task.read(data, splits, limit)
    machine = table.this_machine()
    systems = [system for system in SYSTEMS.values() if system.name in peers or not (peers or system.on_request)]
    results: list[run.Result] = []
    for result in run.run(work, systems, minutes, progress):
        results.append(result)
        if report:  # after each, so that what took an hour is not lost when the next one is broken off
            written = table.as_json if report.suffix == ".json" else table.markdown
            report.write_text(written(work, results, machine) + "\n", encoding="utf-8")
    click.echo(table.markdown(work, results, machine))
    failed = [result.system.name for result in results if not result.figures]
    if failed:
        raise BenchFailed(f"{len(failed)} of {len(results)} systems failed: {', '.join(failed)}")


def _timeout(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        minutes = float(value)
    except ValueError:
        minutes = -1.0
    if name not in SYSTEMS or minutes < 0:
        raise click.BadParameter(f"{text!r} is not PEER=MINUTES", param_hint="--timeout")
    return name, minutes
