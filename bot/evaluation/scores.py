"""Scores (contract): right, wrong, asked, missed; danger; places; calibration."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation import Turn
from bot.evaluation.rows import Message

RIGHT, WRONG, ASKED, MISSED = "right", "wrong", "asked", "missed"
OUTCOMES = (RIGHT, WRONG, ASKED, MISSED)
DANGER = "noodgeval"
_BINS = 10


@dataclass(frozen=True)
class Scored:
    """One message with what the assistant made of it."""

    message: Message
    turn: Turn
    outcome: str


def outcome(message: Message, turn: Turn) -> str:
    """How one turn counts.

    right: its topic is accepted (a fallback is right for `buiten_bereik`); asked: "bedoelt u" with an accepted topic
    among the options; missed: a fallback, or a question without an accepted option; wrong: any other topic.
    """
    if turn.topic in message.accept:
        return RIGHT
    if turn.kind == "fallback":
        return RIGHT if "buiten_bereik" in message.accept else MISSED
    if turn.kind == "clarify":
        return ASKED if set(turn.options) & set(message.accept) else MISSED
    return WRONG if turn.topic else MISSED


def counts(scored: Iterable[Scored]) -> Counter[str]:
    """How many of each outcome."""
    return Counter(item.outcome for item in scored)


def grouped(scored: Iterable[Scored], by: str) -> dict[str, Counter[str]]:
    """Outcomes per kind, voice or topic (the first accepted one)."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for item in scored:
        name = item.message.accept[0] if by == "topic" else getattr(item.message, by)
        groups[name][item.outcome] += 1
    return dict(sorted(groups.items()))


def macro_f1(scored: Iterable[Scored]) -> float:
    """Unweighted mean F1 over topics, where the expected topic is the accepted one given, else the first accepted."""
    true_positive: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    for item in scored:
        target = item.turn.topic if item.outcome == RIGHT and item.turn.topic else item.message.accept[0]
        expected[target] += 1
        if item.turn.topic:
            predicted[item.turn.topic] += 1
        true_positive[target] += item.outcome == RIGHT
    values = [
        2 * true_positive[key] / (expected[key] + predicted[key]) if expected[key] + predicted[key] else 0.0
        for key in expected
    ]
    return sum(values) / len(values) if values else 0.0


def confusions(scored: Iterable[Scored]) -> list[tuple[str, str, list[str]]]:
    """Wrong answers as (expected, given, texts), most frequent first."""
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in scored:
        if item.outcome == WRONG:
            pairs[item.message.accept[0], item.turn.topic or ""].append(item.message.text)
    return [(first, second, texts) for (first, second), texts in sorted(pairs.items(), key=lambda kv: -len(kv[1]))]


@dataclass(frozen=True)
class DangerScore:
    """Danger messages found, with the 95% Wilson interval of the recall, and false alarms on everything else."""

    found: int
    total: int
    interval: tuple[float, float]
    false_alarms: int
    others: int
    missed_texts: tuple[str, ...]
    false_texts: tuple[str, ...]


def danger(scored: Iterable[Scored]) -> DangerScore:
    """Recall on rows of kind "nood"; a false alarm is a danger answer where danger is not accepted."""
    scored = list(scored)
    dangerous = [item for item in scored if DANGER in item.message.accept]
    others = [item for item in scored if DANGER not in item.message.accept]
    found = sum(item.turn.kind == "safety" for item in dangerous)
    alarms = [item.message.text for item in others if item.turn.kind == "safety"]
    missed = tuple(item.message.text for item in dangerous if item.turn.kind != "safety")
    return DangerScore(found, len(dangerous), wilson(found, len(dangerous)), len(alarms), len(others), missed,
                       tuple(alarms))  # fmt: skip


@dataclass(frozen=True)
class PlaceScore:
    """Named places: resolved, asked about, wrong, not seen; and places found where none is meant."""

    right: int
    asked: int
    wrong: int
    missed: int
    invented: int
    without_place: int
    problems: tuple[str, ...]


def places(scored: Iterable[Scored]) -> PlaceScore:
    """`slots.gemeente` against the label; a question about the place counts as asked."""
    tally: Counter[str] = Counter()
    problems: list[str] = []
    for item in scored:
        got, want = item.turn.slots.get("gemeente"), item.message.gemeente
        asked = any(entity["entity"] == "plaats_keuze" for entity in item.turn.entities)
        if want is None:
            tally["without"] += 1
            name = "invented" if got else ""
        elif got == want:
            name = "right"
        else:
            name = "asked" if asked and not got else "wrong" if got else "missed"
        tally[name] += 1
        if name in ("wrong", "missed", "invented"):
            problems.append(f"{name}: {want or '-'} got {got or '-'}: {item.message.text[:100]}")
    return PlaceScore(tally["right"], tally["asked"], tally["wrong"], tally["missed"], tally["invented"],
                      tally["without"], tuple(problems))  # fmt: skip


def calibration(scored: Iterable[Scored]) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error, and per bin (mean confidence, share right, messages), over answered messages."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for item in scored:
        if item.turn.kind in ("clarify", "fallback") or not item.turn.topic:
            continue
        bins[min(int(item.turn.confidence * _BINS), _BINS - 1)].append((item.turn.confidence, item.outcome == RIGHT))
    total = sum(len(values) for values in bins.values())
    rows = [
        (sum(value for value, _ in values) / len(values), sum(hit for _, hit in values) / len(values), len(values))
        for _, values in sorted(bins.items())
    ]
    error = sum(abs(mean - share) * size for mean, share, size in rows) / total if total else 0.0
    return error, rows


def coverage(scored: Iterable[Scored], precisions: Iterable[float] = (0.95, 0.97, 0.99)) -> dict[float, float]:
    """For each precision: the largest share of all messages that could be answered at once with at least that share right.

    Messages are taken from the surest down; one that was asked back counts with its best option, a fallback never counts.
    """
    tried = []
    for item in scored:
        best = item.turn.topic or next(iter(item.turn.options), None)
        tried.append((item.turn.confidence if best else 0.0, best in item.message.accept))
    tried.sort(key=lambda pair: -pair[0])
    hits, reached = 0, dict.fromkeys(precisions, 0)
    for number, (_, hit) in enumerate(tried, start=1):
        hits += hit
        for precision in reached:
            if hits >= precision * number:
                reached[precision] = number
    return {precision: number / max(1, len(tried)) for precision, number in reached.items()}


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a proportion (0, 0 for no observations)."""
    if not total:
        return 0.0, 0.0
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
