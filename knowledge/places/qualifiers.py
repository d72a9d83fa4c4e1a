"""What a parent adds to tell one place from another: "Bergen (L)", "Beek bij Nijmegen", "Haren, gemeente Oss"."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.places.gazetteer import MAX_TOKENS, Gazetteer, Kind, Name, Reading, Sort
from knowledge.places.text import Message

_GN, _FR, _DR, _OV, _FL = "Groningen", "Fryslân", "Drenthe", "Overijssel", "Flevoland"
_GD, _UT, _NH, _ZH, _ZL = "Gelderland", "Utrecht", "Noord-Holland", "Zuid-Holland", "Zeeland"
_NB, _LB = "Noord-Brabant", "Limburg"

# Written out: these may also stand elsewhere in the message.
PROVINCES: dict[str, frozenset[str]] = {
    "groningen": frozenset({_GN}), "friesland": frozenset({_FR}), "fryslan": frozenset({_FR}),
    "drenthe": frozenset({_DR}), "drente": frozenset({_DR}), "overijssel": frozenset({_OV}),
    "overijsel": frozenset({_OV}), "twente": frozenset({_OV}), "flevoland": frozenset({_FL}),
    "gelderland": frozenset({_GD}), "gelderlant": frozenset({_GD}), "veluwe": frozenset({_GD}),
    "achterhoek": frozenset({_GD}), "betuwe": frozenset({_GD}), "utrecht": frozenset({_UT}),
    "noord holland": frozenset({_NH}), "noordholland": frozenset({_NH}), "zuid holland": frozenset({_ZH}),
    "zuidholland": frozenset({_ZH}), "holland": frozenset({_NH, _ZH}), "zeeland": frozenset({_ZL}),
    "noord brabant": frozenset({_NB}), "noordbrabant": frozenset({_NB}), "brabant": frozenset({_NB}),
    "limburg": frozenset({_LB}), "noord limburg": frozenset({_LB}), "zuid limburg": frozenset({_LB}),
    "midden limburg": frozenset({_LB}),
}  # fmt: skip
# Abbreviations: only right after the name.
_ABBREVIATIONS: dict[str, frozenset[str]] = {
    "gn": frozenset({_GN}), "gr": frozenset({_GN}), "gron": frozenset({_GN}), "fr": frozenset({_FR}),
    "fri": frozenset({_FR}), "frl": frozenset({_FR}), "dr": frozenset({_DR}), "ov": frozenset({_OV}),
    "fl": frozenset({_FL}), "flev": frozenset({_FL}), "gld": frozenset({_GD}), "gd": frozenset({_GD}),
    "gelderl": frozenset({_GD}), "ut": frozenset({_UT}), "utr": frozenset({_UT}), "nh": frozenset({_NH}),
    "n h": frozenset({_NH}), "zh": frozenset({_ZH}), "z h": frozenset({_ZH}), "zl": frozenset({_ZL}),
    "zld": frozenset({_ZL}), "nb": frozenset({_NB}), "nbr": frozenset({_NB}), "n b": frozenset({_NB}),
    "brab": frozenset({_NB}), "lb": frozenset({_LB}), "lim": frozenset({_LB}), "limb": frozenset({_LB}),
}  # fmt: skip
# One letter says something only between brackets.
_LETTERS = {
    "g": frozenset({_GD, _GN}),
    "o": frozenset({_OV}),
    "l": frozenset({_LB}),
    "z": frozenset({_ZL}),
    "f": frozenset({_FR}),
}

_BETWEEN = frozenset(
    "in bij te de het gemeente gem provincie prov vlakbij nabij onder naast dat ligt dorp buurt van".split()
)
_NEARNESS = frozenset("bij vlakbij nabij onder naast buurt".split())
_MAX_BETWEEN = 4
# Provinces that are also a city (or a village): a name after "heel" or "in" is not proof of the province.
_ALSO_PLACES = frozenset({"groningen", "utrecht", "zeeland", "holland"})
_CLEARLY_NEARER = 0.6


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The readings that are left, and the token after the addition (unchanged when there was none)."""

    readings: list[Reading]
    end: int


