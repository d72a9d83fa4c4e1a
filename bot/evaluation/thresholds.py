"""Chooses the thresholds of the doubt ladder on the calibration split, by a stated rule.

The rule: a wrong answer costs five times a clarifying question, and a miss (a fallback, or a question without the right
option) twice. Among the settings whose cost is within a tenth of the lowest, the one that answers most messages right at
once is taken: a parent who must answer a question back has paid as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bot.checks.data import sentences
from bot.evaluation.rows import Message as Row
from bot.nlu.doubt import CLARIFY, FALLBACK, OPTIONS, DoubtLadder
from bot.nlu.parts import intent_of
from bot.nlu.text_model import TextModel
from bot.nlu.topics import KNOWN_SHARE

COST = {"right": 0, "wrong": 5, "asked": 1, "missed": 2}
_WITHIN = 1.1
_GRID = {
    "answer_from": (0.4, 0.5, 0.6, 0.7, 0.8),
    "lead": (0.1, 0.15, 0.25, 0.4, 0.6),
    "lead_from": (0.25, 0.35, 0.45),
    "clarify_from": (0.25,),
    "known_from": (0.34, 0.5),
}
_SKIPPED = frozenset({"nood", "taal"})


@dataclass(frozen=True)
class Setting:
    """One setting of the ladder with what it led to on the split (shares of the messages) and its total cost."""

    config: dict[str, float]
    cost: int
    shares: dict[str, float]


def choose(rows: list[Row]) -> tuple[Setting, Setting]:
    """The chosen setting and the cheapest one; danger and other languages are other components' work and left out."""
    rows = [row for row in rows if row.kind not in _SKIPPED]
    found = sentences()
    model = TextModel.fit([item.text for item in found], [item.intent for item in found])
    probabilities = model.probabilities([row.text for row in rows])
    inputs = [
        (row, _ranking(model, scores), model.known_share(row.text))
        for row, scores in zip(rows, probabilities, strict=True)
    ]
    settings = [_try(inputs, config) for config in _configs()]
    cheapest = min(settings, key=lambda setting: setting.cost)
    near = [setting for setting in settings if setting.cost <= _WITHIN * cheapest.cost]
    return max(near, key=lambda setting: (setting.shares["right"], -setting.cost)), cheapest


def _configs() -> Iterator[dict[str, float]]:
    for values in itertools.product(*_GRID.values()):
        yield {**DoubtLadder.get_default_config(), **dict(zip(_GRID, values, strict=True))}


def _ranking(model: TextModel, scores: np.ndarray) -> list[dict[str, Any]]:
    return [{"name": model.classes[at], "confidence": float(scores[at])} for at in np.argsort(-scores)[:10]]


def _try(inputs: list[tuple[Row, list[dict[str, Any]], float]], config: dict[str, float]) -> Setting:
    ladder = DoubtLadder(config)
    tally = dict.fromkeys(COST, 0)
    for row, ranking, known in inputs:
        message = Message({"text": row.text, "intent": ranking[0], "intent_ranking": ranking, KNOWN_SHARE: known})
        ladder.process([message])
        tally[_outcome(row, message)] += 1
    cost = sum(COST[name] * count for name, count in tally.items())
    return Setting(config, cost, {name: count / len(inputs) for name, count in tally.items()})


def _outcome(row: Row, message: Message) -> str:
    name = intent_of(message)[0]
    if name == FALLBACK:
        return "right" if "buiten_bereik" in row.accept else "missed"
    if name == CLARIFY:
        return "asked" if set(message.get(OPTIONS) or ()) & set(row.accept) else "missed"
    return "right" if name in row.accept else "wrong"
