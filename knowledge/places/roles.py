"""What a place is in the story: where the school is, where the family lives, or where the child is treated."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from knowledge.places import cues
from knowledge.places.text import Message, name_keys

SCHOOL, HOME, HOSPITAL, UNKNOWN = "school", "woon", "ziekenhuis", "onbekend"

_BACK = 9  # tokens before the place in which a sign counts
_JOINS = frozenset("en of ook in uit te".split())
_NOW = frozenset("nu inmiddels tegenwoordig sindsdien".split())
_BEFORE_NOW = _NOW | frozenset(
    "maar en in te sinds kort wonen woont zit zitten staat we wij hij ze zij op school".split()
)
_NAME_REACH = 2  # a hospital name that is also a first name must stand right before the place


class HospitalNames:
    """The names by which parents call a hospital, from `ziekenhuis_namen.csv`."""

    def __init__(self, firm: Sequence[tuple[str, ...]], also_persons: Sequence[tuple[str, ...]]) -> None:
        self._firm = {name[-1]: [] for name in firm}
        for name in firm:
            self._firm[name[-1]].append(name)
        self._persons = {name[-1] for name in also_persons if len(name) == 1}

    @classmethod
    def load(cls, folder: Path) -> HospitalNames:
        """Read the table; without it only the words in `cues.py` count."""
        firm, persons = [], []
        path = folder / "ziekenhuis_namen.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    (persons if row["ook_voornaam"] == "ja" else firm).append(name_keys(row["naam"]))
        return cls([name for name in firm if name and not set(name) & cues.SCHOOL], [name for name in persons if name])

    def ends_at(self, message: Message, index: int) -> bool:
        """Whether a hospital name ends with this token."""
        names = self._firm.get(message.keys[index])
        return bool(names) and any(
            tuple(message.keys[max(0, index + 1 - len(name)) : index + 1]) == name for name in names
        )

    def person_or_hospital(self, key: str) -> bool:
        """Whether this word is a hospital's name and a first name as well (Sophia, Emma)."""
        return key in self._persons


def assign_roles(message: Message, spans: Sequence[tuple[int, int]], hospitals: HospitalNames) -> list[str]:
    """The role of each place, in the order of `spans` (first token, token after the last)."""
    roles: list[str] = []
    for position, (first, last) in enumerate(spans):
        previous_end = spans[position - 1][1] if position else 0
        next_start = spans[position + 1][0] if position + 1 < len(spans) else len(message)
        role = _from_after(message, last, next_start, hospitals, firm=True)
        role = role or _from_before(message, first, previous_end, hospitals)
        role = role or _from_after(message, last, next_start, hospitals, firm=False)
        if position and message.keys[previous_end:first] == ["naar"] and _moves(message, spans[position - 1][0]):
            role = HOME
        if role is None and position and _continues(message, spans[position - 1], first):
            role = roles[-1]
        if position and _now(message.keys[previous_end:first]):
            # "we woonden in Almelo maar nu in Borne": the first is past.
            past = HOME if _lived(message, spans[position - 1][0]) else roles[-1]
            role, roles[-1] = role or past, UNKNOWN
        elif _lived(message, first):
            role = UNKNOWN
        roles.append(role or UNKNOWN)
    return roles


def _now(between: Sequence[str]) -> bool:
    return bool(_NOW.intersection(between)) and set(between) <= _BEFORE_NOW


def _lived(message: Message, first: int) -> bool:
    return bool({"woonde", "woonden"}.intersection(message.keys[max(0, first - 3) : first]))


