"""Where in a message a misspelt place may stand: only where a place is to be expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.places import cues, evidence
from knowledge.places.fuzzy import Guess
from knowledge.places.gazetteer import Sort
from knowledge.places.speller import Speller
from knowledge.places.text import Message

_MAX_WORDS = 5
_CLEAR_LENGTH = 7  # letters; a shorter misspelling needs a firm context
_FIRM_LENGTH = 4  # after "wonen in", "gemeente"
_BARE_LENGTH = 8  # without any context
_SLIGHT = 1.2  # one edit
_CLEAR_PHRASE = 10  # letters of a name of three words that no other words resemble
_LINKS = frozenset("op aan en bij aande".split())
_MAX_EXTRA = 4
_SHORT_MESSAGE = 2
_ARTICLES = frozenset({"de", "het", "it"})


@dataclass(frozen=True, slots=True)
class Typo:
    """Tokens first..last-1 look like a misspelling of the guesses, best first."""

    first: int
    last: int
    guesses: tuple[Guess, ...]
    rivals: tuple[Guess, ...] = ()  # all names within reach, also those that need a firmer context


def find_typos(
    message: Message,
    speller: Speller,
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
                typo = _at(message, speller, taken, position, limit)
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
    all_of_message: bool = False


def _limit(message: Message, first: int, expecting: bool) -> _Limit | None:
    """The limit at this token, or None where no place is to be expected."""
    capital = message.capital[first]
    preposition = evidence.preposition_before(message, first)
    if first == 0 and not expecting and len(message) <= _SHORT_MESSAGE:
        # A message that is nothing but a misspelt name: "herenveen".
        return _Limit(_SLIGHT, _CLEAR_LENGTH, all_of_message=True)
    if (
        evidence.strong_before(message, first)
        or evidence.label_before(message, first)
        and not message.clause_break(first)
    ):
        return _Limit(2.5, _FIRM_LENGTH)
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
    speller: Speller,
    taken: set[int],
    first: int,
    limit: _Limit,
) -> Typo | None:
    """The best misspelling that starts at this token, if there is one."""
    best: tuple[float, Typo] | None = None
    for last in range(first + 1, min(len(message), first + _MAX_WORDS) + 1):
        if last - 1 in taken or (last - 1 > first and message.clause_break(last - 1)):
            break
        if limit.all_of_message and last != len(message):
            continue
        keys = message.keys[first:last]
        query = "".join(keys)
        if len(query) < limit.length:
            continue
        rivals = speller.reachable(keys, lenient=limit.length == _FIRM_LENGTH)
        guesses = [guess for guess in rivals if _fits(guess, limit, last - first, message, first)]
        if not guesses or not (speller.may_guess(keys, message.capital[first]) or clear_of_words(keys, guesses[0])):
            continue
        # More words that fit better explain more; "amersfort en" is no better than "amersfort".
        score = guesses[0].rank / len(query)
        if best is None or score < best[0]:
            best = score, Typo(first, last, tuple(guesses), tuple(rivals))
    return best[1] if best else None


def _fits(guess: Guess, limit: _Limit, words: int, message: Message, first: int) -> bool:
    name = guess.name
    firm = limit.length == _FIRM_LENGTH
    if guess.cost > limit.cost:
        return False
    if name.sort > Sort.RARE:
        return (
            name.sort is Sort.WORD and guess.cost <= _SLIGHT and len(name.key) > 4 and (firm or message.capital[first])
        )
    if name.sort is Sort.RARE and len(name.key) < 6 and not message.capital[first] and not firm:
        return False
    if words > 1 and len(name.keys) == 1:
        return words == 2 and guess.cost <= _SLIGHT and min(map(len, message.keys[first : first + 2])) >= 3
    # A single word is seldom a name of several: "debilt" is, "haage" is not "den haag".
    return words > 1 or len(name.keys) == 1 or guess.cost <= _SLIGHT


def clear_of_words(keys: Sequence[str], guess: Guess) -> bool:
    """ "De Ronde Vennen": all of them words, but together they can be nothing else."""
    if " ".join(keys) == " ".join(guess.name.keys):
        return False  # spelt right, but not meant as a place
    long = len(keys) >= 3 or (len(keys) == 2 and len(guess.name.keys) == 2 and keys[0] not in _ARTICLES)
    return (
        long and guess.cost <= _SLIGHT and len(guess.name.key) >= (_CLEAR_PHRASE if len(keys) >= 3 else _CLEAR_LENGTH)
    )


def extend_exact(message: Message, speller: Speller, first: int, last: int) -> Typo | None:
    """The longer, misspelt name around an exact one: "Bergen op Zooom", "Eten-Leur"."""
    linked_after = last < len(message) and (message.glued(last) or message.keys[last] in _LINKS)
    linked_before = first > 0 and (message.glued(first) or message.keys[first - 1] in _LINKS)
    if not linked_after and not linked_before:
        return None
    for start in range(max(0, first - _MAX_EXTRA) if linked_before else first, first + 1):
        for end in range(min(len(message), last + _MAX_EXTRA) if linked_after else last, last - 1, -1):
            if end - start <= last - first or any(message.clause_break(index) for index in range(start + 1, end)):
                continue
            guesses = [guess for guess in speller.reachable(message.keys[start:end]) if _same_build(guess, end - start)]
            if guesses and guesses[0].cost <= _SLIGHT + 0.4:
                return Typo(start, end, tuple(guesses))
    return None


def _same_build(guess: Guess, words: int) -> bool:
    return len(guess.name.keys) == words and len(guess.name.key) >= _BARE_LENGTH
