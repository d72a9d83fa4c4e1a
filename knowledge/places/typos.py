"""Where in a message a misspelt place may stand: only where a place is to be expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.places import cues, evidence
from knowledge.places.fuzzy import Guess
from knowledge.places.gazetteer import Sort
from knowledge.places.text import Message

_MAX_WORDS = 5
_CLEAR_LENGTH = 7  # letters; a shorter misspelling needs a firm context
_BARE_LENGTH = 8  # without any context
_SLIGHT = 1.2  # one edit
_SKIP_AFTER_PREPOSITION = frozenset({"de", "het", "een"})


@dataclass(frozen=True, slots=True)
class Typo:
    """Tokens first..last-1 look like a misspelling of the guesses, best first."""

    first: int
    last: int
    guesses: tuple[Guess, ...]


def find_typos(
    message: Message,
    reachable: Callable[[Sequence[str]], list[Guess]],
    may_guess: Callable[[Sequence[str]], bool],
    taken: set[int],
    *,
    expecting: bool,
) -> Iterator[Typo]:
    """The misspelt places, from left to right."""
    position = 0
    while position < len(message):
        typo = None
        if position not in taken:
            limit = _limit(message, position, expecting)
            if limit is not None:
                typo = _at(message, reachable, may_guess, taken, position, limit)
        if typo is None:
            position += 1
        else:
            yield typo
            position = typo.last


@dataclass(frozen=True, slots=True)
class _Limit:
    """How far a misspelling may be off here."""

    cost: float
    length: int


def _limit(message: Message, first: int, expecting: bool) -> _Limit | None:
    """The limit at this token, or None where no place is to be expected."""
    capital = message.capital[first]
    preposition = evidence.preposition_before(message, first)
    if evidence.strong_before(message, first) or evidence.label_before(message, first) and not message.clause_break(first):
        return _Limit(2.5, 4)
    if preposition in ("in", "uit", "vanuit", "regio", "omgeving"):
        return _Limit(2.5, 5) if capital or preposition != "uit" else _Limit(_SLIGHT, 5)
    if preposition:
        return _Limit(_SLIGHT, 5 if capital else _CLEAR_LENGTH) if capital or preposition != "te" else None
    if first and message.keys[first - 1] in cues.SCHOOL and not message.clause_break(first):
        return _Limit(_SLIGHT, 6 if capital else _CLEAR_LENGTH)
    if capital:
        return _Limit(_SLIGHT, _CLEAR_LENGTH)
    if expecting:
        return _Limit(_SLIGHT, 6)
    return _Limit(_SLIGHT, _BARE_LENGTH) if message.upper[first] and message.sentence_start[first] else None


def _at(
    message: Message,
    reachable: Callable[[Sequence[str]], list[Guess]],
    may_guess: Callable[[Sequence[str]], bool],
    taken: set[int],
    first: int,
    limit: _Limit,
) -> Typo | None:
    """The best misspelling that starts at this token, if there is one."""
    best: tuple[float, Typo] | None = None
    for last in range(first + 1, min(len(message), first + _MAX_WORDS) + 1):
        if last - 1 in taken or (last - 1 > first and message.clause_break(last - 1)):
            break
        keys = message.keys[first:last]
        query = "".join(keys)
        if len(query) < limit.length:
            continue
        guesses = [guess for guess in reachable(keys) if _fits(guess, limit, last - first, message, first)]
        if not guesses or not may_guess(keys):
            continue
        # More words that fit better explain more; "amersfort en" is no better than "amersfort".
        score = guesses[0].cost / len(query)
        if best is None or score < best[0]:
            best = score, Typo(first, last, tuple(guesses))
    return best[1] if best else None


def _fits(guess: Guess, limit: _Limit, words: int, message: Message, first: int) -> bool:
    name = guess.name
    if guess.cost > limit.cost + 0.3 or name.sort > Sort.RARE:
        return False
    if name.sort is Sort.RARE and len(name.key) < 6 and not message.capital[first]:
        return False
    if words > 1 and len(name.keys) == 1:
        return words == 2 and guess.cost <= _SLIGHT
    # A single word is seldom a name of several: "debilt" is, "haage" is not "den haag".
    return words > 1 or len(name.keys) == 1 or guess.cost <= _SLIGHT
