"""Find the places in a message: exact names first, then postcodes, then misspellings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.places import evidence, qualifiers, roles
from knowledge.places.cues import PREPOSITIONS
from knowledge.places.denial import meant
from knowledge.places.evidence import Circumstances
from knowledge.places.fuzzy import Guess, TypoIndex, tied
from knowledge.places.gazetteer import MAX_TOKENS, REGISTER, Gazetteer, Kind, Name, Reading, Sort
from knowledge.places.model import PlaceMatch
from knowledge.places.persons import is_surname
from knowledge.places.postcodes import Postcode, beside, find_postcodes
from knowledge.places.reply import TRAILING, candidates_for_whole_reply
from knowledge.places.text import Message, name_keys
from knowledge.places.typos import clear_of_words, extend_exact, find_typos
from knowledge.places.words import WordList, read_word_file

_NEAR = 1.2  # one edit, or only another spelling of the same sound: no need to ask back
_NEVER_PREFIXES = ("school", "zieken", "leerling", "onderwijs")
_LONG_NAME = 12  # letters; "noord oost polder" can be nothing else, however it is cut up
_FAR = 1.55  # from here on the misspelling of a Dutch word is likelier
_SOUND_LENGTH = 6
_RIVAL = 0.8  # another municipality this close makes a guess doubtful


@dataclass(frozen=True, slots=True)
class _Found:
    """A place on its way to becoming a PlaceMatch: tokens first..last-1."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    kind: str
    certain: bool = True
    pc4: str | None = None
    whole: bool = False

    @property
    def gemeenten(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reading.gemeente for reading in self.readings))


