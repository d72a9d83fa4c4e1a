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

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.nlu.training_data.message import Message

from bot.evaluation.rows import Message as Row
from bot.nlu.context import RESOLVED
from bot.nlu.danger import DangerLayer
from bot.nlu.doubt import CLARIFY, FALLBACK, OPTIONS, DoubtLadder
from bot.nlu.parts import intent_of
from bot.nlu.topics import KNOWN_SHARE

COST = {"right": 0, "wrong": 5, "asked": 1, "missed": 2}
_WITHIN = 1.1
_GRID = {
    "answer_from": (0.4, 0.5, 0.6, 0.7, 0.8),
    "lead": (0.1, 0.15, 0.25, 0.4, 0.6),
    "lead_from": (0.25, 0.35, 0.45, 0.55),
    "scope_share": (0.15, 0.3, 0.5, 1.0),
    "clarify_from": (0.25,),
    "known_from": (0.34, 0.5),
}
_THRESHOLDS = (*DoubtLadder.get_default_config(), "evidence_from", "long_evidence_from", "long_words", "piece_from")
_SKIPPED = frozenset({"nood", "taal"})


@dataclass(frozen=True)
class Setting:
    """One setting of the ladder with what it led to on the split (shares of the messages) and its total cost."""

    config: dict[str, float]
    cost: int
    shares: dict[str, float]


def effective(agent: Agent) -> dict[str, float]:
    """The thresholds of the model that `agent` runs, as they were stored when it was trained."""
    found: dict[str, float] = {}
    for node in agent.processor.model_metadata.predict_schema.nodes.values():
        if issubclass(node.uses, (DoubtLadder, DangerLayer)):
            config = {**node.uses.get_default_config(), **node.config}
            found |= {key: value for key, value in config.items() if key in _THRESHOLDS}
    return found


async def choose(agent: Agent, rows: list[Row]) -> tuple[Setting, Setting]:
    """The chosen setting and the cheapest one for the model that `agent` runs.

    Danger and other languages are other components' work and left out, and so is what the context already decided.
    """
    inputs = []
    for row in rows:
        if row.kind not in _SKIPPED:
            parsed = await agent.processor.parse_message(UserMessage(row.text))
            if not parsed.get(RESOLVED):
                inputs.append((row, _before_the_ladder(parsed), parsed.get(KNOWN_SHARE) or 0.0))
    settings = [_try(inputs, config) for config in _configs()]
    cheapest = min(settings, key=lambda setting: setting.cost)
    near = [setting for setting in settings if setting.cost <= _WITHIN * cheapest.cost]
    return max(near, key=lambda setting: (setting.shares["right"], -setting.cost)), cheapest


def _configs() -> Iterator[dict[str, float]]:
    for values in itertools.product(*_GRID.values()):
        yield {**DoubtLadder.get_default_config(), **dict(zip(_GRID, values, strict=True))}


def _before_the_ladder(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """The candidates as the ladder saw them: it only ever puts its own verdict in front."""
    return [item for item in parsed["intent_ranking"] if item["name"] not in (CLARIFY, FALLBACK)]


def _try(inputs: list[tuple[Row, list[dict[str, Any]], float]], config: dict[str, float]) -> Setting:
    ladder = DoubtLadder(config)
    tally = dict.fromkeys(COST, 0)
    for row, ranking, known in inputs:
        first = dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}
        message = Message({"text": row.text, "intent": first, "intent_ranking": list(ranking), KNOWN_SHARE: known})
        ladder.process([message])
        tally[_outcome(row, message)] += 1
    cost = sum(COST[name] * count for name, count in tally.items())
    return Setting(config, cost, {name: count / max(1, len(inputs)) for name, count in tally.items()})


def _outcome(row: Row, message: Message) -> str:
    name = intent_of(message)[0]
    if name == FALLBACK:
        return "right" if "buiten_bereik" in row.accept else "missed"
    if name == CLARIFY:
        return "asked" if set(message.get(OPTIONS) or ()) & set(row.accept) else "missed"
    return "right" if name in row.accept else "wrong"
