"""One rule for all systems: choose the threshold that costs least on the calibration split, count on the test split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.rows import Message
from bot.importer import FOLLOW_UP_PREFIX

RIGHT, WRONG, NO_ANSWER = "right", "wrong", "no answer"
OUTCOMES = (RIGHT, WRONG, NO_ANSWER)
COST = {RIGHT: 0, WRONG: 5, NO_ANSWER: 1}
OUT_OF_SCOPE = "buiten_bereik"
Ranking = Sequence[tuple[str, float]]
Choice = tuple[str | None, float]


@dataclass(frozen=True)
class Score:
    """Threshold with what it led to on the test split; `first_right`: right when the first choice is always given."""

    threshold: float
    counts: dict[str, int]
    first_right: int

    @property
    def cost(self) -> int:
        """By `COST`, over the whole test split."""
        return _cost(self.counts)


def score(
    calibration: Sequence[Message], test: Sequence[Message], rankings: Sequence[Ranking], topics: Iterable[str]
) -> Score:
    """Score of one system.

    Args:
        rankings: one per message, calibration first then test: candidates with confidence, best first.
        topics: intents of the training data; another name ("None") is a system's own way to give no answer.
    """
    known = frozenset(topics)
    choices = [best(ranking, known) for ranking in rankings]
    chosen = threshold(calibration, choices[: len(calibration)])
    tested = choices[len(calibration) :]
    return Score(chosen, count(test, tested, chosen), count(test, tested, 0.0)[RIGHT])


def best(ranking: Ranking, topics: frozenset[str]) -> Choice:
    """The first candidate that is no follow-up, because a follow-up only means something in a conversation."""
    for name, confidence in ranking:
        if not name.startswith(FOLLOW_UP_PREFIX):
            return (name if name in topics else None), confidence
    return None, 0.0


def threshold(messages: Sequence[Message], choices: Sequence[Choice]) -> float:
    """The confidence from which answering costs least; of equally cheap ones the lowest, which answers most."""
    candidates = sorted({0.0, 1.01, *(confidence for _, confidence in choices)})
    return min(candidates, key=lambda value: (_cost(count(messages, choices, value)), value))


def count(messages: Sequence[Message], choices: Sequence[Choice], least: float) -> dict[str, int]:
    """How many of each outcome when a choice is given from confidence `least`."""
    found = Counter(outcome(row, *choice, least) for row, choice in zip(messages, choices, strict=True))
    return {name: found[name] for name in OUTCOMES}


def outcome(message: Message, name: str | None, confidence: float, least: float) -> str:
    """Right, wrong, or no answer; no answer to what is out of scope is right."""
    if name is None or confidence < least:
        return RIGHT if OUT_OF_SCOPE in message.accept else NO_ANSWER
    return RIGHT if name in message.accept else WRONG


def _cost(counts: dict[str, int]) -> int:
    return sum(COST[name] * amount for name, amount in counts.items())
