"""Postcodes in a message: "3521 AB", "3521ab", and a bare "3521" where a place is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.places.text import Message

_LETTERS = re.compile(r"[a-z]{2}\Z")
_GLUED = re.compile(r"([1-9]\d{3})([a-z]{2})\Z")
_DIGITS = re.compile(r"[1-9]\d{3}\Z")
_NEVER_ISSUED = frozenset({"sa", "sd", "ss"})
# Behind a number these are a unit or a word: "2023 is", "2000 mg", "3000 kg".
_NOT_LETTERS = frozenset(
    """al an as be bv ca cc cm da de dl do dr eu ed el en er et ex ga ha hè he hm hz ie ik in is ja je ka kg km kr ma
    me mg ml mm mw na nl no nu of oh ok om op pa pk pm pp pu te tm to tv uu ur uw va vd ve vr vs we wo xx ze
    zo zn""".split()
)
_SAYS_POSTCODE = frozenset({"postcode", "pc", "postcodegebied", "pc4", "postkode"})


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode in a message: tokens first..last-1."""

    pc4: str
    first: int
    last: int


def find_postcodes(message: Message, known: Mapping[str, object], *, bare: bool = False) -> list[Postcode]:
    """The postcodes in a message, only those that exist.

    A number of four digits alone may be a year or an amount: it counts when `bare` is set or "postcode" stands before.
    """
    found: list[Postcode] = []
    for index, key in enumerate(message.keys):
        if not key[0].isdigit():
            continue
        glued = _GLUED.match(key)
        if glued and glued[1] in known and glued[2] not in _NEVER_ISSUED:
            found.append(Postcode(glued[1], index, index + 1))
        elif _DIGITS.match(key) and key in known:
            announced = bool(_SAYS_POSTCODE.intersection(message.keys[max(0, index - 3) : index]))
            if _has_letters(message, index + 1, announced or bare):
                found.append(Postcode(key, index, index + 2))
            elif announced or bare:
                found.append(Postcode(key, index, index + 1))
    return found


def _has_letters(message: Message, index: int, announced: bool) -> bool:
    if (
        index >= len(message)
        or not _LETTERS.match(message.keys[index])
        or message.gaps[index] not in (" ", "", "  ", "-")
    ):
        return False
    if message.keys[index] in _NEVER_ISSUED:
        return False
    written_so = message.slice(index, index + 1).isupper() and message.capital[index]
    return written_so or message.keys[index] not in _NOT_LETTERS


def beside(postcodes: Sequence[Postcode], message: Message, first: int, last: int) -> Postcode | None:
    """The postcode right before or after tokens first..last-1."""
    for postcode in postcodes:
        if postcode.last == first and not message.hard_break(first):
            return postcode
        between = message.keys[last : postcode.first]
        if postcode.first >= last and all(word in _SAYS_POSTCODE for word in between) and not message.hard_break(last):
            return postcode
    return None
