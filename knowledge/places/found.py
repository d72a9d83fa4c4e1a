"""From a name, a postcode or a guess to the municipalities it can stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.places import qualifiers
from knowledge.places.fuzzy import Guess, tied
from knowledge.places.gazetteer import Gazetteer, Kind, Name, Reading
from knowledge.places.postcodes import Postcode, beside
from knowledge.places.text import Message, name_keys

_NEAR = 1.2  # one edit, or only another spelling of the same sound: no need to ask back
_RIVAL = 0.8  # another municipality this close makes a guess doubtful


@dataclass(frozen=True, slots=True)
class Found:
    """A place on its way to becoming a PlaceMatch: tokens first..last-1."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    kind: str
    certain: bool = True
    pc4: str | None = None

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """The municipalities, likeliest first."""
        return tuple(dict.fromkeys(reading.gemeente for reading in self.readings))


class Builder:
    """Makes a Found of tokens, using what the parent added to tell places of one name apart."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def of_name(self, message: Message, name: Name, first: int, last: int) -> Found:
        """Tokens first..last-1 spell this name."""
        labelled = first > 0 and message.keys[first - 1] in ("gemeente", "gem")
        readings = _as_municipality(name) if labelled else name.usual
        return self._narrowed(message, readings, first, last, name.kind.label)

    def of_guesses(
        self, message: Message, guesses: Sequence[Guess], first: int, last: int, rivals: Sequence[Guess] | None = None
    ) -> Found:
        """The place that a misspelling stands for; `rivals` are names that did not qualify but are as near."""
        best = tied(list(guesses))
        readings: dict[tuple[str, str | None], Reading] = {}
        for guess in best:
            for reading in guess.name.usual:
                readings.setdefault((reading.gemeente, reading.place), reading)
        gemeenten = {reading.gemeente for reading in readings.values()}
        rival = any(
            guess.rank - best[0].rank < _RIVAL
            and not gemeenten.issuperset(reading.gemeente for reading in guess.name.usual)
            for guess in (guesses if rivals is None else rivals)
        )
        near = best[0].cost <= _NEAR and not rival
        return self._narrowed(message, list(readings.values()), first, last, "fuzzy", near)

    def of_postcode(self, postcode: Postcode) -> Found:
        """A postcode on its own."""
        owners = [gemeente for gemeente, _ in self._gazetteer.postcodes[postcode.pc4]]
        readings = tuple(
            Reading(gemeente, self._gazetteer.provinces[gemeente], None, Kind.GEMEENTE) for gemeente in owners
        )
        return Found(postcode.first, postcode.last, readings, "postcode", len(owners) == 1, postcode.pc4)

    def join_postcodes(self, message: Message, found: Sequence[Found], postcodes: Sequence[Postcode]) -> list[Found]:
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
                joined.append(self.of_postcode(postcode))
        return joined

    def _narrowed(
        self, message: Message, readings: Sequence[Reading], first: int, last: int, kind: str, certain: bool = True
    ) -> Found:
        """Choose between the readings by what the parent added, and swallow the addition."""
        readings = list(readings)
        narrowed = qualifiers.narrow(self._gazetteer, message, readings, last)
        left = narrowed.readings
        if len({reading.gemeente for reading in left}) > 1:
            left = qualifiers.by_mentioned_province(message, left)
        if len(left) < len(readings) and kind != "fuzzy":
            kind = min(reading.kind for reading in left).label
        return Found(first, narrowed.end, tuple(left), kind, certain)


def _as_municipality(name: Name) -> list[Reading]:
    """What "gemeente" before a name leaves: the municipality itself, else the former ones, else everything."""
    own = [reading for reading in name.readings if name_keys(reading.gemeente)[: len(name.keys)] == name.keys]
    former = [reading for reading in name.readings if reading.kind is Kind.OUDE_GEMEENTE]
    return own or former or name.readings
