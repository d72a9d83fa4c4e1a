"""The reply to "in which place?": what is left when the small talk around the place is taken off."""

from __future__ import annotations

from dataclasses import replace

from knowledge.places.evidence import Circumstances, is_place
from knowledge.places.found import Builder, Found
from knowledge.places.gazetteer import MAX_TOKENS, Gazetteer, Name, Sort
from knowledge.places.names import NameFinder
from knowledge.places.postcodes import find_postcodes
from knowledge.places.speller import Speller
from knowledge.places.text import Message
from knowledge.places.typos import clear_of_words

_LEADING = frozenset(
    """ja oh ok oke okee nou eh uh um hm nee sorry even kijken dat dit is het die deze in uit te op bij wij we ik woon
    zitten wonen woont hij zij ze zit staat gaat ligt school de onze mijn haar zijn basisschool middelbare ons kind
    gemeente gem dorp plaats stad woonplaats dorpje plaatsje stadje regio omgeving ergens volgens mij denk kom komen
    hier heet naam van vlak vlakbij vlak postcode goedemiddag goedemorgen hallo hoi natuurlijk gewoon nu ook wel
    vanuit naar was bedoel bedoelde ligging antwoord provincie een klein schoolplaats""".split()
)
_TRAILING = frozenset(
    """ja hoor denk ik dus volgens mij graag alstublieft alsjeblieft aub svp dank u wel je bedankt nl nederland toch
    geloof is het dat zo en omgeving natuurlijk gewoon daar school op naar zit staat wonen we wij hij ze zij centrum
    stad dorp""".split()
)
_MAX_LEADING = 9
_MAX_REPLY = 25  # a longer message is a story, not a reply
_MAX_GUESSED = 3  # spans tried as a misspelling
_MAX_WORDS = 5


class ReplyReader:
    """Reads a reply that is a place and nothing else, give or take "in", "dat is", "denk ik"."""

    def __init__(self, gazetteer: Gazetteer, builder: Builder, names: NameFinder, speller: Speller) -> None:
        self._gazetteer = gazetteer
        self._builder = builder
        self._names = names
        self._speller = speller

    def read(self, message: Message, *, strict: bool) -> Found | None:
        """The place that fills the reply.

        `strict`: words of a dictionary are no misspelt places. Not strict: the text is known to be a place.
        """
        spans = _candidates(message)
        for first, last in spans:
            found = self._exact(message, first, last) or self._postcode(message, first, last)
            if found:
                return found
        for first, last in spans[:_MAX_GUESSED]:
            if found := self._guess(message, first, last, strict):
                return found
        return None

    def _guess(self, message: Message, first: int, last: int, strict: bool) -> Found | None:
        keys = message.keys[first:last]
        if last - first > _MAX_WORDS or any(message.clause_break(index) for index in range(first + 1, last)):
            return None
        guesses = self._speller.reachable(keys, lenient=True)
        if not guesses:
            return None
        sure = self._speller.may_guess(keys)
        if not sure:
            allowed = (
                self._speller.may_guess(keys, message.upper[first])
                or clear_of_words(keys, guesses[0])
                or self._speller.sounds_like(keys, guesses[0])
                or not (strict or self._speller.is_never_a_place(keys))
            )
            if not allowed:
                return None
        found = self._builder.of_guesses(message, guesses, first, last)
        return replace(found, last=last, certain=found.certain and sure)

    def _exact(self, message: Message, first: int, last: int) -> Found | None:
        """A name, alone or with an addition, that fills the span."""
        for end in range(min(last, first + MAX_TOKENS), first, -1):
            name = self._names.spelt(message, first, end) or self._nickname(message, first, end)
            if name is None or not is_place(name, message, first, end, Circumstances(whole=True)):
                continue
            found = self._builder.of_name(message, name, first, end)
            postcodes = [
                item
                for item in find_postcodes(message, self._gazetteer.postcodes, bare=True)
                if item.first >= found.last
            ]
            if found.last < last and postcodes:
                found = self._builder.join_postcodes(message, [found], postcodes[:1])[0]
            if found.last >= last or found.last == last - 1 and message.keys[last - 1] in _TRAILING:
                return replace(found, certain=found.certain and not _is_doubtful(name, message, end))
        return None

    def _nickname(self, message: Message, first: int, last: int) -> Name | None:
        return self._gazetteer.joined.get("".join(message.keys[first:last])) if last - first == 1 else None

    def _postcode(self, message: Message, first: int, last: int) -> Found | None:
        for postcode in find_postcodes(message, self._gazetteer.postcodes, bare=True):
            if postcode.first == first and postcode.last >= last:
                return self._builder.of_postcode(postcode)
        return None


def _is_doubtful(name: Name, message: Message, last: int) -> bool:
    """Whether to ask back: "Zeeland" (the village?), "020", "in de wijk"."""
    if name.sort is Sort.REGION or name.sort is Sort.ALONE and name.nickname:
        return True
    return name.sort is Sort.WORD and name.keys[0] in ("de", "het") and not message.upper[last - 1]


def _candidates(message: Message) -> list[tuple[int, int]]:
    """Spans (first token, token after the last) that may be the place, longest first.

    Nothing is taken off that is not small talk: "we wonen in Best en ze wil niet meer" has no such span but itself.
    """
    length = len(message)
    if length > _MAX_REPLY:
        return []
    starts = [0]
    while starts[-1] < min(length - 1, _MAX_LEADING) and message.keys[starts[-1]] in _LEADING:
        starts.append(starts[-1] + 1)
    ends = [length]
    while ends[-1] > 1 and message.keys[ends[-1] - 1] in _TRAILING:
        ends.append(ends[-1] - 1)
    spans = [(first, last) for first in starts for last in ends if first < last]
    spans.sort(key=lambda span: (span[0] - span[1], span[0]))
    return spans
