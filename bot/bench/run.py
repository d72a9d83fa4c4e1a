"""The whole run: each system trains and answers in processes of its own, one after the other."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import paths
from bot.bench import measure
from bot.bench.scoring import Score, score
from bot.bench.systems import CACHE, Program, Progress, SetUpFailed, System
from bot.bench.task import Task

_REASON = 160


@dataclass(frozen=True)
class Figures:
    """What was measured of one system.

    seconds: the whole training process, from its start to the model on disk. training_mb, answering_mb: most memory of the
    process that trains, and of the one that answers. model_mb: files of the model. milliseconds: median of one message.
    """

    score: Score
    seconds: float
    training_mb: float
    answering_mb: float
    model_mb: float
    milliseconds: float
    versions: dict[str, str]


@dataclass(frozen=True)
class Result:
    """Figures, or the reason why there are none."""

    system: System
    figures: Figures | None
    reason: str = ""


class _StepFailed(Exception):
    """A training or answering process that did not do its work."""


def run(task: Task, systems: Iterable[System], minutes: Mapping[str, float], progress: Progress) -> Iterator[Result]:
    """Measure `systems` on `task`, one by one; one that fails is reported as such and the others go on.

    Args:
        minutes: time-outs by name of the system that replace the usual ones.
    """
    for system in systems:
        yield _measured(task, system, minutes.get(system.name, system.minutes), progress)


def _measured(task: Task, system: System, minutes: float, progress: Progress) -> Result:
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        program = system.set_up(progress)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix=f"{system.name}-run-") as folder:
            figures = _figures(task, system, program, Path(folder), minutes * 60, progress)
    except (SetUpFailed, _StepFailed, OSError) as error:
        progress(f"{system.name}: failed: {error}")
        return Result(system, None, str(error))
    counts = ", ".join(f"{amount} {name}" for name, amount in figures.score.counts.items())
    progress(f"{system.name}: {counts}")
    return Result(system, figures)


def _figures(task: Task, system: System, program: Program, folder: Path, seconds: float, progress: Progress) -> Figures:
    sentences, messages = folder / "sentences.json", folder / "messages.json"
    model, answers = folder / "model", folder / "answers.json"
    model.mkdir()
    sentences.write_text(json.dumps(task.sentences), encoding="utf-8")
    messages.write_text(json.dumps(task.messages), encoding="utf-8")
    progress(f"{system.name}: training on {len(task.sentences):,} sentences")
    trained = _step(program, folder, seconds, "train", sentences, model)
    progress(f"{system.name}: trained in {trained['seconds']:.0f} s; answering {len(task.messages):,} messages")
    answered = _step(program, folder, seconds - trained["seconds"], "predict", messages, model, answers)
    given = json.loads(answers.read_text(encoding="utf-8"))
    intents = {intent for _, intent in task.sentences}
    return Figures(
        score(task.calibration, task.test, given["rankings"], intents),
        trained["seconds"],
        trained["megabytes"],
        answered["megabytes"],
        sum(path.stat().st_size for path in model.rglob("*") if path.is_file()) / 1e6,
        statistics.median(given["milliseconds"]),
        given["versions"],
    )


def _step(program: Program, folder: Path, seconds: float, step: str, *files: Path) -> dict[str, float]:
    """Run one step through `measure.py`; what it prints goes to a log file, whose last line is the reason of a failure."""
    result, log = folder / f"{step}-measured.json", folder / f"{step}.log"
    command = [sys.executable, measure.__file__, str(result), str(max(0.0, seconds)), *program.command, step]
    with log.open("w", encoding="utf-8") as stream:
        ended = subprocess.run(
            [*command, *map(str, files)], cwd=paths.PROJECT, env={**os.environ, **program.env},
            stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
        ).returncode  # fmt: skip
    if ended:
        raise _StepFailed(f"{step}: ended from outside (code {ended})")
    measured = json.loads(result.read_text(encoding="utf-8"))
    if measured["late"]:
        raise _StepFailed(f"{step}: not done within the time-out")
    if measured["code"]:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing said"]
        raise _StepFailed(f"{step}: exit code {measured['code']}: {said[-1][:_REASON]}")
    return measured
