"""Names spelt right, and meant as a place."""

from __future__ import annotations

from collections.abc import Container, Sequence

from knowledge.places import qualifiers
from knowledge.places.evidence import Circumstances, is_place
from knowledge.places.found import Builder, Found
from knowledge.places.gazetteer import MAX_TOKENS, Gazetteer, Name, Sort
from knowledge.places.persons import is_surname
from knowledge.places.postcodes import Postcode, beside, find_postcodes
from knowledge.places.text import Message
from knowledge.places.words import WordList

_LONG_NAME = 12  # letters; "noord oost polder" can be nothing else, however it is cut up
_PIECES_NAME = 7  # letters of a name that may be written in two pieces
_ONE_WORD = 5  # letters of a name that may be written as one word


class NameFinder:
    """Finds the exact names in a message."""

    def __init__(self, gazetteer: Gazetteer, builder: Builder, words: WordList, first_names: Container[str]) -> None:
        self._gazetteer = gazetteer
        self._builder = builder
        self._words = words
        self._first_names = first_names

    def find(self, message: Message, postcodes: Sequence[Postcode]) -> list[Found]:
        """All exact names that are meant as a place, from left to right."""
        found: list[Found] = []
        taken = {index for postcode in postcodes for index in range(postcode.first, postcode.last)}
        index = 0
        while index < len(message):
            item = None if index in taken else self._at(message, index, found, postcodes)
            if item is None:
                index += 1
            else:
                found.append(item)
                index = item.last
        return found

    def _at(self, message: Message, first: int, before: Sequence[Found], postcodes: Sequence[Postcode]) -> Found | None:
        """The longest name that starts at this token and is meant as a place."""
        if is_surname(message, first, self._first_names):
            return None
        for last in range(min(len(message), first + MAX_TOKENS), first, -1):
            name = self.spelt(message, first, last)
            if name is None:
                continue
            postcode = beside(postcodes, message, first, last)
            found = self._builder.of_name(message, name, first, last)
            known = Circumstances(
                qualified=found.last > last,
                after_place=_continues(message, before, first),
                with_postcode=postcode is not None and self._fits(name, postcode),
            )
            if is_place(name, message, first, last, known):
                return found
        return None

    def spelt(self, message: Message, first: int, last: int) -> Name | None:
        """The name that these tokens spell, whether written together, apart or with hyphens."""
        keys = message.keys[first:last]
        name = self._gazetteer.names.get(" ".join(keys))
        if name is not None:
            return name
        name = self._gazetteer.joined.get("".join(keys))
        if name is None or name.nickname:
            return None
        if last - first == 1:
            return name if len(name.key) >= _ONE_WORD else None
        if any(message.clause_break(index) for index in range(first + 1, last)):
            return None
        if len(name.keys) > 1:
            return name
        if min(map(len, keys)) >= 3 and len(name.key) >= _LONG_NAME:
            return name
        if all(message.glued(index) for index in range(first + 1, last)) and min(map(len, keys)) > 1:
            return name
        # "zoeter meer": one name in pieces. The pieces are mostly words, so the context has to make it a place.
        if last - first == 2 and min(map(len, keys)) >= 3 and len(name.key) >= _PIECES_NAME and name.sort <= Sort.RARE:
            return Name(name.keys, Sort.WORD if all(key in self._words for key in keys) else Sort.RARE, name.readings)
        return None

    def backed_postcodes(self, message: Message, strict: Sequence[Postcode]) -> list[Postcode]:
        """Bare numbers that are a postcode because a place of that postcode stands beside them: "5683 Best"."""
        backed = []
        for postcode in find_postcodes(message, self._gazetteer.postcodes, bare=True):
            name, _ = qualifiers.name_at(self._gazetteer, message, postcode.last)
            if (
                name
                and postcode not in strict
                and not message.clause_break(postcode.last)
                and self._fits(name, postcode)
            ):
                backed.append(postcode)
        return backed

    def _fits(self, name: Name, postcode: Postcode) -> bool:
        owners = {gemeente for gemeente, _ in self._gazetteer.postcodes[postcode.pc4]}
        return any(reading.gemeente in owners for reading in name.readings)


def _continues(message: Message, before: Sequence[Found], first: int) -> bool:
    """Whether this goes on where a place ended: "Utrecht en Best"."""
    if not before or message.hard_break(first):
        return False
    between = message.keys[before[-1].last : first]
    if not between:
        return message.clause_break(first) and "," in message.gaps[first] and message.upper[first]
    return len(between) == 1 and between[0] in ("en", "of") and message.upper[first]
