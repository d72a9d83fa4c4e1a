"""Which kind of school a message names, and whether a pupil or somebody of the school is writing."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.parts import Untrained, add_entity
from knowledge.manner import PUPIL, SCHOOL

# (pattern, onderwijssoort, schoolvorm). sbo and so count as PO and vso as VO in the samenwerkingsverband (design 9);
# so keeps its own value because an organisation's answer differs ("meestal").
_SCHOOL_TYPES: tuple[tuple[str, str, str], ...] = (
    (r"\bcluster\s*(?:1|een|één)\b|\bvisio\b|\bbartim[eé]us\b", "so", "cluster1"),
    (r"\bcluster\s*(?:2|twee)\b|\bkentalis\b|\bauris\b", "so", "cluster2"),
    (r"\bvso\b|\bvoortgezet\s+speciaal\s+onderwijs\b", "vo", "vso"),
    (r"\bsbo\b|\bspeciaa?l\s+basis\s*onderwijs\b|\bspeciale\s+basis\s*scho+l\b", "po", "sbo"),
    (r"\b(?:s\.?o\.?\s+school|speciaa?l\s+onderwijs|speciale\s+scho+l|so-school|cluster\s*[34])\b", "so", "so"),
    (r"\b(?:in|op|naar|het|een|is|zit)\s+(?:het\s+)?so\b(?!\s+(?:ver|veel|lang))", "so", "so"),
    (r"\bmbo\b|\broc\b|\bmiddelbaar\s+beroeps", "mbo", "mbo"),
    (r"\bpraktijkonderwijs\b|\bpraktijkscho+l\b|\bpro\s?school\b", "vo", "pro"),
    (
        r"\bbasis\s?s[ck]ho+l?\b|\bbasisscho+l(?:en|tje)?\b|\bbasisonderwijs\b|\bbassis?school\b|\blagere\s+school\b"
        r"|\bgroep\s*(?:[1-8]|een|twee|drie|vier|vijf|zes|zeven|acht)\b|\bkleuter(?:klas|s|juf|school)?\b"
        r"|\bprima[i]?r\s+onderwijs\b|\bp\.?o\.?\b(?!\s*box)|\bbasis\b(?=\W*$)|\b(?:juf|meester)\s+van\s+groep\b",
        "po", "",
    ),
    (
        r"\bmiddelb[ae]+re?\b|\bvoortgezet\b(?!\s+speciaal)(?:\s+onderwijs\b)?|\bv\.?o\.?\b|\bv?mbo-?[tbkg]l?\b|\bvmbo\b|\bmavo\b|\bhavo\b"
        r"|\bvwo\b|\batheneum\b|\bgym(?:nasium)?\b(?!\w|\s*(?:les|zaal|tas|lessen))|\bbrugklas(?:ser)?\b|\blyceum\b"
        r"|\b(?:brug|onder|boven)bouw\b(?=.*\bvo\b)|\bklas\s*(?:[1-6]|een|twee|drie|vier|vijf|zes)\b"
        r"|\b(?:1e|2e|3e|4e|5e|6e|eerste|tweede|derde|vierde|vijfde|zesde)\s+klas\b|\b[1-6]\s?(?:havo|vwo|vmbo|mavo)\b"
        r"|\bexamenklas\b|\bscholengemeenschap\b|\bmiddelbaar\b(?!\s+beroeps)",
        "vo", "",
    ),
)  # fmt: skip
_TYPES = tuple((re.compile(pattern, re.IGNORECASE), kind, form) for pattern, kind, form in _SCHOOL_TYPES)
_REFORMED = re.compile(r"\breformatori?s[ch]*e?\b|\bgereformeerd[e]?\s+gemeente\b|\brefo\s?-?school\b", re.IGNORECASE)
_PUPIL = re.compile(
    r"\bik\s+(?:ben|word)\s+(?:nu\s+|net\s+|pas\s+)?(?:[89]|1[0-8])\b(?!\s*(?:weken|maanden|jaar\s+getrouwd))"
    r"|\bik\s+zit\s+(?:zelf\s+)?(?:in|op|nu\s+in)\s+(?:de\s+)?(?:\d|groep|klas|brugklas|havo|vwo|vmbo|mavo|gym|middelbare|atheneum|mbo|het\s+vso)"
    r"|\bik\s+zit\s+(?:nu\s+)?in\s+(?:de\s+|het\s+)?(?:eerste|tweede|derde|vierde|vijfde|zesde|[1-6]e)\b"
    r"|\b(?:papa|mama|pappa|mamma|(?:mijn|m'?n|mn)\s+(?:vader|moeder|stiefvader|stiefmoeder|ouders|pa|ma|broer|oom|opa))\s+"
    r"(?:\w+\s+){0,3}(?:sla\w*|sloeg|doet|doen|raakt|schopt|mishandel\w*|zit)\s+(?:\w+\s+)?(?:me|mij|aan\s+me)\b"
    r"|\bmijn\s+(?:mentor|ouders|pa\s+en\s+ma|vader\s+en\s+moeder)\b|\bm'?n\s+(?:mentor|ouders)\b"
    r"|\bmijn\s+(?:moeder|vader|mama|papa)\s+(?:zegt|wil|weet|vindt|snapt|belt|werkt)\b|\bik\s+ben\s+(?:zelf\s+)?(?:een\s+)?leerling\b",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:mentor|leerkracht|leraar|lerares|docente?|juf|meester|onderwijsassistent|ib'?-?er|intern\s+begeleid\w+|"
    r"zorgco\w*|ondersteuningsco\w*|schoolleider|directeur|directrice|teamleider|decaan|schoolmaatschappelijk\s+werk\w+)"
)
# Somebody who writes for the school: "een leerling van mij", "als mentor", "in mijn groep 4". A mother who happens to be a
# teacher writes about her own child (`_OWN_CHILD`).
_SCHOOL_VOICE = re.compile(
    r"\bleerling(?:e|en)?\s+van\s+(?:mij|ons|onze\s+school)\b"
    r"|\b(?:leerling(?:e|en)?|kind|gezin)\s+(?:uit|in|bij|op)\s+(?:mijn|onze)\s+(?:klas|groep|school|les|\w+klas|\w+groep)\b"
    r"|\b(?:deze|die)\s+(?:zieke\s+)?leerling\b|\b(?:twee|drie|vier)\s+(?:zieke\s+)?leerlingen\b"
    rf"|\b(?:ib'?-?er|mentor|leerkracht)\s+hier\b(?!\s+komen)|^\W*(?:dag|hallo|hoi)?\W*{_ROLE}(?:\s*,|\s+(?:van\s+een|mbo|\d|klas\s+\d|groep\s+\d))"
    r"|\b(?:wij|we|ik|ons|mij)\s+als\s+(?:\w*school|mbo)\b(?!\s+(?:\w+\s+){0,2}(?:niet|nee|weigert|wil|zegt|het|er))"
    r"|\b(?:mijn|onze|een\s+van\s+(?:mijn|onze))\s+(?:zieke\s+)?(?:leerling(?:e|en)?|mentorleerling\w*)\b"
    rf"|\bals\s+(?:een\s+)?{_ROLE}\b(?!\s+(?:ziek|niet|nee|weg|er|het|dat|die|zegt|belt|komt|gaat|geeft|uitleg|van\s+(?:mijn|onze|ons)|hem|haar))"
    rf"|\bik\s+ben\s+(?:de\s+|een\s+|zelf\s+|hier\s+|nieuw\s+als\s+)*{_ROLE}\b"
    r"|\bin\s+mijn\s+(?:groep\s*[1-8]|mentorklas|mentorgroep|stamgroep|kleuterklas)\b"
    r"|\b(?:wij|we)\s+(?:hebben|krijgen)\s+(?:\w+\s+){0,3}een\s+(?:\w+\s+)?leerling\b"
    r"|\b(?:wij\s+zijn|we\s+zijn)\s+een\s+(?:\w+\s+)?(?:\w*school|\w*schooltje|mavo|havo|vmbo|vso|lyceum|mbo|roc)\b"
    r"|\bonze\s+school\s+(?:wil|zoekt|heeft|krijgt|overweegt)\b(?=.*\bleerling)|\b(?:op|bij)\s+onze\s+school\s+zit\s+een\b"
    r"|\bik\s+geef\s+les\s+(?:op|aan|in)\b"
    r"|\b(?:vanuit|namens)\s+(?:de\s+|onze\s+|een\s+)?(?:\w*school)\b(?=.*\bleerling)"
    r"|\bik\s+(?:werk|sta)\s+(?:\w+\s+)?(?:op\s+een\s+\w*school|voor\s+de\s+klas|voor\s+(?:de\s+)?groep)",
    re.IGNORECASE,
)
_OWN_CHILD = re.compile(
    r"\b(?:mijn|m'?n|mn|onze|ons)\s+(?:\w+\s+)?(?:zoon|zoontje|dochter|dochtertje|kind|kinderen|kleinkind|kleinzoon|"
    r"kleindochter|meisje|jongen|jongste|oudste|pleeg\w*|stief\w*|neefje|nichtje)\b(?!\s+(?:uit|van|in)\s+(?:mijn|onze|de)\s+"
    r"(?:klas|groep|school))",
    re.IGNORECASE,
)
_NOT_PUPIL = re.compile(
    r"\b(?:mijn|m'?n|mn|onze|ons)\s+(?:zoon|zoontje|dochter|dochtertje|kind|kinderen|kleinkind|kleinzoon|kleindochter|"
    r"meisje|jongen|jongste|oudste|pleeg\w*|stief(?:zoon|dochter|kind)\w*|neefje|nichtje|leerling)\b|\bik\s+ben\s+(?:de\s+)?(?:mentor|leraar|"
    r"lerares|docent|ib|intern|zorgco|moeder|vader|oma|opa|juf|meester|\w*ouder)\b",
    re.IGNORECASE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SchoolTypeExtractor(Untrained, EntityExtractorMixin):
    """Adds `onderwijssoort` (po, vo, so, mbo; detail `vorm`: sbo, vso, cluster2 ...), `richting` and `spreker`
    (leerling or school; nobody else is told apart from a parent)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads the raw text; when two kinds of school are named, the last one said counts (a correction)."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = school_type(text)
            if found:
                kind, form, start, end = found
                add_entity(message, type(self).__name__, "onderwijssoort", kind, start, end, vorm=form)
            reformed = _REFORMED.search(text)
            if reformed:
                add_entity(message, type(self).__name__, "richting", "reformatorisch", *reformed.span())
            who = speaker(text)
            if who:
                add_entity(message, type(self).__name__, "spreker", who)
        return messages


def speaker(text: str) -> str | None:
    """Who writes, when the message tells: PUPIL or SCHOOL; None for anybody else, who is taken for a parent.

    >>> speaker("als mentor wil ik weten of mijn leerling thuis examen mag doen")
    'school'
    """
    if _SCHOOL_VOICE.search(text) and not _OWN_CHILD.search(text):
        return SCHOOL
    return PUPIL if _PUPIL.search(text) and not _NOT_PUPIL.search(text) else None


def school_type(text: str) -> tuple[str, str, int, int] | None:
    """The kind of school named in `text`: (onderwijssoort, schoolvorm, start, end), or None."""
    taken: list[tuple[int, int]] = []
    hits: list[tuple[int, int, str, str]] = []
    for pattern, kind, form in _TYPES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= first or start >= last for first, last in taken):
                taken.append((start, end))
                hits.append((start, end, kind, form))
    if not hits:
        return None
    start, end, kind, form = max(hits)
    return kind, form, start, end
