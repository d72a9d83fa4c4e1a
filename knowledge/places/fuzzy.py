"""Misspelt place names: edit distance on the letters and on a rough Dutch sound form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.places.gazetteer import Kind, Name, Sort

# Spellings that sound alike, applied in this order.
_SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("ch", "g"), ("gh", "g"), ("ph", "f"), ("dh", "t"), ("th", "t"),
    ("ck", "k"), ("qu", "kw"), ("ij", "y"), ("ei", "y"), ("ey", "y"), ("ai", "y"), ("ou", "au"), ("x", "ks"),
    ("c", "k"), ("v", "f"), ("z", "s"), ("d", "t"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")

_SOUND_COST = 0.6  # what it costs that only the sound is the same
_MAX_HITS = 60
_TIE = 0.12  # candidates this close together are equally possible
_LETTER_WEIGHT = 0.15  # of two names that sound like it, the one spelt more like it comes first
_MIN_LENGTH = 4
_MAX_LENGTH = 40  # the longest name has some 30 letters
_GUESSABLE = frozenset({Sort.PLAIN, Sort.SHORT, Sort.RARE, Sort.WORD, Sort.NAME})
_ADDITIONS = frozenset("ac ca g gld gn l lb nb nh o ov ut z zh".split())


def sound(key: str) -> str:
    """The rough sound form: "amersfort" and "amersfoort" are equal in it, so are "eintoven" and "eindhoven"."""
    for spelling, heard in _SOUNDS:
        key = key.replace(spelling, heard)
    return _DOUBLE.sub(r"\1", key)


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that may have been meant: `cost` is how far off it was spelt, in edits; the lowest `rank` is likeliest."""

    name: Name
    cost: float
    rank: float


class TypoIndex:
    """Finds the names nearest to a misspelling."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = [name for name in names if _guessable(name)]
        self._keys = [name.key for name in self._names]
        self._sounds = [sound(key) for key in self._keys]
        self._by_initial: dict[str, list[int]] = {}
        for index, (key, heard) in enumerate(zip(self._keys, self._sounds, strict=True)):
            for initial in {key[0], heard[0]}:
                self._by_initial.setdefault(initial, []).append(index)

    def closest(self, query: str, *, lenient: bool = False) -> list[Guess]:
        """The names within reach of `query`, best first; empty when none is near.

        `lenient`: the whole reply is a place, so one more edit is allowed.
        """
        reach = _reach(len(query), lenient)
        if reach is None:
            return []
        heard = sound(query)
        # A misspelling nearly always keeps its first letter or sound; looking there is fast and saves false guesses.
        indices = self._by_initial.get(query[0], [])
        if heard[0] != query[0]:
            indices = sorted({*indices, *self._by_initial.get(heard[0], [])})
        best = {index: float(distance) for index, distance in _near(query, indices, self._keys, int(reach))}
        sound_reach = int(reach - _SOUND_COST)
        if sound_reach >= 0:
            for index, distance in _near(heard, indices, self._sounds, sound_reach):
                best[index] = min(distance + _SOUND_COST, best.get(index, 99.0))
        guesses = [self._guess(query, index, cost) for index, cost in best.items()]
        guesses = [guess for guess in guesses if _long_enough(guess.name.key, guess.cost, lenient)]
        guesses.sort(key=lambda guess: (guess.rank, guess.name.key))
        return guesses

    def _guess(self, query: str, index: int, cost: float) -> Guess:
        name, letters = self._names[index], OSA.distance(query, self._keys[index])
        return Guess(name, cost, cost + _LETTER_WEIGHT * letters + _unlikely(name))


def _near(query: str, indices: list[int], choices: list[str], reach: int) -> Iterator[tuple[int, int]]:
    """Those of `indices` whose choice is at most `reach` edits away, with the distance."""
    if indices:
        subset = [choices[index] for index in indices]
        for _, distance, position in process.extract(
            query, subset, scorer=OSA.distance, score_cutoff=reach, limit=_MAX_HITS
        ):
            yield indices[position], distance


def tied(guesses: list[Guess]) -> list[Guess]:
    """The best guess and those that are about as good."""
    return [guess for guess in guesses if guess.rank - guesses[0].rank < _TIE][:4]


def _guessable(name: Name) -> bool:
    if len(name.keys) > 1 and name.keys[-1] in _ADDITIONS:
        return False  # "berg en" is no misspelling of "Bergen L"
    return len(name.key) >= _MIN_LENGTH and name.sort in _GUESSABLE


def _reach(length: int, lenient: bool) -> float | None:
    if not _MIN_LENGTH <= length <= _MAX_LENGTH or (length == _MIN_LENGTH and not lenient):
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
