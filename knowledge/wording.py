"""A lookup in words for parents: short Dutch sentences, "u", no codes and no abbreviations.

Each function returns paragraphs, one organisation each, made for the screen of a phone, and the sources that the reply
carries. What certainty means is said per table, as design decision 8 asks; what is not known is said to be unknown,
with the way on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge.fields import is_web_source
from knowledge.results import Lookup, NationalOrganisation, Origin, Steunpunt, Swv, ZiezonOffice
from knowledge.schooltypes import SchoolType

_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()  # fmt: skip
_SCHOOL = {"PO": "een basisschool", "VO": "een middelbare school"}
_GENERIC_NAME = "Ouder- en jeugdsteunpunt"
# Names that say nothing about the region; after these comes whose steunpunt it is.
_COMMON_NAMES = frozenset(
    {
        "ouder- en jeugdsteunpunt",
        "oudersteunpunt",
        "jeugd- en oudersteunpunt",
        "leerling- en oudersteunpunt",
        "steun- en informatiepunt ouders en jongeren",
        "steunpunt ouders en jeugd",
    }
)
_SCHOOL_COUNTS = "De plaats van de school telt, niet uw woonplaats."
_SAY_TO_STEUNPUNT = "Zeg: mijn kind is ziek en ik zoek hulp op school."
_SAY_TO_ZIEZON = "Zeg: mijn kind is ziek en mist lessen."
_MEANING_OF_ZIEZON = {
    "hoog": "Dit staat op de eigen site of in een brochure.",
    "middel": "Dit is niet helemaal zeker en kan veranderd zijn.",
    "laag": "Dit is niet zeker.",
}


@dataclass(frozen=True)
class LookupText:
    """A worded result: `paragraphs` in reading order, and `sources` as the contract for replies has them."""

    paragraphs: tuple[str, ...]
    sources: tuple[dict[str, str], ...]

    @property
    def text(self) -> str:
        """All paragraphs with an empty line between them."""
        return "\n\n".join(self.paragraphs)


# -------------------------------------------------------------------------------------------------------- steunpunten
def steunpunt_text(lookup: Lookup) -> LookupText:
    """The ouder- en jeugdsteunpunt(en) for the schools of this lookup, and the way on where one cannot be reached."""
    paragraphs = [_introduction(lookup, "het ouder- en jeugdsteunpunt")]
    paragraphs += [_steunpunt_block(swv, lookup) for swv in lookup.swv]
    if any(not (swv.steunpunt.phone or swv.steunpunt.email) for swv in lookup.swv):
        paragraphs.append(_steunpunt_route(lookup.national))
    paragraphs += _about_areas(lookup)
    origins = [(swv.steunpunt.origin, "ouder- en jeugdsteunpunt") for swv in lookup.swv]
    return LookupText(tuple(paragraphs), _sources([*origins, *_area_origins(lookup)]))


def swv_text(lookup: Lookup) -> LookupText:
    """The samenwerkingsverband(en) for the schools of this lookup."""
    paragraphs = [_introduction(lookup, "het samenwerkingsverband")]
    paragraphs += [_swv_block(swv, lookup) for swv in lookup.swv]
    paragraphs.append("In de schoolgids staat ook bij welk samenwerkingsverband de school hoort.")
    paragraphs += _about_areas(lookup)
    origins = [(swv.origin, "samenwerkingsverband") for swv in lookup.swv]
    return LookupText(tuple(paragraphs), _sources([*origins, *_area_origins(lookup)]))


def no_swv_text(school: SchoolType, national: Sequence[NationalOrganisation]) -> LookupText:
    """For a kind of school without samenwerkingsverband (mbo, cluster 1 and 2): say so, with the way on."""
    helpline = _helpline(national).replace("Of bel", "Bel", 1)
    paragraphs = (school.note, f"Er is daarom geen ouder- en jeugdsteunpunt voor deze school. {helpline}".strip())
    return LookupText(paragraphs, _sources((one.origin, one.name) for one in national if one.phone))


def _introduction(lookup: Lookup, subject: str) -> str:
    if lookup.reformatorisch:
        return f"Dit is {subject} voor reformatorische scholen. Het werkt voor het hele land."
    if lookup.needs_place:
        sentences = [
            f"{lookup.gemeente} is verdeeld over meer dan één samenwerkingsverband.",
            "Kijk in welk deel de school staat.",
        ]
    else:
        schools = " en ".join(dict.fromkeys(_SCHOOL[swv.sector] for swv in lookup.swv))
        sure = all(swv.area.certainty == "hoog" for swv in lookup.swv)
        opening = "Dit is" if sure else "Waarschijnlijk is dit"
        sentences = [f"{opening} {subject} voor {schools} in {lookup.plaats or lookup.gemeente}."]
    return " ".join([*sentences, _SCHOOL_COUNTS])


def _steunpunt_block(swv: Swv, lookup: Lookup) -> str:
    contact = swv.steunpunt
    name = contact.name or _GENERIC_NAME
    if name.casefold() in _COMMON_NAMES:
        name = f"{name} van {swv.name}"
    lines = [_with_notes(name, swv, lookup)]
    lines += _contact_lines(contact.phone, contact.hours, contact.email)
    lines += _site_line(contact.url or swv.website)
    lines += _meaning_of_steunpunt(contact, swv.website)
    if contact.doubt:
        lines.append(contact.doubt)
    lines += _source_line(contact.origin)
    return "\n".join(lines)


def _with_notes(name: str, swv: Swv, lookup: Lookup) -> str:
    """`name` with, in brackets, the kind of school when both were asked for and the part when the place is open."""
    notes = [] if lookup.onderwijssoort else [_SCHOOL[swv.sector].removeprefix("een ")]
    if swv.area.partial and len(lookup.of_sector(swv.sector)) > 1:
        notes.append(f"voor {swv.area.text}")
    if not notes:
        return name
    opened = f"{name[:-1]}, " if name.endswith(")") else f"{name} ("
    return f"{opened}{', '.join(notes)})"


def _meaning_of_steunpunt(contact: Steunpunt, website: str | None) -> list[str]:
    """What to say when calling, and what the certainty means here."""
    if contact.kind == "steunpunt":
        own_site = contact.url and _host(contact.url) == _host(contact.origin.source)
        sure = contact.certainty == "hoog" and own_site
        return [_SAY_TO_STEUNPUNT, *(["Dit nummer staat op de eigen site."] if sure and contact.phone else [])]
    if contact.phone or contact.email:
        what = "nummer" if contact.phone else "mailadres"
        return [f"Dit is het algemene {what} van het samenwerkingsverband. Vraag naar het ouder- en jeugdsteunpunt."]
    if contact.url:
        return []
    if website:
        return ["Zoek op deze site naar het ouder- en jeugdsteunpunt."]
    return [] if contact.doubt else ["Een nummer en een site zijn niet bekend."]


def _swv_block(swv: Swv, lookup: Lookup) -> str:
    name = swv.name[0].upper() + swv.name[1:]
    lines = [_with_notes(name, swv, lookup)]
    if not swv.name_known:
        lines.append("De eigen naam en de site zijn niet bekend.")
    else:
        lines += _site_line(swv.website) or ["Een site is niet bekend."]
        lines += [swv.doubt] if swv.doubt else []
        lines += _source_line(swv.origin)
    return "\n".join(lines)


def _steunpunt_route(national: Sequence[NationalOrganisation]) -> str:
    sentences = ["Komt u er niet uit? De schoolgids noemt het samenwerkingsverband van de school."]
    on_the_map = _website_of(national, "ouder-en-jeugdsteunpunt-op-de-kaart")
    if on_the_map:
        sentences.append(f"U kunt ook zoeken op {on_the_map}.")
    return " ".join([*sentences, _helpline(national)]).strip()


def _about_areas(lookup: Lookup) -> list[str]:
    """How sure the division is: 'volgens de regeling van 2015' unless a second source confirms, and the doubts."""
    said: list[str] = []
    if any(swv.area.by_regulation and not swv.area.confirmed for swv in lookup.swv):
        said.append("Welk samenwerkingsverband bij de school hoort, is volgens de regeling van 2015.")
    said += dict.fromkeys(swv.area.doubt for swv in lookup.swv if swv.area.doubt)
    return [" ".join(said)] if said else []


# -------------------------------------------------------------------------------------------------------------- Ziezon
def ziezon_text(lookup: Lookup) -> LookupText:
    """The Ziezon bureau(s) for this municipality, or that it is unknown; then the way on."""
    bureaus = [one for one in lookup.ziezon if one.is_official]
    others = [one for one in lookup.ziezon if not one.is_official]
    paragraphs = []
    if not bureaus:
        paragraphs.append(f"Welk bureau van Ziezon er voor {lookup.gemeente} is, is niet bekend.")
    elif all(one.certainty == "laag" for one in bureaus):
        paragraphs.append(f"Welk bureau van Ziezon er voor {lookup.gemeente} is, is niet zeker. Misschien is het dit.")
    elif all(one.kind == "landelijk" for one in bureaus):
        paragraphs.append(f"Hulp bij onderwijs aan zieke kinderen, ook in {lookup.gemeente}:")
    else:
        paragraphs.append(f"Hulp van Ziezon bij onderwijs aan zieke kinderen in {lookup.gemeente}:")
    paragraphs += [ziezon_block(one) for one in bureaus]
    if not any(one.phone or one.email for one in bureaus):
        paragraphs.append(_ziezon_route(lookup.national))
    paragraphs += [f"Dit is geen bureau van Ziezon, maar het helpt ook:\n{ziezon_block(one)}" for one in others]
    origins = [(one.origin, one.name) for one in lookup.ziezon]
    origins += [(one.area_origin, one.area) for one in lookup.ziezon]
    if not bureaus and (network := lookup.organisation("ziezon")):
        origins.append((network.origin, network.name))
    return LookupText(tuple(paragraphs), _sources(origins))


def region_text(offices: Sequence[ZiezonOffice], national: Sequence[NationalOrganisation]) -> LookupText:
    """The organisations that a source names for a region the parent named; the way on when none can be reached."""
    paragraphs = [ziezon_block(office) for office in offices]
    if not any(office.phone or office.email for office in offices):
        paragraphs.append(_ziezon_route(national))
    return LookupText(tuple(paragraphs), _sources((office.area_origin, office.area) for office in offices))


def hospital_text(office: ZiezonOffice | None, national: Sequence[NationalOrganisation]) -> LookupText:
    """The organisation that teaches in a hospital; or that none is known, with the way on."""
    if office is None:
        text = "Van dit ziekenhuis is geen eigen dienst voor onderwijs bekend."
        return LookupText((text, _ziezon_route(national)), ())
    paragraphs = [ziezon_block(office)]
    if not (office.phone or office.email):
        paragraphs.append("Vraag er op de afdeling naar, bijvoorbeeld aan de verpleegkundige.")
    return LookupText(tuple(paragraphs), _sources([(office.origin, office.name)]))


def ziezon_block(office: ZiezonOffice) -> str:
    """One organisation: name, how to reach it, what to say, how sure that is, source and date."""
    lines = [office.name]
    if office.purpose:
        lines.append(office.purpose)
    lines += _contact_lines(office.phone, None, office.email)
    lines += _site_line(office.website)
    if office.phone or office.email:
        lines.append(_SAY_TO_ZIEZON)
    lines.append(_MEANING_OF_ZIEZON[office.certainty])
    doubts = [office.area_doubt if office.area_certainty != "hoog" else None, office.doubt]
    lines += [doubt for doubt in doubts if doubt]
    lines += _source_line(office.origin)
    return "\n".join(lines)


def _ziezon_route(national: Sequence[NationalOrganisation]) -> str:
    site = _website_of(national, "ziezon")
    sentences = [f"Op {site} staat een kaart met de consulenten per regio."] if site else []
    sentences.append("Vraag er ook naar bij de intern begeleider of de zorgcoördinator van school.")
    return " ".join([*sentences, _helpline(national)]).strip()


# -------------------------------------------------------------------------------------------------------------- common
def date_text(origin: Origin) -> str:
    """The date of a source in words: "december 2023", "23 april 2015", or "datum onbekend" with what is known."""
    if not origin.date and origin.date_note:
        return f"datum onbekend ({origin.date_note})"
    return day_text(origin.date or "")


def day_text(date: str) -> str:
    """A whole or partial date as a parent reads it.

    >>> day_text("2023-12"), day_text("2022-01-05"), day_text("")
    ('december 2023', '5 januari 2022', 'datum onbekend')
    """
    if not date:
        return "datum onbekend"
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    words = [str(int(day))] if day else []
    words += [_MONTHS[int(month) - 1]] if month else []
    return " ".join([*words, year])


def source_lines(sources: Iterable[Mapping[str, str]]) -> list[str]:
    """One line per source of a reply (`{document, date, title}`), without repeats: "Bron: ... (december 2023)"."""
    return list(
        dict.fromkeys(f"Bron: {item.get('title') or item['document']} ({day_text(item['date'])})" for item in sources)
    )


def source_name(origin: Origin) -> str:
    """How a source is called for people: the title of a document, or the name of a site."""
    if not is_web_source(origin.source):
        return origin.title or origin.source
    return _host(origin.source)


def _host(address: str) -> str:
    full = address if is_web_source(address) else f"https://{address}"
    return (urlsplit(full).hostname or address).removeprefix("www.")


def _contact_lines(phone: str | None, hours: str | None, email: str | None) -> list[str]:
    lines = [f"Telefoon: {phone} ({hours})" if hours else f"Telefoon: {phone}"] if phone else []
    return lines + ([f"Mail: {email}"] if email else [])


def _site_line(website: str | None) -> list[str]:
    return [f"Site: {website}"] if website else []


def _source_line(origin: Origin) -> list[str]:
    return [f"Bron: {source_name(origin)}, {date_text(origin)}."] if origin.source else []


def _helpline(national: Sequence[NationalOrganisation]) -> str:
    """The number of somebody who can help everybody."""
    one = next((one for one in national if one.phone), None)
    return f"Of bel {one.name}: {one.phone}." if one else ""


def _website_of(national: Sequence[NationalOrganisation], key: str) -> str | None:
    website = next((one.website for one in national if one.id == key), None)
    return website and website.removeprefix("https://").removeprefix("www.")


def _area_origins(lookup: Lookup) -> list[tuple[Origin, str]]:
    return [(swv.area.origin, lookup.gemeente) for swv in lookup.swv if not swv.area.national]


def _sources(origins: Iterable[tuple[Origin, str]]) -> tuple[dict[str, str], ...]:
    """Sources as a reply carries them, each once: document, place in it, date, title."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for origin, place in origins:
        for source, date in ((origin.source, origin.date), (origin.second_source, "")):
            if source:
                title = source_name(Origin(source=source, title=origin.title if source == origin.source else ""))
                found.setdefault(
                    (source, place), {"document": source, "place": place, "date": date, "title": title}
                )  # fmt: skip
    return tuple(found.values())
