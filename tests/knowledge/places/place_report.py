"""Right, wrong and missed over a file of phrases; also a command.

    python tests/knowledge/places/place_report.py phrases.tsv [--all]

Each line of a phrase file: text, expecting (0 or 1), expected, and perhaps a role, with tabs between. `expected` is "-"
(no place), an official municipality name, or several joined with "|" (the assistant must ask, these among the choices).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.places import PlaceMatch, PlaceRecognizer

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Phrase:
    """One line of a phrase file."""

    text: str
    expecting: bool
    expected: tuple[str, ...]
    role: str
    line: int


@dataclass(frozen=True)
class Outcome:
    """What the recogniser made of a phrase; `verdict` is right, wrong or missed."""

    phrase: Phrase
    verdict: str
    got: str


def read_phrases(path: Path) -> list[Phrase]:
    """The phrases of a file, without comments and a header line."""
    phrases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = line.split("\t")
        if line.startswith("#") or len(fields) < 3 or fields[1] not in ("0", "1"):
            continue
        expected = () if fields[2].strip() == "-" else tuple(fields[2].strip().split("|"))
        phrases.append(
            Phrase(fields[0], fields[1] == "1", expected, fields[3].strip() if len(fields) > 3 else "", number)
        )
    return phrases


def judge(recognizer: PlaceRecognizer, phrase: Phrase) -> Outcome:
    """Right: nothing where nothing is, the municipality that counts for the school, or a question with the choices."""
    matches = recognizer.find(phrase.text, expecting=phrase.expecting)
    # A hospital's place never counts for the school, but it has been recognised.
    chosen = recognizer.school_place(matches) or (matches[0] if matches and phrase.expected else None)
    got = "-" if chosen is None else "|".join(chosen.gemeenten) + ("" if chosen.certain else "?")
    return Outcome(phrase, _verdict(phrase, chosen, matches), got + (f" ({chosen.role})" if chosen else ""))


def _verdict(phrase: Phrase, chosen: PlaceMatch | None, matches: Sequence[PlaceMatch]) -> str:
    if not phrase.expected:
        return "right" if not matches or chosen is None else "wrong"
    if chosen is None:
        return "missed"
    if phrase.role and phrase.role != chosen.role:
        return "wrong"
    if len(phrase.expected) == 1:
        return "right" if chosen.gemeenten == phrase.expected else "wrong"
    asks = not chosen.certain
    return "right" if asks and set(phrase.expected) <= set(chosen.gemeenten) else "wrong"


def report(recognizer: PlaceRecognizer, phrases: Iterable[Phrase]) -> list[Outcome]:
    """The outcome of every phrase."""
    return [judge(recognizer, phrase) for phrase in phrases]


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line with the figures, all phrases and those without a place."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    empty = [outcome for outcome in outcomes if not outcome.phrase.expected]
    false_alarms = sum(outcome.verdict == "wrong" for outcome in empty)
    return (
        f"{len(outcomes)} phrases: {counts['right']} right, {counts['wrong']} wrong, {counts['missed']} missed; "
        f"{len(empty)} without a place, {false_alarms} false alarms"
    )


def main(arguments: Sequence[str]) -> None:
    """Print the figures and what went wrong."""
    recognizer = PlaceRecognizer.load()
    recognizer.warm_up()
    files = [argument for argument in arguments if not argument.startswith("-")] or ["phrases_dev.tsv", "phrases.tsv"]
    for name in files:
        path = Path(name) if Path(name).exists() else HERE / name
        if not path.exists():
            continue
        phrases = read_phrases(path)
        started = time.perf_counter()
        outcomes = report(recognizer, phrases)
        took = (time.perf_counter() - started) * 1000 / max(1, len(phrases))
        print(f"{path.name}: {summary(outcomes)}; {took:.2f} ms a phrase")
        for outcome in outcomes:
            if outcome.verdict != "right" or "--all" in arguments:
                expected = "|".join(outcome.phrase.expected) or "-"
                asked = " [asked]" if outcome.phrase.expecting else ""
                phrase = outcome.phrase
                print(f"  {outcome.verdict:6} {phrase.line:4} {phrase.text!r}{asked}", end="")
                print(f": {expected} {phrase.role}, got {outcome.got}")


if __name__ == "__main__":
    main(sys.argv[1:])
