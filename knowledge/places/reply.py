"""The reply to "in which place?": what is left when the small talk around the place is taken off."""

from __future__ import annotations

from knowledge.places.text import Message

_LEADING = frozenset(
    """ja oh ok oke okee nou eh uh um hm nee sorry even kijken dat dit is het die deze in uit te op bij wij we ik woon wonen woont hij zij
    ze zit staat gaat ligt school de onze mijn haar zijn basisschool middelbare ons kind gemeente gem dorp plaats stad woonplaats
    dorpje plaatsje stadje regio omgeving ergens volgens mij denk kom komen hier heet naam van vlak vlakbij vlak postcode goedemiddag
    goedemorgen hallo hoi natuurlijk gewoon nu ook wel vanuit naar was bedoel bedoelde ligging antwoord provincie een klein
    schoolplaats""".split()
)
TRAILING = frozenset(
    """ja hoor denk ik dus volgens mij graag alstublieft alsjeblieft aub svp dank u wel je bedankt nl nederland toch geloof is het dat
    zo en omgeving natuurlijk gewoon daar school op naar zit staat wonen we wij hij ze zij centrum stad dorp""".split()
)
_MAX_LEADING = 9
_MAX_TOKENS = 25  # a longer message is a story, not a reply


def candidates_for_whole_reply(message: Message) -> list[tuple[int, int]]:
    """Spans (first token, token after the last) that may be the place, longest first.

    Nothing is taken off that is not small talk: "we wonen in Best en ze wil niet meer" has no such span but itself.
    """
    length = len(message)
    if length > _MAX_TOKENS:
        return []
    starts = [0]
    while starts[-1] < min(length - 1, _MAX_LEADING) and message.keys[starts[-1]] in _LEADING:
        starts.append(starts[-1] + 1)
    ends = [length]
    while ends[-1] > 1 and message.keys[ends[-1] - 1] in TRAILING:
        ends.append(ends[-1] - 1)
    spans = [(first, last) for first in starts for last in ends if first < last]
    spans.sort(key=lambda span: (span[0] - span[1], span[0]))
    return spans
