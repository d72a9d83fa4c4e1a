"""Whether a name in a message is a place, or just a word: the context decides.

Most names are always places. Names that are Dutch words (Best, Een, Leiden), first names (Erica) or regions (Zeeland)
need more, by their `Sort`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.places import cues
from knowledge.places.gazetteer import Name, Sort
from knowledge.places.text import Message

_TOP_DOMAINS = frozenset({"nl", "com", "org", "net", "eu", "be", "info"})
_PROVINCE_CITIES = frozenset({"groningen", "utrecht", "zeeland"})
# Not even "wij wonen in een" makes these a place: the sentence may have been cut off.
_NEVER_LOWER = frozenset({"een", "ie", "ee", "hee", "nop", "de heen", "het waar"})
# "in Best", "het dorp heet Een", "Best denk ik": the reply is the place. "een school": it is not.
_BEFORE_FUNCTION = cues.PREPOSITIONS | cues.LABELS | {"heet", "is", "naam"}
_BEHIND_FUNCTION = frozenset("denk dus hoor nl alstublieft aub graag".split())
_SUBJECTS = frozenset("ik jij je u hij ze zij wij we jullie die dat".split())
_OPENS = re.compile(r"[(:,]\s*$")
_FOLLOWS = re.compile(r"^\s*[,(]")
_MAX_BACK = 5

_QUALIFIABLE = frozenset({Sort.RARE, Sort.WORD, Sort.NAME, Sort.FUNCTION})
_DETERMINERS = frozenset(
    "de het een mijn onze ons deze dit die dat geen elke iedere zijn haar uw je jouw welke".split()
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about a span besides its own words."""

    whole: bool = False  # the whole reply to "in which place?"
    after_place: bool = False  # an enumeration: "in Utrecht en Zeist"
    with_postcode: bool = False
    qualified: bool = False  # a fitting province or municipality was added: "Beek in Limburg"


