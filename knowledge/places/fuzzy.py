"""Misspelt place names: edit distance on the letters and on a rough Dutch sound form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.places.gazetteer import Kind, Name, Sort

# Spellings that sound alike, applied in this order.
_SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("ch", "g"), ("gh", "g"), ("ph", "f"), ("dh", "t"), ("th", "t"), ("ck", "k"), ("qu", "kw"),
    ("ij", "y"), ("ei", "y"), ("ey", "y"), ("ai", "y"), ("ou", "au"), ("x", "ks"), ("c", "k"), ("v", "f"), ("z", "s"), ("d", "t"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")

_SOUND_COST = 0.6  # what it costs that only the sound is the same
_MAX_HITS = 60
_TIE = 0.45  # candidates this close together are both possible
_MIN_LENGTH = 4
_GUESSABLE = frozenset({Sort.PLAIN, Sort.SHORT, Sort.RARE, Sort.WORD, Sort.NAME})


def sound(key: str) -> str:
    """The rough sound form: "amersfort" and "amersfoort" are equal in it, so are "eintoven" and "eindhoven"."""
    for spelling, heard in _SOUNDS:
        key = key.replace(spelling, heard)
    return _DOUBLE.sub(r"\1", key)


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that may have been meant, and how far off the spelling was (in edits)."""

    name: Name
    cost: float


class TypoIndex:
    """Finds the names nearest to a misspelling."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = [name for name in names if len(name.key) >= _MIN_LENGTH and name.sort in _GUESSABLE]
        self._keys = [name.key for name in self._names]
        self._sounds = [sound(key) for key in self._keys]
        self._by_initial: dict[str, list[int]] = {}
        for index, heard in enumerate(self._sounds):
            self._by_initial.setdefault(heard[0], []).append(index)

    def closest(self, query: str, *, lenient: bool = False) -> list[Guess]:
        """The names within reach of `query`, best first; empty when none is near.

        `lenient`: the whole reply is a place, so one more edit is allowed.
        """
        reach = _reach(len(query), lenient)
        if reach is None:
            return []
        heard = sound(query)
        best: dict[int, float] = {}
        for index in self._near(query, heard[0], self._keys, int(reach)):
            best[index] = float(OSA.distance(query, self._keys[index]))
        sound_reach = int(reach - _SOUND_COST)
        if sound_reach >= 0:
            for index in self._near(heard, heard[0], self._sounds, sound_reach):
                cost = OSA.distance(heard, self._sounds[index]) + _SOUND_COST
                best[index] = min(cost, best.get(index, 99.0))
        guesses = [Guess(self._names[index], cost + _unlikely(self._names[index])) for index, cost in best.items()]
        guesses = [guess for guess in guesses if _long_enough(guess.name.key, guess.cost, lenient)]
        guesses.sort(key=lambda guess: (guess.cost, guess.name.key))
        return guesses

    def _near(self, query: str, initial: str, choices: list[str], distance: int) -> list[int]:
        # A misspelling nearly always keeps its first sound; looking only there is fast and saves false guesses.
        indices = self._by_initial.get(initial, [])
        subset = [choices[index] for index in indices]
        hits = process.extract(query, subset, scorer=OSA.distance, score_cutoff=distance, limit=_MAX_HITS)
        return [indices[position] for _, _, position in hits]


def tied(guesses: list[Guess]) -> list[Guess]:
    """The best guess and those that are about as good."""
    return [guess for guess in guesses if guess.cost - guesses[0].cost < _TIE][:4]


def _reach(length: int, lenient: bool) -> float | None:
    if length < _MIN_LENGTH or (length == _MIN_LENGTH and not lenient):
        return None
    if lenient:
        return 1.0 if length == 4 else 1.6 if length <= 6 else 2.3 if length <= 10 else 3.1
    return 1.2 if length <= 7 else 2.2


def _long_enough(key: str, cost: float, lenient: bool) -> bool:
    """A short name may not be reached from far: "est" and "ens" are near everything."""
    return len(key) >= (4 if lenient else 5) or cost < 1


def _unlikely(name: Name) -> float:
    """What a small village costs over a municipality, so that Zwole is Zwolle and Haarlm Haarlem."""
    return {Kind.GEMEENTE: 0.0, Kind.ALIAS: 0.1, Kind.OUDE_GEMEENTE: 0.1, Kind.WOONPLAATS: 0.5}[name.kind]