def province_at(message: Message, index: int) -> tuple[frozenset[str], int] | None:
    """The province written out at this token, and the token after it."""
    keys = message.keys
    if index + 1 < len(keys) and (pair := PROVINCES.get(f"{keys[index]} {keys[index + 1]}")):
        return pair, index + 2
    if index < len(keys) and (single := PROVINCES.get(keys[index])):
        return single, index + 1
    return None


def narrow(gazetteer: Gazetteer, message: Message, readings: list[Reading], end: int) -> Narrowed:
    """Use what stands right after a name to choose between its readings; the addition is swallowed."""
    if end >= len(message) or message.hard_break(end):
        return Narrowed(readings, end)
    index = end
    while index < len(message) and message.keys[index] in _BETWEEN and index - end < _MAX_BETWEEN:
        index += 1
        if message.hard_break(index):
            return Narrowed(readings, end)
    # A small word may itself be part of the addition: "Haren, De Wolden".
    for start in range(index, end - 1, -1):
        found = _by_province(message, readings, end, start) or _by_place(gazetteer, message, readings, end, start)
        if found:
            return found
    return Narrowed(readings, end)


def _by_province(message: Message, readings: list[Reading], end: int, start: int) -> Narrowed | None:
    found = province_at(message, start)
    if found is None and start < len(message):
        key = message.keys[start]
        pair = f"{key} {message.keys[start + 1]}" if start + 1 < len(message) else ""
        bracket = "(" in message.gaps[start]
        if pair in _ABBREVIATIONS:
            found = _ABBREVIATIONS[pair], start + 2
        elif key in _ABBREVIATIONS:
            found = _ABBREVIATIONS[key], start + 1
        elif bracket and key in _LETTERS:
            found = _LETTERS[key], start + 1
    if found is None:
        return None
    provinces, after = found
    left = [reading for reading in readings if reading.province in provinces]
    if not left:
        return None
    if len({reading.gemeente for reading in readings}) == 1 and start == end and not message.clause_break(end):
        return None  # "Amersfoort Utrecht" names two places; only an added "(Utrecht)" is swallowed
    return Narrowed(left, after)


def _by_place(gazetteer: Gazetteer, message: Message, readings: list[Reading], end: int, start: int) -> Narrowed | None:
    name, after = name_at(gazetteer, message, start)
    if name is None:
        return None
    between = set(message.keys[end:start])
    others = {reading.gemeente for reading in name.readings}
    if between & {"gemeente", "gem"}:
        others = {reading.gemeente for reading in name.readings if reading.kind < Kind.WOONPLAATS} or others
    left = [reading for reading in readings if reading.gemeente in others]
    ambiguous = len({reading.gemeente for reading in readings}) > 1
    said = bool(between) or message.clause_break(end)
    if left and len(left) < len(readings) or left and said and not ambiguous and name.kind < Kind.WOONPLAATS:
        return Narrowed(left, after)
    if between & _NEARNESS and (name.sort <= Sort.RARE or message.capital[start]):
        return Narrowed(_nearest(gazetteer, readings, others) if ambiguous else readings, after)
    return None


def _nearest(gazetteer: Gazetteer, readings: list[Reading], others: set[str]) -> list[Reading]:
    """The reading that lies clearly nearest to the other place, else all of them."""
    ranked = sorted((gazetteer.distance(reading.gemeente, others), index) for index, reading in enumerate(readings))
    (nearest, index), (second, _) = ranked[0], ranked[1]
    return [readings[index]] if nearest < _CLEARLY_NEARER * second else readings


def name_at(gazetteer: Gazetteer, message: Message, start: int) -> tuple[Name | None, int]:
    """The longest name that starts at this token, and the token after it."""
    for end in range(min(len(message), start + MAX_TOKENS), start, -1):
        name = gazetteer.names.get(" ".join(message.keys[start:end]))
        if name is None and end == start + 1:
            name = gazetteer.joined.get(message.keys[start])
        if name is not None:
            return name, end
    return None, start


def by_mentioned_province(message: Message, readings: list[Reading]) -> list[Reading]:
    """Choose by a province named anywhere in the message, if that leaves something."""
    for index in range(len(message)):
        found = province_at(message, index)
        if found is None:
            continue
        if message.keys[index] in _ALSO_PLACES and (index == 0 or message.keys[index - 1] not in ("provincie", "prov")):
            continue
        left = [reading for reading in readings if reading.province in found[0]]
        if left and len(left) < len(readings):
            return left
    return readings
