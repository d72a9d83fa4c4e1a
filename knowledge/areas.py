"""The notation for a part of a municipality, as in the column `deel` of `swv_gebied.csv`.

    Veghel (5461-5467); Erp (5469); Sint-Oedenrode (5491-5492)
    Amsterdam zonder Weesp: Amsterdam (1011-1019, 1021-1028); Amsterdam-Zuidoost (1101-1109)

Places with their four-digit postcodes between brackets, separated by semicolons; an optional label with a colon comes
first and is how the part is called when somebody has to choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACE = re.compile(r"(?P<place>[^();:]+) \((?P<codes>\d{4}(?:-\d{4})?(?:, \d{4}(?:-\d{4})?)*)\)")
SHOWN_PLACES = 3


@dataclass(frozen=True)
class PlaceRange:
    """A place and one unbroken range of four-digit postcodes, both ends included."""

    place: str
    first: str
    last: str

    @property
    def size(self) -> int:
        """How many postcodes the range counts."""
        return int(self.last) - int(self.first) + 1


@dataclass(frozen=True)
class Part:
    """A parsed `deel`: how it is called (may be empty) and what it consists of."""

    label: str
    ranges: tuple[PlaceRange, ...]


def parse_part(text: str) -> Part:
    """Read a `deel`.

    Raises:
        ValueError: the text does not follow the notation; the message says where, in Dutch.
    """
    label, colon, rest = text.partition(": ")
    if not colon:
        label, rest = "", text
    ranges: list[PlaceRange] = []
    for item in rest.split("; "):
        match = _PLACE.fullmatch(item)
        if not match:
            raise ValueError(f"'{item}' is geen plaats met postcodes, zoals 'Veghel (5461-5467)'")
        for codes in match["codes"].split(", "):
            first, _, last = codes.partition("-")
            if last and last <= first:
                raise ValueError(f"postcodes '{codes}' lopen niet op")
            ranges.append(PlaceRange(match["place"], first, last or first))
    return Part(label, tuple(ranges))


def describe(part: Part) -> str:
    """A short description for people: the label, or the largest places first and how many others there are."""
    if part.label:
        return part.label
    sizes: dict[str, int] = {}
    for item in part.ranges:
        sizes[item.place] = sizes.get(item.place, 0) + item.size
    places = sorted(sizes, key=lambda place: -sizes[place])
    others = len(places) - SHOWN_PLACES
    if others <= 1:
        return _enumerate(places)
    return f"{', '.join(places[:SHOWN_PLACES])} en {others} andere plaatsen"


def size(part: Part) -> int:
    """How many postcodes a part counts: the largest part of a municipality is shown first."""
    return sum(item.size for item in part.ranges)


def _enumerate(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"
