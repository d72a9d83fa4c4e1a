"""The outcome as Markdown, and as JSON for who wants to compute with it."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from bot.bench.run import Figures, Result
from bot.bench.scoring import NO_ANSWER, RIGHT, WRONG
from bot.bench.task import Task

OURS = "ours"
_HEADER = (
    "system", "right", "wrong", "no answer", "cost per 100", "first choice right", "threshold", "training",
    "memory, training", "memory, answering", "model", "per message",
)  # fmt: skip
_NOTES = """\
Right, wrong and no answer are counts on the test split, at the confidence from which answering costs least on the
calibration split (a wrong answer 5, no answer 1; no answer to what is out of scope is right). First choice right: when the
first choice is always given. Danger and other languages are left out, and so are the layers that our assistant has around
its classifier (context, asking back). Follow-ups (`vervolg_*`) need a conversation: for every system the best candidate
that is none counts. Times are of whole processes or single messages, × is relative to ours; Rasa's are through its agent,
the others call their library. Memory is the peak of the process. Models are counted as the system stores them (ours and
Rasa's compressed)."""


@dataclass(frozen=True)
class Machine:
    """Where and when it ran. `load`: processes that wanted a core in the minute before the start."""

    date: str
    system: str
    cores: int
    memory_gib: float
    load: float


def this_machine() -> Machine:
    """The machine at this moment."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = f"{platform.system()} {platform.machine()}"
    return Machine(
        dt.date.today().isoformat(), name, os.cpu_count() or 1, round(memory, 1), round(os.getloadavg()[0], 1)
    )


def markdown(task: Task, results: Sequence[Result], machine: Machine) -> str:
    """Heading lines, the table, what failed, the versions and how to read it."""
    ours = next((result.figures for result in results if result.system.name == OURS), None)
    rows = [_row(result, ours) for result in results]
    failed = [f"* {result.system.name} failed: {result.reason}" for result in results if not result.figures]
    about = [
        f"* {result.system.name}: {result.system.about}{_versions(result.figures)}" for result in results
    ]  # fmt: skip
    parts = [
        f"Measured on {machine.date} on {machine.cores} cores with {machine.memory_gib:.0f} GiB ({machine.system}), load at "
        f"the start {machine.load}. {len(task.sentences):,} training sentences, {len(task.calibration):,} messages to choose "
        f"the threshold on, {len(task.test):,} to test (data {task.digest()}).",
        "\n".join([_line(_HEADER), _line(["---", *["---:"] * (len(_HEADER) - 1)]), *rows]),
        *(["\n".join(failed)] if failed else []),
        "\n".join(about),
        _NOTES,
    ]
    return "\n\n".join(parts)


def as_json(task: Task, results: Sequence[Result], machine: Machine) -> str:
    """The same figures; a system that failed has a reason and no figures."""
    content = {
        "machine": asdict(machine),
        "data": {
            "sentences": len(task.sentences),
            "calibration": len(task.calibration),
            "test": len(task.test),
            "digest": task.digest(),
        },
        "systems": [
            {
                "name": result.system.name,
                "figures": asdict(result.figures) if result.figures else None,
                "reason": result.reason,
            }
            for result in results
        ],
    }
    return json.dumps(content, indent=1)


def _row(result: Result, ours: Figures | None) -> str:
    figures = result.figures
    if not figures:
        return _line([result.system.name, "failed", *["–"] * (len(_HEADER) - 2)])
    counts, total = figures.score.counts, sum(figures.score.counts.values())
    return _line([
        result.system.name,
        *(f"{counts[name]} ({100 * counts[name] / total:.1f}%)" for name in (RIGHT, WRONG, NO_ANSWER)),
        f"{100 * figures.score.cost / total:.1f}",
        f"{100 * figures.score.first_right / total:.1f}%",
        f"{figures.score.threshold:.2f}",
        f"{figures.seconds:,.0f} s{_times(figures.seconds, ours and ours.seconds)}",
        f"{figures.training_mb:,.0f} MB",
        f"{figures.answering_mb:,.0f} MB",
        f"{figures.model_mb:,.1f} MB",
        f"{figures.milliseconds:.2f} ms{_times(figures.milliseconds, ours and ours.milliseconds)}",
    ])  # fmt: skip


def _times(value: float, ours: float | None) -> str:
    return f" ({value / ours:.2g}×)" if ours else ""


def _versions(figures: Figures | None) -> str:
    return f" ({', '.join(f'{name} {version}' for name, version in figures.versions.items())})" if figures else ""


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
