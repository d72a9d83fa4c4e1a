"""What every system gets: training sentences, a calibration split to choose its threshold on, a test split."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot import paths
from bot.checks.data import Sentence, sentences
from bot.evaluation import rows
from bot.evaluation.rows import Message
from knowledge.errors import BotError

# Danger and other languages are the work of other layers of the assistant, not of its topic classifier.
LEFT_OUT = frozenset({"nood", "taal"})
DATA = paths.DATA / "nlu"


class TaskError(BotError):
    """There is nothing to train or to measure on."""


@dataclass(frozen=True)
class Task:
    """`sentences` as (text, intent); `calibration` and `test` as labelled messages."""

    sentences: tuple[tuple[str, str], ...]
    calibration: tuple[Message, ...]
    test: tuple[Message, ...]

    @property
    def messages(self) -> list[str]:
        """The texts to classify, calibration first."""
        return [row.text for row in (*self.calibration, *self.test)]

    def digest(self) -> str:
        """Twelve characters that change with any sentence, message or label."""
        labelled = [(row.text, row.accept) for row in (*self.calibration, *self.test)]
        return hashlib.sha256(json.dumps([self.sentences, labelled]).encode()).hexdigest()[:12]


def read(data: Path = DATA, splits: Path = paths.EVALUATION, limit: int | None = None) -> Task:
    """The task in `data` (*.yml) and `splits` (calibration*.jsonl, test*.jsonl; conversations are left out).

    Args:
        limit: at most so many sentences per intent and messages per split, for a quick look.

    Raises:
        TaskError: a part is empty. bot.evaluation.rows.RowError: a row breaks the format.
    """
    found = _first_of_each(sentences(data), limit)
    task = Task(
        tuple((item.text, item.intent) for item in found),
        tuple(_messages(splits, "calibration", limit)),
        tuple(_messages(splits, "test", limit)),
    )
    if not task.sentences:
        raise TaskError(f"no training sentences in {data}")
    if not task.calibration or not task.test:
        raise TaskError(f"no messages in calibration*.jsonl or test*.jsonl of {splits}")
    return task


def _first_of_each(found: list[Sentence], limit: int | None) -> list[Sentence]:
    if limit is None:
        return found
    per_intent: dict[str, list[Sentence]] = defaultdict(list)
    for item in found:
        per_intent[item.intent].append(item)
    return [item for group in per_intent.values() for item in group[:limit]]


def _messages(folder: Path, split: str, limit: int | None) -> list[Message]:
    found = [
        row for path in sorted(folder.glob(f"{split}*.jsonl")) for row in rows.read(path)[0] if row.kind not in LEFT_OUT
    ]
    # Spread over the files, because a file is ordered by topic.
    return found if limit is None else found[:: max(1, len(found) // limit)][:limit]