def is_place(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    """Whether tokens first..last-1, which spell `name`, are meant as a place."""
    if _in_address_or_link(message, first, last):
        return False
    if known.whole:
        return _fits_reply(name, message, first, last) and not _is_region(name, message, first)
    if known.with_postcode:
        return True
    if known.qualified and name.sort in _QUALIFIABLE and not _has_determiner(message, first):
        if name.sort is Sort.RARE or message.upper[first]:
            return True
    if _is_region(name, message, first):
        return False
    return _CHECKS[name.sort](name, message, first, last, known)


def preposition_before(message: Message, first: int) -> str | None:
    """The preposition right before this token, if it can introduce a place."""
    if first and not message.clause_break(first) and message.keys[first - 1] in cues.PREPOSITIONS:
        return message.keys[first - 1]
    return None


def label_before(message: Message, first: int) -> bool:
    """Whether "gemeente", "dorp" or the like stands right before this token."""
    if not first or message.hard_break(first) or message.keys[first - 1] not in cues.LABELS:
        return False
    # "daar iets voor in de plaats zetten", "in plaats van": no label.
    return (
        message.keys[first - 1] != "plaats"
        or message.upper[first]
        or message.keys[max(0, first - 3) : first - 1] != ["in", "de"]
    )


def strong_before(message: Message, first: int) -> str | None:
    """What makes it a place before it: "woon" (wonen in ...), "school" (school staat in ...), "zit", or nothing."""
    preposition = preposition_before(message, first)
    if preposition is None:
        return None
    index = first - 2
    if index < 0 or message.clause_break(first - 1):
        return None
    if message.keys[index] in cues.COME_FROM and preposition in ("uit", "vanuit"):
        return "woon"
    stays = preposition == "in" and message.keys[index] in cues.STAYS
    for back in range(index, max(-1, first - 2 - _MAX_BACK), -1):
        key = message.keys[back]
        if key in cues.HOME:
            return "woon"
        if key in cues.SITES:
            return "school"
        if key not in cues.FILLERS or message.clause_break(back):
            break
    return "zit" if stays else None


def strong_after(message: Message, last: int) -> bool:
    """Whether "op school", "naar school" or "wonen" follows."""
    if message.clause_break(last):
        return False
    if message.keys[last] in ("woon", "wonen", "woont"):
        return True
    following = message.keys[last : last + 4]
    return following[0] in ("op", "naar") and any(key in cues.SCHOOL for key in following[1:])


def _closes_name_of(message: Message, first: int, last: int, nouns: frozenset[str]) -> bool:
    """Whether it stands right behind one of these nouns and ends the clause: "steunpunt houten?"."""
    return (
        bool(first)
        and message.keys[first - 1] in nouns
        and not message.clause_break(first)
        and message.clause_break(last)
    )


def ends_clause(message: Message, last: int) -> bool:
    """Whether nothing that belongs to the same phrase follows."""
    return message.clause_break(last) or message.keys[last] in cues.NEW_CLAUSE


# ---------------------------------------------------------------------- never a place


def _has_determiner(message: Message, first: int) -> bool:
    """Whether "de", "een", "mijn" or the like stands before it."""
    return bool(first) and message.keys[first - 1] in _DETERMINERS


def _in_address_or_link(message: Message, first: int, last: int) -> bool:
    before, after = message.gaps[first], message.gaps[last]
    if before.endswith(("@", "/", "#")) or after.startswith("@"):
        return True
    if before == "." and first and message.keys[first - 1] == "www":
        return True
    return after == "." and last < len(message) and message.keys[last] in _TOP_DOMAINS


def _fits_reply(name: Name, message: Message, first: int, last: int) -> bool:
    """Whether a name that has to fill the reply does so without a forced reading of the small words around it."""
    if name.sort is Sort.REGION:
        return first == 0 or label_before(message, first)
    if name.sort is Sort.FUNCTION:
        leads = first == 0 or message.keys[first - 1] in _BEFORE_FUNCTION
        return leads and (last == len(message) or message.keys[last] in _BEHIND_FUNCTION)
    # "basisschool De Horst" answers another question.
    return name.sort is Sort.PLAIN or not _has_determiner(message, first) or label_before(message, first)


def _is_region(name: Name, message: Message, first: int) -> bool:
    """Zuid-Utrecht, Oost-Groningen, provincie Utrecht."""
    if not first:
        return False
    before = message.keys[first - 1]
    if before in cues.DIRECTIONS and message.gaps[first] in ("-", " "):
        return message.gaps[first] == "-" or name.keys[0] in _PROVINCE_CITIES
    return before in ("provincie", "prov", "swv") and name.keys[0] in _PROVINCE_CITIES and message.gaps[first] == " "


# ---------------------------------------------------------------------- by sort


def _plain(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    # "hij delft het onderspit", "wij strijen al jaren"
    after_subject = first > 0 and message.keys[first - 1] in _SUBJECTS and not message.clause_break(first)
    return message.upper[first] or not after_subject or len(name.keys) > 1


def _short(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    introduced = preposition_before(message, first) or label_before(message, first) or known.after_place
    if len(name.key) <= 2:
        return bool(introduced) and message.capital[first]
    return bool(introduced) or message.capital[first] or (message.upper[first] and ends_clause(message, last))


def _rare(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    if label_before(message, first):
        return True
    if _has_determiner(message, first):
        return False  # "basisschool De Horst"
    if message.capital[first] or known.after_place:
        return True
    preposition = preposition_before(message, first)
    if preposition and preposition != "te" or strong_before(message, first):
        return True
    if _closes_name_of(message, first, last, cues.OFFICES | cues.SITES | cues.HOSPITAL):
        return True
    opens_message = first == 0 and message.upper[first]
    return opens_message and (last == len(message) or bool(_FOLLOWS.match(message.gaps[last])))


def _word(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    capital = message.capital[first]
    preposition = preposition_before(message, first)
    if name.keys[0] in ("de", "het") and len(name.keys) > 1:
        # "school in de wijk" is any neighbourhood; "de Wijk" is the village.
        capital = message.capital[last - 1]
        if not capital:
            return False
    if label_before(message, first):
        return capital or ends_clause(message, last)
    if _closes_name_of(message, first, last, cues.OFFICES):
        return True
    if capital and (preposition or known.after_place or _OPENS.search(message.gaps[first])):
        # "naar De Wilgen" is a school more often than the village.
        return not (preposition in ("naar", "bij") and name.keys[0] in ("de", "het"))
    if preposition in ("in", "uit", "naar") and strong_after(message, last):
        return True
    return strong_before(message, first) is not None and ends_clause(message, last)


def _name(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    capital = message.capital[first]
    if label_before(message, first):
        return capital or ends_clause(message, last)
    if capital and preposition_before(message, first) in cues.FIRM_PREPOSITIONS:
        return True
    return strong_before(message, first) is not None and ends_clause(message, last)


def _function(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    closed = ends_clause(message, last)
    if message.capital[first]:
        proper_noun_follows = last < len(message) and message.upper[last]
        return (
            label_before(message, first)
            or strong_before(message, first) in ("woon", "school")
            and not proper_noun_follows
            or preposition_before(message, first) in (cues.FIRM_PREPOSITIONS | {"naar"})
            and (closed or strong_after(message, last))
        )
    if not closed or " ".join(name.keys) in _NEVER_LOWER:
        return False
    if label_before(message, first):
        return _inside_label(message, first)
    if strong_before(message, first) in ("woon", "school"):
        return True
    return preposition_before(message, first) in ("in", "uit") and strong_after(message, last)


def _inside_label(message: Message, first: int) -> bool:
    """ "in de gemeente best", "onder gemeente best", but not "dat kan de gemeente best"."""
    if not _has_determiner(message, first - 1):
        return True
    return any(key in ("in", "uit", "binnen") for key in message.keys[max(0, first - 3) : first - 1])


def _region(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    return label_before(message, first) and message.keys[first - 1] not in ("stad",)


def _alone(name: Name, message: Message, first: int, last: int, known: Circumstances) -> bool:
    if not name.key.isdigit() and strong_before(message, first) == "woon":
        return True
    return label_before(message, first) and ends_clause(message, last)


_CHECKS = {
    Sort.PLAIN: _plain,
    Sort.SHORT: _short,
    Sort.RARE: _rare,
    Sort.WORD: _word,
    Sort.NAME: _name,
    Sort.FUNCTION: _function,
    Sort.REGION: _region,
    Sort.ALONE: _alone,
}
