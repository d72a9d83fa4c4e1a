"""The names: what each spelling of a place can stand for, read from the register tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from knowledge.errors import TableError
from knowledge.places.text import name_keys
from knowledge.places.words import DATA

REGISTER = Path(__file__).resolve().parents[1] / "register"

MAX_TOKENS = 7


class Kind(IntEnum):
    """How a name reaches a municipality; the order decides which kind is reported and which reading comes first."""

    GEMEENTE = 0
    ALIAS = 1
    OUDE_GEMEENTE = 2
    WOONPLAATS = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Sort(IntEnum):
    """How much evidence a name needs before it counts as a place (see `evidence.py`)."""

    PLAIN = 0  # no Dutch word: always a place
    SHORT = 1  # no Dutch word, but so short that it needs a capital or a preposition
    RARE = 2  # a Dutch word that hardly ever follows "in" without an article
    WORD = 3  # an everyday word
    NAME = 4  # also a first name or a surname
    FUNCTION = 5  # een, heel, echt: everywhere in a message
    REGION = 6  # also a country or province
    ALONE = 7  # only as a whole answer, or with "gemeente" or a postcode


_SORTS = {
    "geen": Sort.PLAIN,
    "zeldzaam": Sort.RARE,
    "woord": Sort.WORD,
    "naam": Sort.NAME,
    "functie": Sort.FUNCTION,
    "streek": Sort.REGION,
    "alleen": Sort.ALONE,
}
_SHORT = 4  # letters


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a name can stand for."""

    gemeente: str
    province: str
    place: str | None
    kind: Kind


@dataclass(slots=True)
class Name:
    """One spelling with its readings, likeliest first."""

    keys: tuple[str, ...]
    sort: Sort
    readings: list[Reading] = field(default_factory=list)
    nickname: bool = False

    @property
    def key(self) -> str:
        return "".join(self.keys)

    @property
    def usual(self) -> list[Reading]:
        """The readings without the rest of a municipality that was split up, if a village still bears the name.

        "Haaren" is the village in Oisterwijk; only "gemeente Haaren" may be any of its four heirs.
        """
        if not any(reading.place for reading in self.readings):
            return self.readings
        return [reading for reading in self.readings if reading.place or reading.kind is not Kind.OUDE_GEMEENTE]

    @property
    def kind(self) -> Kind:
        return min(reading.kind for reading in self.readings)


