"""Places that are named but not meant: "niet in Breda", "ik zei Haarlem maar het is Heemstede", "vakantie op Texel"."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.places import cues
from knowledge.places.text import Message

_BEFORE_NOT = frozenset("nee neen wonen woon woont staat zit zitten is school".split())
_SAID = frozenset("zei schreef typte dacht".split())
_CORRECTS = frozenset("sorry oeps foutje correctie bedoel bedoelde".split())
_NEAR = frozenset("bij vlakbij nabij".split())


def meant(message: Message, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """For each place (first token, token after the last) whether the parent means it."""
    result = []
    for position, (first, last) in enumerate(spans):
        following = spans[position + 1] if position + 1 < len(spans) else None
        result.append(
            not _on_holiday(message, first)
            and not _denied(message, first, last, following)
            and not (position and message.keys[first - 1] == "niet" and not message.hard_break(first))
            and not (following and _replaced(message, first, last, following))
        )
    return result


def _on_holiday(message: Message, first: int) -> bool:
    return "vakantie" in message.keys[max(0, first - 2) : first] and not message.hard_break(first)


def _denied(message: Message, first: int, last: int, following: tuple[int, int] | None) -> bool:
    """ "Niet in X" as a reply or after "wonen"; "niet X maar Y"; but not "waarom kan dat niet in X"."""
    index = first - 1
    while index >= 0 and message.keys[index] in cues.PREPOSITIONS | cues.LABELS | {"de"} and first - index <= 3:
        index -= 1
    if index < 0 or message.keys[index] not in ("niet", "geen"):
        return False
    if following and "maar" in message.keys[last : following[0]]:
        return True
    return message.keys[index] == "niet" and (index == 0 or message.keys[index - 1] in _BEFORE_NOT)


def _replaced(message: Message, first: int, last: int, following: tuple[int, int]) -> bool:
    """Whether the next place corrects this one, or is what it lies near to."""
    between = message.keys[last : following[0]]
    if _CORRECTS.intersection(between) or "bedoel" in message.keys[following[1] : following[1] + 1]:
        return True
    if "maar" in between and _SAID.intersection(message.keys[max(0, first - 3) : first]):
        return True
    # "vlak bij Gouda, in Waddinxveen"
    return between == ["in"] and first > 0 and message.keys[first - 1] in _NEAR
