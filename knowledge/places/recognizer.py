"""Find the places in a message: exact names first, then postcodes, then misspellings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge.places import roles
from knowledge.places.denial import meant
from knowledge.places.found import Builder, Found
from knowledge.places.gazetteer import REGISTER, Gazetteer
from knowledge.places.model import PlaceMatch
from knowledge.places.names import NameFinder
from knowledge.places.persons import is_surname
from knowledge.places.postcodes import Postcode, find_postcodes
from knowledge.places.qualifiers import PROVINCES
from knowledge.places.reply import ReplyReader
from knowledge.places.speller import Speller
from knowledge.places.text import Message
from knowledge.places.typos import extend_exact, find_typos
from knowledge.places.words import WordList, read_word_file


class PlaceRecognizer:
    """Finds municipalities, places and postcodes in what a parent writes."""

    def __init__(self, gazetteer: Gazetteer, hospitals: roles.HospitalNames, words: WordList) -> None:
        self._gazetteer = gazetteer
        self._hospitals = hospitals
        self._words = words
        self._first_names = read_word_file("voornamen.txt")
        self._builder = Builder(gazetteer)
        self._names = NameFinder(gazetteer, self._builder, words, self._first_names)
        self._speller = Speller(gazetteer, words, read_word_file("niet_raden.txt") | self._first_names)
        self._replies = ReplyReader(gazetteer, self._builder, self._names, self._speller)

    @classmethod
    def load(cls, folder: Path | None = None) -> PlaceRecognizer:
        """Read the register tables (about a tenth of a second)."""
        folder = folder or REGISTER
        return cls(Gazetteer(folder), roles.HospitalNames.load(folder), WordList())

    def warm_up(self) -> None:
        """Read the Dutch word list now; otherwise the first misspelling waits for it (about a third of a second)."""
        self._words.load()

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """The official names of all municipalities."""
        return tuple(self._gazetteer.provinces)

    def lies_in(self, gemeente: str | None, province: str) -> bool:
        """Whether `gemeente` lies in the province that a parent calls `province` ("Drente", "noord-brabant")."""
        known = PROVINCES.get(" ".join(province.casefold().replace("-", " ").removeprefix("provincie ").split()), ())
        return gemeente is not None and self._gazetteer.provinces.get(gemeente) in known

    def find(self, text: str, *, expecting: bool = False) -> list[PlaceMatch]:
        """The places in a message, in order.

        `expecting`: the assistant has just asked for the place, so that the whole reply may be one.
        """
        message = Message(text)
        if not message.keys:
            return []
        if expecting and (whole := self._replies.read(message, strict=True)):
            return self._finish(message, [whole])
        postcodes = find_postcodes(message, self._gazetteer.postcodes, bare=expecting)
        if not expecting:
            postcodes += self._names.backed_postcodes(message, postcodes)
        found = self._extended(message, self._names.find(message, postcodes))
        found += self._misspelt(message, found, postcodes, expecting)
        found = self._builder.join_postcodes(message, found, postcodes)
        return self._finish(message, sorted(found, key=lambda item: item.first))

    def resolve(self, text: str) -> list[PlaceMatch]:
        """What a text means that is a place and nothing else (`wegwijzer lookup`)."""
        message = Message(text)
        if not message.keys:
            return []
        whole = self._replies.read(message, strict=False)
        return self._finish(message, [whole]) if whole else self.find(text, expecting=True)

    def school_place(self, matches: Iterable[PlaceMatch]) -> PlaceMatch | None:
        """The place that decides the samenwerkingsverband: the school's if said, else the home, never a hospital's."""
        matches = list(matches)
        for role in (roles.SCHOOL, roles.HOME, roles.UNKNOWN):
            of_role = [match for match in matches if match.role == role]
            if of_role:
                return _joined(of_role)
        return None

    def _misspelt(
        self, message: Message, found: Sequence[Found], postcodes: Sequence[Postcode], expecting: bool
    ) -> list[Found]:
        taken = {index for item in found for index in range(item.first, item.last)}
        taken |= {index for postcode in postcodes for index in range(postcode.first, postcode.last)}
        taken |= {index for index in range(len(message)) if is_surname(message, index, self._first_names)}
        return [
            self._builder.of_guesses(message, typo.guesses, typo.first, typo.last, typo.rivals)
            for typo in find_typos(message, self._speller, taken, expecting=expecting)
        ]

    def _extended(self, message: Message, found: Sequence[Found]) -> list[Found]:
        """Replace "Bergen" by "Bergen op Zoom" where "Bergen op Zooom" is written."""
        result = []
        for item in found:
            longer = extend_exact(message, self._speller, item.first, item.last)
            if longer and item.kind != "fuzzy":
                item = self._builder.of_guesses(message, longer.guesses, longer.first, longer.last)
            result.append(item)
        return [item for position, item in enumerate(result) if not position or result[position - 1].last <= item.first]

    def _finish(self, message: Message, found: Sequence[Found]) -> list[PlaceMatch]:
        found = _settle(found)
        spans = [(item.first, item.last) for item in found]
        assigned = roles.assign_roles(message, spans, self._hospitals)
        kept = meant(message, spans)
        return [_match(message, item, role) for item, role, keep in zip(found, assigned, kept, strict=True) if keep]


def _settle(found: Sequence[Found]) -> list[Found]:
    """Let an undoubted place elsewhere in the message suggest which of several is meant; the parent confirms."""
    sure = {item.gemeenten[0] for item in found if len(item.gemeenten) == 1}
    result = []
    for item in found:
        left = tuple(reading for reading in item.readings if reading.gemeente in sure)
        if len(item.gemeenten) > 1 and len({reading.gemeente for reading in left}) == 1:
            item = replace(item, readings=left, certain=False)
        result.append(item)
    return result


def _match(message: Message, item: Found, role: str) -> PlaceMatch:
    gemeenten = item.gemeenten
    places = {reading.place for reading in item.readings}
    start, end = message.starts[item.first], message.ends[item.last - 1]
    if message.raw[end : end + 1] == ")" and "(" in message.raw[start:end]:
        end += 1
    return PlaceMatch(
        text=message.raw[start:end],
        start=start,
        end=end,
        gemeenten=gemeenten,
        place=places.pop() if len(places) == 1 else None,
        pc4=item.pc4,
        kind=item.kind,
        certain=item.certain and len(gemeenten) == 1,
        role=role,
    )


def _joined(matches: Sequence[PlaceMatch]) -> PlaceMatch:
    """One match; several schools (or homes) in different municipalities together become a question."""
    gemeenten = tuple(dict.fromkeys(gemeente for match in matches for gemeente in match.gemeenten))
    certain = next((match for match in matches if match.certain), matches[0])
    if set(gemeenten) <= set(certain.gemeenten):
        return certain
    return replace(certain, gemeenten=gemeenten, place=None, pc4=None, certain=False)
