"""Every run on the test split leaves a line: nobody tunes on it unseen."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
from pathlib import Path

from bot import paths
from bot.evaluation import scores
from bot.evaluation.scores import Scored

LOGBOOK = paths.EVALUATION / "logboek.md"
_HEADER = (
    "# Runs on the test split\n\nWritten by `wegwijzer evaluate`; the test split is never used to choose anything.\n\n"
    "| date | commit | file | sha256 | n | right | wrong | asked | missed | danger |\n"
    "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n"
)


def is_test_split(path: Path) -> bool:
    """Whether `path` is (part of) the test split: tests/evaluation/test*.jsonl."""
    return path.resolve().parent == paths.EVALUATION and path.name.startswith("test")


def append(path: Path, scored: list[Scored], conversations: str = "") -> None:
    """Add one line with date, commit, file hash and figures; `conversations` sums up those of a file that holds them."""
    tally, total = scores.counts(scored), max(1, len(scored))
    danger = scores.danger(scored)
    shares = " | ".join(f"{100 * tally[name] / total:.1f}%" for name in scores.OUTCOMES)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    if not scored:
        shares = " | ".join("–" * len(scores.OUTCOMES))
    found = conversations or f"{danger.found}/{danger.total}, {danger.false_alarms} false"
    line = (
        f"| {dt.date.today().isoformat()} | {_commit()} | {path.name} | {digest} | {len(scored)} | {shares} "
        f"| {found} |\n"
    )
    if not LOGBOOK.exists():
        LOGBOOK.write_text(_HEADER, encoding="utf-8")
    with LOGBOOK.open("a", encoding="utf-8") as stream:
        stream.write(line)


def _commit() -> str:
    try:
        run = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=paths.PROJECT, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return run.stdout.strip() or "unknown"