def _rows(path: Path, *columns: str) -> Iterator[Mapping[str, str]]:
    """The rows of a table; the columns are found by name, so that a table may have more of them."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise TableError(f"kolom ontbreekt: {', '.join(missing)}", path=path, line=1)
        yield from reader


class Gazetteer:
    """All names and postcodes of the register.

    `names` is found by spelling with the tokens apart ("den haag"), `joined` by the same without blanks ("denhaag").
    """

    def __init__(self, folder: Path = REGISTER) -> None:
        self.names: dict[str, Name] = {}
        self.joined: dict[str, Name] = {}
        self.postcodes: dict[str, list[tuple[str, float]]] = {}
        self.provinces: dict[str, str] = {}
        self._gemeente_by_code: dict[str, str] = {}
        self._pc4s: dict[str, list[int]] = {}
        self._sorts = {
            " ".join(name_keys(row["naam"])): _SORTS[row["soort"]]
            for row in _rows(DATA / "woordplaatsen.csv", "naam", "soort")
        }
        self._read_gemeenten(folder)
        self._read_postcodes(folder)
        self._read_herindelingen(folder)
        self._read_places(folder)
        self._read_nicknames()
        self._add_spellings()
        for name in self.names.values():
            name.readings.sort(key=lambda reading, keys=name.keys: self._likelihood(keys, reading))
            self.joined.setdefault(name.key, name)

    # ------------------------------------------------------------------ reading

    def _read_gemeenten(self, folder: Path) -> None:
        for row in _rows(folder / "gemeenten.csv", "cbs_code", "naam", "provincie", "aliassen"):
            name, province = row["naam"], row["provincie"]
            self._gemeente_by_code[row["cbs_code"]] = name
            self.provinces[name] = province
            self._add(name, Reading(name, province, None, Kind.GEMEENTE))
            for alias in filter(None, row["aliassen"].split(";")):
                self._add(alias, Reading(name, province, None, Kind.ALIAS))

    def _read_postcodes(self, folder: Path) -> None:
        for row in _rows(folder / "postcodes.csv", "pc4", "gemeente_code", "aandeel"):
            gemeente = self._gemeente_by_code[row["gemeente_code"]]
            self.postcodes.setdefault(row["pc4"], []).append((gemeente, float(row["aandeel"])))
            self._pc4s.setdefault(gemeente, []).append(int(row["pc4"]))
        for shares in self.postcodes.values():
            shares.sort(key=lambda item: (-item[1], item[0]))

    def _read_herindelingen(self, folder: Path) -> None:
        for row in _rows(folder / "herindelingen.csv", "oude_naam", "huidige_naam"):
            gemeente = row["huidige_naam"]
            self._add(row["oude_naam"], Reading(gemeente, self.provinces[gemeente], None, Kind.OUDE_GEMEENTE))

    def _read_places(self, folder: Path) -> None:
        for row in _rows(folder / "woonplaatsen.csv", "woonplaats", "gemeente_code"):
            self._add_place(row["woonplaats"], row["woonplaats"], row["gemeente_code"], Kind.WOONPLAATS)
        for row in _rows(folder / "woonplaats_aliassen.csv", "alias", "woonplaats", "gemeente_code"):
            self._add_place(row["alias"], row["woonplaats"], row["gemeente_code"], Kind.ALIAS)

    def _read_nicknames(self) -> None:
        for row in _rows(DATA / "bijnamen.csv", "naam", "gemeente", "woonplaats", "soort"):
            gemeente = row["gemeente"]
            reading = Reading(gemeente, self.provinces[gemeente], row["woonplaats"] or None, Kind.ALIAS)
            name = self._add(row["naam"], reading)
            name.nickname = True
            if row["soort"] != "geen":
                name.sort = _SORTS[row["soort"]]

    def _add_place(self, name: str, place: str, code: str, kind: Kind) -> None:
        gemeente = self._gemeente_by_code[code]
        self._add(name, Reading(gemeente, self.provinces[gemeente], place, kind))

    def _add(self, spelling: str, reading: Reading) -> Name:
        keys = name_keys(spelling)
        text = " ".join(keys)
        name = self.names.get(text)
        if name is None:
            name = self.names[text] = Name(keys, self._sort(text))
        for index, known in enumerate(name.readings):
            if known.gemeente == reading.gemeente and (
                known.place == reading.place or None in (known.place, reading.place)
            ):
                # The same municipality reached twice: keep the stronger kind, and the place if either knows it.
                kind = min(known.kind, reading.kind)
                name.readings[index] = Reading(known.gemeente, known.province, known.place or reading.place, kind)
                return name
        name.readings.append(reading)
        return name

    def _sort(self, text: str) -> Sort:
        if text in self._sorts:
            return self._sorts[text]
        return Sort.SHORT if len(text) <= _SHORT else Sort.PLAIN

    # ------------------------------------------------------------------ spellings people use

    def _add_spellings(self) -> None:
        """Add names with another article, without one, and with a written-out number."""
        for name in list(self.names.values()):
            first, rest = name.keys[0], name.keys[1:]
            if not rest:
                continue
            if first == "s":
                self._add_spelling(rest, Sort.PLAIN, name)
            elif first in ("1e", "2e"):
                self._add_spelling(({"1e": "eerste", "2e": "tweede"}[first], *rest), name.sort, name)
            elif first in ("de", "den", "het", "it") and sum(map(len, rest)) >= _SHORT:
                if first == "de":
                    self._add_spelling(("den", *rest), name.sort, name)
                elif first == "den":
                    self._add_spelling(("de", *rest), Sort.WORD, name)
                if name.sort is Sort.PLAIN:
                    self._add_spelling(rest, Sort.ALONE, name)

    def _add_spelling(self, keys: tuple[str, ...], sort: Sort, original: Name) -> None:
        text = " ".join(keys)
        if text not in self.names:
            self.names[text] = Name(keys, self._sorts.get(text, sort), list(original.readings), original.nickname)

    # ------------------------------------------------------------------ likelihood and distance

    def size(self, gemeente: str) -> int:
        """How many postcode areas the municipality has: a rough measure of how often it is meant."""
        return len(self._pc4s.get(gemeente, ()))

    def _likelihood(self, keys: tuple[str, ...], reading: Reading) -> tuple[int, int, str]:
        if name_keys(reading.gemeente)[: len(keys)] == keys:
            order = 0  # the municipality itself, also without its addition: Hengelo (O), Bergen (NH)
        else:
            # A village of that very name is likelier than a dissolved municipality that was called after it.
            village = reading.place is not None and name_keys(reading.place)[: len(keys)] == keys
            order = 2 if reading.kind is Kind.OUDE_GEMEENTE and not village else 1
        return order, -self.size(reading.gemeente), reading.gemeente

    def distance(self, gemeente: str, others: set[str]) -> int:
        """How far apart in postcode numbers; neighbours have neighbouring numbers nearly everywhere."""
        mine = self._pc4s.get(gemeente, ())
        return min((abs(a - b) for other in others for b in self._pc4s.get(other, ()) for a in mine), default=9999)