def _from_after(message: Message, last: int, limit: int, hospitals: HospitalNames, *, firm: bool) -> str | None:
    """ "in Zeist op school", "in Zeist wonen wij", "Zeist (school)", "Deventer ziekenhuis"."""
    keys = message.keys
    if last >= limit or message.hard_break(last):
        return None
    bracket = "(" in message.gaps[last]
    if message.clause_break(last) and not bracket:
        return None
    key = keys[last]
    if firm:
        if key in ("op", "naar") and (kind := _first_kind(keys[last + 1 : min(last + 5, limit)])):
            return kind
        if key in ("woon", "wonen", "woont", "woonachtig", "wonend") or bracket and key in cues.HOME:
            return HOME
        if bracket and key in cues.SCHOOL:
            return SCHOOL
        if key in ("ziekenhuis", "umc", "kinderziekenhuis") or _in_hospital(message, last, limit, hospitals):
            return HOSPITAL
        return SCHOOL if key in ("college", "lyceum", "gymnasium", "school") else None
    # "in Utrecht wordt hij behandeld", "in Zeist zit zijn school"
    for index in range(last, min(last + 5, limit)):
        if message.clause_break(index) and index > last:
            return None
        if keys[index] in cues.TREATED:
            return HOSPITAL
        if keys[index] in cues.SCHOOL:
            return SCHOOL
    return None


def _in_hospital(message: Message, last: int, limit: int, hospitals: HospitalNames) -> bool:
    """ "in Ede in het ziekenhuis", "in Nijmegen in het Radboud"."""
    if message.keys[last] not in ("in", "bij"):
        return False
    near = range(last + 1, min(last + 4, limit))
    return any(message.keys[index] in cues.HOSPITAL or hospitals.ends_at(message, index) for index in near)


def _first_kind(keys: Sequence[str]) -> str | None:
    for key in keys:
        if key in cues.HOSPITAL:
            return HOSPITAL
        if key in cues.SCHOOL:
            return SCHOOL
        if key in cues.HOME:
            return HOME
    return None


def _from_before(message: Message, first: int, floor: int, hospitals: HospitalNames) -> str | None:
    """The nearest sign before the place, in its own clause first and then in the clause before it."""
    lies = from_home = False
    for index in range(first - 1, max(floor, first - _BACK) - 1, -1):
        key = message.keys[index]
        if message.hard_break(index + 1) or message.clause_break(index + 1) and _new_subject(message, index + 1):
            break
        if lies and key in ("maar", "en"):
            return HOSPITAL
        if key in cues.ELSEWHERE:
            return UNKNOWN
        if key in cues.HOSPITAL or hospitals.ends_at(message, index):
            return HOSPITAL
        if key in cues.SCHOOL:
            return SCHOOL
        if key.startswith("verhui") and message.keys[first - 1] in ("van", "vanuit"):
            return UNKNOWN  # where they lived before
        if key in cues.HOME or key in ("zitten", "zijn") and _we_beside(message, index):
            return HOME
        if hospitals.person_or_hospital(key) and message.upper[index] and first - index <= _NAME_REACH:
            return HOSPITAL
        lies = lies or key in cues.LIES
        from_home = from_home or key in cues.COME_FROM or (key == "uit" and index == first - 1)
    if lies:
        return HOSPITAL
    return HOME if from_home else None


def _moves(message: Message, first: int) -> bool:
    """Whether the place before was the old home: "we verhuizen van Arnhem naar Almelo"."""
    return any(key.startswith("verhui") for key in message.keys[max(0, first - 5) : first])


def _we_beside(message: Message, index: int) -> bool:
    """Whether "wij zitten in", "zitten we in" speaks of the family."""
    return bool({"we", "wij"} & set(message.keys[max(0, index - 1) : index + 2]))


def _new_subject(message: Message, index: int) -> bool:
    """Whether a clause with its own subject starts here: "..., hij ligt in Utrecht"."""
    return any(
        key in ("ik", "wij", "we", "hij", "zij", "ze", "mijn", "onze", "maar", "hem", "haar")
        for key in message.keys[index : index + 2]
    )


def _continues(message: Message, previous: tuple[int, int], first: int) -> bool:
    """Whether what was said of the place before holds here too: "Utrecht en Zeist", "niet in Utrecht maar in Zeist"."""
    between = message.keys[previous[1] : first]
    if message.hard_break(first):
        return False
    denied = "niet" in message.keys[max(0, previous[0] - 3) : previous[0]]
    return all(key in _JOINS or denied and key == "maar" for key in between)
