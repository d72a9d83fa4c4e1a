"""People are called after places: mevrouw van Tilburg, Jan van Breda, juf Linde."""

from __future__ import annotations

from collections.abc import Container

from knowledge.places import cues
from knowledge.places.text import Message

_MAX_PARTICLES = 4  # "van 't in de"
_CLOSINGS = frozenset("groet groeten groetjes mvg gr hoogachtend liefs".split())


def is_surname(message: Message, first: int, first_names: Container[str]) -> bool:
    """Whether the words before this token make it somebody's name."""
    index = first - 1
    if index < 0 or message.clause_break(first):
        return False
    floor = max(-1, first - 1 - _MAX_PARTICLES)
    while index > floor and message.keys[index] in cues.SURNAME_PARTICLES and not message.clause_break(index + 1):
        index -= 1
    particles = range(index + 1, first)
    says_van = any(message.keys[i].startswith("v") for i in particles)
    if says_van and any(message.keys[i] == "van" and message.capital[i] for i in particles):
        return True
    if index < 0:
        return False
    if message.clause_break(index + 1):
        return says_van and _is_initial(message, index)
    owner = message.keys[index]
    if owner in cues.TITLES:
        # "juf in Zeist" is no name.
        return not any(message.keys[i] in ("in", "op") for i in particles)
    if owner in cues.FUNCTIONS:
        return bool(particles) and message.keys[first - 1] in ("de", "der", "den") and message.upper[first]
    if not message.upper[index] or message.keys[max(0, index - 1)] in ("het", "t"):
        return False
    if says_van:
        return owner in first_names or _is_initial(message, index) or bool(_CLOSINGS.intersection(message.keys[:index]))
    return bool(particles) and message.keys[first - 1] in ("de", "den", "der", "ter", "ten") and owner in first_names


def _is_initial(message: Message, index: int) -> bool:
    return len(message.keys[index]) == 1 and message.upper[index]