class PlaceRecognizer:
    """Finds municipalities, places and postcodes in what a parent writes."""

    def __init__(self, gazetteer: Gazetteer, hospitals: roles.HospitalNames, words: WordList) -> None:
        self._gazetteer = gazetteer
        self._hospitals = hospitals
        self._words = words
        self._typos = TypoIndex(gazetteer.names.values())
        self._first_names = read_word_file("voornamen.txt")
        self._never_guess = read_word_file("niet_raden.txt") | self._first_names

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

    # ------------------------------------------------------------------ questions

    def find(self, text: str, *, expecting: bool = False) -> list[PlaceMatch]:
        """The places in a message, in order.

        `expecting`: the assistant has just asked for the place, so that the whole reply may be one.
        """
        message = Message(text)
        if not message.keys:
            return []
        if expecting and (whole := self._whole_reply(message, strict=True)):
            return self._finish(message, [whole])
        postcodes = find_postcodes(message, self._gazetteer.postcodes, bare=expecting)
        if not expecting:
            postcodes += self._backed_by_name(message, postcodes)
        found = self._extended(message, self._exact(message, postcodes))
        found += self._misspelt(message, found, postcodes, expecting)
        found = self._join_postcodes(message, found, postcodes)
        return self._finish(message, sorted(found, key=lambda item: item.first))

    def resolve(self, text: str) -> list[PlaceMatch]:
        """What a text means that is a place and nothing else (`wegwijzer lookup`)."""
        message = Message(text)
        if not message.keys:
            return []
        whole = self._whole_reply(message, strict=False)
        return self._finish(message, [whole]) if whole else self.find(text, expecting=True)

    def school_place(self, matches: Iterable[PlaceMatch]) -> PlaceMatch | None:
        """The place that decides the samenwerkingsverband: the school's if said, else the home, never a hospital's."""
        matches = list(matches)
        for role in (roles.SCHOOL, roles.HOME, roles.UNKNOWN):
            of_role = [match for match in matches if match.role == role]
            if of_role:
                return _joined(of_role)
        return None

    # ------------------------------------------------------------------ exact names

    def _exact(self, message: Message, postcodes: Sequence[Postcode]) -> list[_Found]:
        found: list[_Found] = []
        taken = {index for postcode in postcodes for index in range(postcode.first, postcode.last)}
        index = 0
        while index < len(message):
            item = None if index in taken else self._exact_at(message, index, found, postcodes)
            if item is None:
                index += 1
            else:
                found.append(item)
                index = item.last
        return found

    def _exact_at(
        self, message: Message, first: int, before: Sequence[_Found], postcodes: Sequence[Postcode]
    ) -> _Found | None:
        """The longest name that starts at this token and is meant as a place."""
        if is_surname(message, first, self._first_names):
            return None
        for last in range(min(len(message), first + MAX_TOKENS), first, -1):
            name = self._name_spelt(message, first, last)
            if name is None:
                continue
            postcode = beside(postcodes, message, first, last)
            readings = _labelled(name) if first and message.keys[first - 1] in ("gemeente", "gem") else name.usual
            found = self._narrowed(message, readings, first, last, name.kind.label)
            known = Circumstances(
                qualified=found.last > last,
                after_place=_continues(message, before, first),
                with_postcode=postcode is not None and self._fits(name, postcode),
            )
            if evidence.is_place(name, message, first, last, known):
                return found
        return None

    def _name_spelt(self, message: Message, first: int, last: int) -> Name | None:
        """The name that these tokens spell, whether written together, apart or with hyphens."""
        keys = message.keys[first:last]
        name = self._gazetteer.names.get(" ".join(keys))
        if name is not None:
            return name
        name = self._gazetteer.joined.get("".join(keys))
        if name is None or name.nickname:
            return None
        if last - first == 1:
            return name if len(name.key) >= 5 else None
        if any(message.clause_break(index) for index in range(first + 1, last)):
            return None
        if len(name.keys) > 1:
            return name
        if min(map(len, keys)) >= 3 and len(name.key) >= _LONG_NAME:
            return name
        if all(message.glued(index) for index in range(first + 1, last)) and min(map(len, keys)) > 1:
            return name
        # "zoeter meer": one name in pieces. The pieces are mostly words, so the context has to make it a place.
        if last - first == 2 and min(map(len, keys)) >= 3 and len(name.key) >= 7 and name.sort <= Sort.RARE:
            return Name(name.keys, Sort.WORD if all(key in self._words for key in keys) else Sort.RARE, name.readings)
        return None

    def _backed_by_name(self, message: Message, strict: Sequence[Postcode]) -> list[Postcode]:
        """Bare numbers that are a postcode because a place of that postcode stands beside them: "5683 Best"."""
        backed = []
        for postcode in find_postcodes(message, self._gazetteer.postcodes, bare=True):
            name, _ = qualifiers.name_at(self._gazetteer, message, postcode.last)
            if name and postcode not in strict and not message.clause_break(postcode.last) and self._fits(name, postcode):
                backed.append(postcode)
        return backed

    def _fits(self, name: Name, postcode: Postcode) -> bool:
        owners = {gemeente for gemeente, _ in self._gazetteer.postcodes[postcode.pc4]}
        return any(reading.gemeente in owners for reading in name.readings)

    def _narrowed(
        self, message: Message, readings: Sequence[Reading], first: int, last: int, kind: str, certain: bool = True
    ) -> _Found:
        """Choose between the readings by what the parent added, and swallow the addition."""
        readings = list(readings)
        narrowed = qualifiers.narrow(self._gazetteer, message, readings, last)
        left = narrowed.readings
        if len({reading.gemeente for reading in left}) > 1:
            left = qualifiers.by_mentioned_province(message, left)
        if len(left) < len(readings) and kind != "fuzzy":
            kind = min(reading.kind for reading in left).label
        return _Found(first, narrowed.end, tuple(left), kind, certain)

    # ------------------------------------------------------------------ postcodes

    def _join_postcodes(
        self, message: Message, found: Sequence[_Found], postcodes: Sequence[Postcode]
    ) -> list[_Found]:
        """Let a postcode choose between the readings of the place beside it; a postcode on its own is a place."""
        joined = list(found)
        for postcode in postcodes:
            owners = [gemeente for gemeente, _ in self._gazetteer.postcodes[postcode.pc4]]
            for position, item in enumerate(joined):
                left = tuple(reading for reading in item.readings if reading.gemeente in owners)
                if left and item.pc4 is None and beside([postcode], message, item.first, item.last):
                    joined[position] = replace(
                        item,
                        first=min(item.first, postcode.first),
                        last=max(item.last, postcode.last),
                        readings=left,
                        pc4=postcode.pc4,
                    )
                    break
            else:
                joined.append(self._postcode_found(postcode))
        return joined

    def _postcode_found(self, postcode: Postcode) -> _Found:
        owners = [gemeente for gemeente, _ in self._gazetteer.postcodes[postcode.pc4]]
        readings = tuple(Reading(gemeente, self._gazetteer.provinces[gemeente], None, Kind.GEMEENTE) for gemeente in owners)
        return _Found(postcode.first, postcode.last, readings, "postcode", len(owners) == 1, postcode.pc4)

    # ------------------------------------------------------------------ misspellings

    def _misspelt(
        self, message: Message, found: Sequence[_Found], postcodes: Sequence[Postcode], expecting: bool
    ) -> list[_Found]:
        taken = {index for item in found for index in range(item.first, item.last)}
        taken |= {index for postcode in postcodes for index in range(postcode.first, postcode.last)}
        result = []
        taken |= {index for index in range(len(message)) if is_surname(message, index, self._first_names)}
        for typo in find_typos(message, self._reachable, self._may_guess, taken, expecting=expecting):
            result.append(self._guessed(message, typo.guesses, typo.first, typo.last, typo.rivals))
        return result

    def _extended(self, message: Message, found: Sequence[_Found]) -> list[_Found]:
        """Replace "Bergen" by "Bergen op Zoom" where "Bergen op Zooom" is written."""
        result = []
        for item in found:
            longer = extend_exact(message, self._reachable, item.first, item.last)
            if longer and item.kind != "fuzzy":
                item = self._guessed(message, longer.guesses, longer.first, longer.last)
            result.append(item)
        return [item for position, item in enumerate(result) if not position or result[position - 1].last <= item.first]

    def _may_guess(self, keys: Sequence[str], capital: bool = False) -> bool:
        """Whether these tokens can be a misspelling: not when all of them are words."""
        if " ".join(keys) in self._gazetteer.names:
            return False  # a name, but not meant as a place here
        for key in keys:
            if key in self._never_guess or key.startswith(_NEVER_PREFIXES) or any(char.isdigit() for char in key):
                if len(keys) == 1:
                    return False
            elif key not in self._words and not self._is_adjective(key):
                return capital or len(keys) > 1 or not self._is_misspelt_word(key)
        return False

    def _reachable(self, keys: Sequence[str], *, lenient: bool = False) -> list[Guess]:
        """The names these tokens may be a misspelling of; none when a word or the first token speaks against it."""
        guesses = self._typos.closest("".join(keys), lenient=lenient)
        if len(keys) > 1 and keys[0] in PREPOSITIONS:
            guesses = [guess for guess in guesses if guess.name.keys[0] == keys[0]]
        if guesses and guesses[0].cost >= _FAR and len(keys) == 1 and self._words.is_near(keys[0]):
            return []
        return guesses

    def _sounds_like(self, keys: Sequence[str], guess: Guess) -> bool:
        """Whether what looks like a word ("maarsen") can as the whole reply only be the place it sounds like."""
        sure = guess.name.sort is Sort.PLAIN and guess.cost < 1 and len(guess.name.key) >= _SOUND_LENGTH
        return sure and len(keys) == 1 and keys[0] not in self._never_guess and not self._may_guess(keys)

    def _is_adjective(self, key: str) -> bool:
        """Amsterdamse, Utrechts, Rotterdammer: no misspelling of the city."""
        for ending in ("se", "s", "er", "mer", "ers", "mers", "sche"):
            if key.endswith(ending) and key[: -len(ending)] in self._gazetteer.names:
                return True
        return False

    def _is_misspelt_word(self, key: str) -> bool:
        """ "haalen", "gaann": a word with a letter doubled."""
        return any(
            key[index] == key[index - 1] and shorter in self._words and shorter not in self._gazetteer.names
            for index in range(1, len(key))
            for shorter in [key[:index] + key[index + 1 :]]
        )

    def _guessed(
        self, message: Message, guesses: Sequence[Guess], first: int, last: int, rivals: Sequence[Guess] | None = None
    ) -> _Found:
        """The place that a misspelling stands for; `rivals` are names that did not qualify but are as near."""
        best = tied(list(guesses))
        readings: dict[tuple[str, str | None], Reading] = {}
        for guess in best:
            for reading in guess.name.usual:
                readings.setdefault((reading.gemeente, reading.place), reading)
        gemeenten = {reading.gemeente for reading in readings.values()}
        rival = any(
            guess.rank - best[0].rank < _RIVAL and not gemeenten.issuperset(reading.gemeente for reading in guess.name.usual)
            for guess in (guesses if rivals is None else rivals)
        )
        near = best[0].cost <= _NEAR and not rival
        return self._narrowed(message, list(readings.values()), first, last, "fuzzy", near)

    # ------------------------------------------------------------------ the whole reply

    def _whole_reply(self, message: Message, *, strict: bool) -> _Found | None:
        """The place when the whole reply is one, give or take "in", "dat is", "denk ik"."""
        spans = candidates_for_whole_reply(message)
        for first, last in spans:
            found = self._whole_exact(message, first, last) or self._whole_postcode(message, first, last)
            if found:
                return found
        for first, last in spans[:3]:
            keys = message.keys[first:last]
            if last - first > 5 or any(message.clause_break(index) for index in range(first + 1, last)):
                continue
            guesses = self._reachable(keys, lenient=True)
            if guesses and strict and self._sounds_like(keys, guesses[0]):
                return replace(self._guessed(message, guesses, first, last), last=last, whole=True, certain=False)
            if guesses and not self._may_guess(keys, message.upper[first]) and not clear_of_words(keys, guesses[0]):
                guesses = [] if strict or set(keys) <= self._never_guess else guesses
            if guesses:
                found = self._guessed(message, guesses, first, last)
                certain = found.certain and self._may_guess(keys)
                return replace(found, last=last, whole=True, certain=certain)
        return None

    def _whole_exact(self, message: Message, first: int, last: int) -> _Found | None:
        """A name, alone or with an addition, that fills the span."""
        for end in range(min(last, first + MAX_TOKENS), first, -1):
            name = self._name_spelt(message, first, end) or self._nickname(message, first, end)
            if name is None or not evidence.is_place(name, message, first, end, Circumstances(whole=True)):
                continue
            labelled = first and message.keys[first - 1] in ("gemeente", "gem")
            readings = _labelled(name) if labelled else name.usual
            found = self._narrowed(message, readings, first, end, name.kind.label)
            postcodes = [item for item in find_postcodes(message, self._gazetteer.postcodes, bare=True) if item.first >= found.last]
            if found.last < last and postcodes:
                found = self._join_postcodes(message, [found], postcodes[:1])[0]
            if found.last >= last or found.last == last - 1 and message.keys[last - 1] in TRAILING:
                doubtful = self._is_doubtful_reply(name, message, first, end)
                return replace(found, certain=found.certain and not doubtful, whole=True)
        return None

    @staticmethod
    def _is_doubtful_reply(name: Name, message: Message, first: int, last: int) -> bool:
        """Whether to ask back: "Zeeland" (the village?), "020", "in de wijk"."""
        if name.sort is Sort.REGION or name.sort is Sort.ALONE and name.nickname:
            return True
        return name.sort is Sort.WORD and name.keys[0] in ("de", "het") and not message.upper[last - 1]

    def _nickname(self, message: Message, first: int, last: int) -> Name | None:
        return self._gazetteer.joined.get("".join(message.keys[first:last])) if last - first == 1 else None

    def _whole_postcode(self, message: Message, first: int, last: int) -> _Found | None:
        for postcode in find_postcodes(message, self._gazetteer.postcodes, bare=True):
            if postcode.first == first and postcode.last >= last:
                return replace(self._postcode_found(postcode), whole=True)
        return None

    # ------------------------------------------------------------------ finishing

    def _finish(self, message: Message, found: Sequence[_Found]) -> list[PlaceMatch]:
        found = self._settle(found)
        spans = [(item.first, item.last) for item in found]
        assigned = roles.assign_roles(message, spans, self._hospitals)
        kept = meant(message, spans)
        return [
            self._match(message, item, role) for item, role, keep in zip(found, assigned, kept, strict=True) if keep
        ]

    def _settle(self, found: Sequence[_Found]) -> list[_Found]:
        """Let an undoubted place elsewhere in the message suggest which of several is meant; the parent confirms."""
        sure = {item.gemeenten[0] for item in found if len(item.gemeenten) == 1}
        result = []
        for item in found:
            left = tuple(reading for reading in item.readings if reading.gemeente in sure)
            if len(item.gemeenten) > 1 and len({reading.gemeente for reading in left}) == 1:
                item = replace(item, readings=left, certain=False)
            result.append(item)
        return result

    def _match(self, message: Message, item: _Found, role: str) -> PlaceMatch:
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


def _labelled(name: Name) -> list[Reading]:
    """What "gemeente" before a name leaves: the municipality itself, else the former ones, else everything."""
    own = [reading for reading in name.readings if name_keys(reading.gemeente)[: len(name.keys)] == name.keys]
    former = [reading for reading in name.readings if reading.kind is Kind.OUDE_GEMEENTE]
    return own or former or name.readings


def _continues(message: Message, before: Sequence[_Found], first: int) -> bool:
    """Whether this goes on where a place ended: "Utrecht en Best"."""
    if not before or message.hard_break(first):
        return False
    between = message.keys[before[-1].last : first]
    if not between:
        return message.clause_break(first) and "," in message.gaps[first] and message.upper[first]
    return len(between) == 1 and between[0] in ("en", "of") and message.upper[first]
