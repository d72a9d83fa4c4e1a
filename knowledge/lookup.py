"""Who helps in this municipality: the questions the register can answer.

Plain functions on a session. They read; they never guess. The rules they keep:

* The place of the *school* decides; the caller passes the municipality of the school (design decision 9).
* A row counts on a day when `geldig_van` <= day <= `geldig_tot`; an empty end is open (design decision 8).
* At certainty "laag" a phone number or mail address never leaves this module, only the website does.
* A divided municipality is narrowed by postcode or place; when that does not decide, every part is given.
* A Ziezon region counts only when it is asked for by its own name (`find_ziezon_by_region`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge import areas, naming
from knowledge.errors import UnknownMunicipality
from knowledge.fields import CERTAINTIES
from knowledge.models import (
    Bron,
    Gemeente,
    LandelijkeOrganisatie,
    Samenwerkingsverband,
    SteunpuntPo,
    SteunpuntVo,
    SwvDeel,
    SwvGebied,
    Woonplaats,
    WoonplaatsAlias,
    ZiekenhuisNaam,
    ZiezonBureau,
    ZiezonGebied,
)
from knowledge.results import (
    UNKNOWN,
    Area,
    Lookup,
    NationalOrganisation,
    Origin,
    Sector,
    Steunpunt,
    Swv,
    ZiezonOffice,
)

# The way on when the regional organisation is unknown, in the order in which it is offered.
NATIONAL_ROUTE = ("ziezon", "ouder-en-jeugdsteunpunt-op-de-kaart", "ouders-en-onderwijs")
REGULATION = "regio-indeling-swv-2015"
WHOLE_COUNTRY = "heel Nederland"

_STEUNPUNTEN = {"PO": SteunpuntPo, "VO": SteunpuntVo}
_SECTOR_NAMES = {"PO": "het basisonderwijs", "VO": "het voortgezet onderwijs"}
_AREA_ORDER = ("land", "gemeente", "provincie", "regio")
# A hospital that carries a first name counts only after one of these words, or when it is all that was said.
_BEFORE_HOSPITAL = frozenset({"het", "t", "in"})
_AFTER_HOSPITAL = frozenset({"ziekenhuis", "kinderziekenhuis"})


def find_help(
    session: Session,
    gemeente: str | None,
    onderwijssoort: Sector | None = None,
    *,
    plaats: str | None = None,
    pc4: str | None = None,
    reformatorisch: bool = False,
    on: dt.date,
) -> Lookup:
    """Everything the register says for schools in `gemeente` on the day `on`.

    Args:
        gemeente: official municipality name; None only for reformatorische schools, whose organisation is national.
        onderwijssoort: "po" (also sbo, and mostly so), "vo" (also mostly vso), or None for both.
        plaats, pc4: the place and four-digit postcode of the school, to narrow a divided municipality.
        reformatorisch: the school is reformatorisch: it belongs to the national samenwerkingsverband instead.

    Raises:
        UnknownMunicipality: `gemeente` is not an official name on that day.
    """
    row = session.scalars(_valid(select(Gemeente).where(Gemeente.naam == gemeente), Gemeente, on)).first()
    if row is None and (gemeente is not None or not reformatorisch):
        raise UnknownMunicipality(f"'{gemeente}' is geen gemeente in het register")
    sectors = [onderwijssoort.upper()] if onderwijssoort else ["PO", "VO"]
    swv: list[Swv] = []
    for sector in sectors:
        if reformatorisch:
            swv += _reformed_swv(session, sector, on)
        else:
            swv += _regional_swv(session, row, sector, plaats, pc4, on)
    return Lookup(
        gemeente=gemeente or "",
        provincie=row.provincie if row else "",
        onderwijssoort=onderwijssoort,
        plaats=plaats,
        pc4=pc4,
        reformatorisch=reformatorisch,
        on=on,
        swv=tuple(swv),
        ziezon=_ziezon_for(session, row, on) if row else (),
        national=national_route(session, on=on),
    )


def find_ziezon_by_region(session: Session, text: str, *, on: dt.date) -> tuple[ZiezonOffice, ...]:
    """The organisations that a source names for a region, when `text` is the name of that region; else ().

    A region whose organisation is no longer in force gives the one for the whole country, if there is one.
    """
    areas_named = [
        area
        for area in session.scalars(select(ZiezonGebied).where(ZiezonGebied.gebied_soort == "regio"))
        if any(naming.same(text, form) for form in _forms_of_region(area.gebied))
    ]
    if not areas_named:
        return ()
    rows = _areas_and_bureaus(session, ZiezonGebied.rij.in_([area.rij for area in areas_named]), on)
    return tuple(_ziezon_office(session, bureau, area) for area, bureau in rows) or _nationwide(session, on)


def find_hospital_service(session: Session, text: str, *, on: dt.date) -> ZiezonOffice | None:
    """The organisation that teaches in the hospital named in `text`; None when none is named or none is known.

    Recognises names and abbreviations (`ziekenhuis_namen.csv`) as whole words; the longest name wins, so that
    "Sophia Revalidatie" is not taken for the Sophia Kinderziekenhuis. When the organisation of that hospital is no
    longer in force, the one for the whole country is given, if there is one.
    """
    said = naming.words(text)
    names = session.scalars(_valid(select(ZiekenhuisNaam), ZiekenhuisNaam, on)).all()
    for name in sorted(names, key=lambda one: (-len("".join(naming.words(one.naam))), one.naam)):
        if _names_hospital(said, naming.words(name.naam), name.ook_voornaam == "ja"):
            if not name.bureau_id:
                return None
            query = select(ZiezonBureau).where(ZiezonBureau.id == name.bureau_id)
            bureau = session.scalars(_valid(query, ZiezonBureau, on)).first()
            return _ziezon_office(session, bureau, None) if bureau else next(iter(_nationwide(session, on)), None)
    return None


def national_route(session: Session, *, on: dt.date) -> tuple[NationalOrganisation, ...]:
    """Where a parent can go when the region is unknown, in the order of `NATIONAL_ROUTE`."""
    found = (national_organisation(session, key, on=on) for key in NATIONAL_ROUTE)
    return tuple(one for one in found if one is not None)


def national_organisation(session: Session, key: str, *, on: dt.date) -> NationalOrganisation | None:
    """One row of `landelijke_organisaties.csv`; None when there is none in force."""
    query = select(LandelijkeOrganisatie).where(LandelijkeOrganisatie.id == key)
    row = session.scalars(_valid(query, LandelijkeOrganisatie, on)).first()
    if row is None:
        return None
    shown = row.zekerheid != "laag"
    return NationalOrganisation(
        id=row.id,
        name=row.naam,
        purpose=row.waarvoor,
        phone=row.telefoon if shown else None,
        email=row.email if shown else None,
        website=row.website,
        hours=row.bereikbaar,
        cost=row.kosten,
        certainty=row.zekerheid,
        doubt=row.twijfel,
        origin=_origin(session, row),
    )


# ------------------------------------------------------------------------------------------- samenwerkingsverbanden
def _regional_swv(
    session: Session, gemeente: Gemeente, sector: str, plaats: str | None, pc4: str | None, on: dt.date
) -> list[Swv]:
    query = select(SwvGebied).where(SwvGebied.gemeente == gemeente.naam, SwvGebied.sector == sector)
    rows = session.scalars(_valid(query, SwvGebied, on)).all()
    narrowed = _narrow(session, gemeente, rows, plaats, pc4) if len(rows) > 1 else []
    everything = len(rows) > 1 and not narrowed
    rows = sorted(
        narrowed or rows, key=lambda row: (-areas.size(areas.parse_part(row.deel)) if row.deel else 0, row.swv_code)
    )
    found = []
    for row in rows:
        doubt = row.twijfel if everything else _doubt_about(session, gemeente, row, plaats, pc4)
        found.append(_swv(session, row.swv_code, on, _area(session, row, doubt)))
    return found


def _reformed_swv(session: Session, sector: str, on: dt.date) -> list[Swv]:
    query = select(Samenwerkingsverband).where(
        Samenwerkingsverband.soort == "reformatorisch", Samenwerkingsverband.sector == sector
    )
    found = []
    for row in session.scalars(_valid(query, Samenwerkingsverband, on)):
        area = Area(
            text=WHOLE_COUNTRY, partial=False, certainty=row.zekerheid, confirmed=False, national=True,
            by_regulation=False, doubt=None, origin=_origin(session, row),
        )  # fmt: skip
        found.append(_swv(session, row.swv_code, on, area))
    return found


def _narrow(
    session: Session, gemeente: Gemeente, rows: list[SwvGebied], plaats: str | None, pc4: str | None
) -> list[SwvGebied]:
    """The rows whose part holds the postcode, or else the place; [] when neither decides."""
    numbers = {row.rij: row for row in rows}
    parts = session.scalars(select(SwvDeel).where(SwvDeel.gebied_rij.in_(numbers))).all()
    by_code = {part.gebied_rij for part in parts if pc4 and part.pc4_van <= pc4 <= part.pc4_tot}
    if by_code:
        return [numbers[number] for number in by_code]
    names = _names_of_place(session, gemeente, plaats) if plaats else []
    by_place = {part.gebied_rij for part in parts if any(naming.same(name, part.plaats) for name in names)}
    return [numbers[number] for number in by_place] if len(by_place) == 1 else []


def _names_of_place(session: Session, gemeente: Gemeente, plaats: str) -> list[str]:
    """`plaats` and every other name it has in this municipality (Frisian, Dutch, without suffix)."""
    query = select(WoonplaatsAlias.alias, WoonplaatsAlias.woonplaats)
    names = [plaats]
    for alias, official in session.execute(query.where(WoonplaatsAlias.gemeente_code == gemeente.cbs_code)):
        if naming.same(alias, plaats):
            names.append(official)
        if naming.same(official, plaats):
            names.append(alias)
    # "Bavel" for Bavel AC: the only place of the municipality that starts with what was said.
    officials = session.scalars(select(Woonplaats.woonplaats).where(Woonplaats.gemeente_code == gemeente.cbs_code))
    longer = [name for name in officials if name.casefold().startswith(f"{plaats.casefold()} ")]
    return names + longer if len(longer) == 1 else names


def _doubt_about(
    session: Session, gemeente: Gemeente, row: SwvGebied, plaats: str | None, pc4: str | None
) -> str | None:
    """The sentences of a row's doubt that concern this school.

    A sentence that names a place or postcode is about that spot only; one without is about the whole row, and of
    interest to a parent when the row itself is not certain.
    """
    query = select(Woonplaats.woonplaats).where(Woonplaats.gemeente_code == gemeente.cbs_code)
    places = session.scalars(query).all() if row.twijfel else []
    kept = []
    for sentence in re.split(r"(?<=\.) ", row.twijfel or ""):
        spots = re.findall(r"\b[1-9]\d{3}\b", sentence.partition("postcode")[2])
        spots += [place for place in places if re.search(rf"\b{re.escape(place)}\b", sentence)]
        about_here = any(spot == pc4 or (plaats and naming.same(spot, plaats)) for spot in spots)
        if about_here or (not spots and row.zekerheid != "hoog"):
            kept.append(sentence)
    return " ".join(kept) or None


def _area(session: Session, row: SwvGebied, doubt: str | None) -> Area:
    text = areas.describe(areas.parse_part(row.deel)) if row.deel else row.gemeente
    return Area(
        text=text,
        partial=bool(row.deel),
        certainty=row.zekerheid,
        confirmed=bool(row.bron_2),
        national=False,
        by_regulation=row.bron == REGULATION,
        doubt=doubt,
        origin=_origin(session, row),
    )


def _swv(session: Session, code: str, on: dt.date, area: Area) -> Swv:
    query = select(Samenwerkingsverband).where(Samenwerkingsverband.swv_code == code)
    row = session.scalars(_valid(query, Samenwerkingsverband, on)).first()
    model = _STEUNPUNTEN[code[:2]]
    contact = session.scalars(_valid(select(model).where(model.swv_code == code), model, on)).first()
    if row is None:  # the area outlives the row about the organisation: say what is known, which is the sector
        name = f"het samenwerkingsverband voor {_SECTOR_NAMES[code[:2]]}"
        return Swv(None, name, False, code[:2], None, area, Steunpunt(), None, Origin())
    name = row.weergavenaam or f"het samenwerkingsverband voor {_SECTOR_NAMES[row.sector]} in {row.streek}"
    return Swv(
        code=row.swv_code if row.code_tonen == "ja" else None,
        name=name,
        name_known=bool(row.weergavenaam),
        sector=row.sector,
        website=(contact.swv_website if contact else None) or row.website,
        area=area,
        steunpunt=_steunpunt(session, contact) if contact else Steunpunt(),
        doubt=row.twijfel,
        origin=_origin(session, row),
    )


def _steunpunt(session: Session, row: SteunpuntPo | SteunpuntVo) -> Steunpunt:
    """Apply the rule of design decision 8: what is "laag" has a website and no number."""
    shown = row.zekerheid in ("hoog", "middel")
    phone, email = (row.steunpunt_telefoon, row.steunpunt_email) if shown else (None, None)
    return Steunpunt(
        name=row.weergavenaam,
        url=row.steunpunt_url,
        phone=phone,
        email=email,
        hours=row.bereikbaar if phone else None,
        phone_kind=_kind(row.telefoon_van) if phone else None,
        email_kind=_kind(row.email_van) if email else None,
        certainty=row.zekerheid,
        doubt=row.twijfel,
        origin=_origin(session, row),
    )


def _kind(owner: str | None) -> str:
    return "steunpunt" if owner == "steunpunt" else "algemeen nummer"


# ------------------------------------------------------------------------------------------------------------ Ziezon
def _ziezon_for(session: Session, gemeente: Gemeente, on: dt.date) -> tuple[ZiezonOffice, ...]:
    """Organisations for this municipality: of the whole country, of the municipality, of its province. No regions."""
    here = or_(
        ZiezonGebied.gebied_soort == "land",
        (ZiezonGebied.gebied_soort == "gemeente") & (ZiezonGebied.gebied == gemeente.naam),
        (ZiezonGebied.gebied_soort == "provincie") & (ZiezonGebied.gebied == gemeente.provincie),
    )
    offices = [_ziezon_office(session, bureau, area) for area, bureau in _areas_and_bureaus(session, here, on)]
    offices.sort(key=lambda one: (not one.is_ziezon, _AREA_ORDER.index(one.area_kind), one.id))
    return tuple(offices)


def _nationwide(session: Session, on: dt.date) -> tuple[ZiezonOffice, ...]:
    rows = _areas_and_bureaus(session, ZiezonGebied.gebied_soort == "land", on)
    return tuple(_ziezon_office(session, bureau, area) for area, bureau in rows)


def _forms_of_region(name: str) -> tuple[str, ...]:
    """How people say a region: "Midden-Nederland (waaronder Zuid-Utrecht)" is also "regio Midden-Nederland"."""
    short = name.partition(" (")[0].removeprefix("regio ")
    return name, short, f"regio {short}"


def _areas_and_bureaus(session: Session, where, on: dt.date) -> Iterable[tuple[ZiezonGebied, ZiezonBureau]]:
    query = select(ZiezonGebied, ZiezonBureau).join(ZiezonBureau, ZiezonBureau.id == ZiezonGebied.bureau_id)
    return session.execute(_valid(_valid(query.where(where), ZiezonGebied, on), ZiezonBureau, on)).all()


def _ziezon_office(session: Session, bureau: ZiezonBureau, area: ZiezonGebied | None) -> ZiezonOffice:
    certainty = max((bureau.zekerheid, area.zekerheid if area else "hoog"), key=CERTAINTIES.index)
    shown = certainty != "laag"
    return ZiezonOffice(
        id=bureau.id,
        name=bureau.naam,
        kind=bureau.soort,
        is_ziezon=bureau.is_ziezon == "ja",
        purpose=bureau.waarvoor,
        website=bureau.website,
        phone=bureau.telefoon if shown else None,
        email=bureau.email if shown else None,
        address=bureau.bezoekadres,
        certainty=certainty,
        area_kind=area.gebied_soort if area else "",
        area=area.gebied if area else "",
        area_certainty=area.zekerheid if area else UNKNOWN,
        doubt=bureau.twijfel,
        area_doubt=area.twijfel if area else None,
        origin=_origin(session, bureau),
        area_origin=_origin(session, area) if area else Origin(),
    )


def _names_hospital(said: list[str], name: list[str], also_first_name: bool) -> bool:
    for start in range(len(said) - len(name) + 1):
        end = start + len(name)
        if said[start:end] != name:
            continue
        before = said[start - 1] if start else ""
        after = said[end] if end < len(said) else ""
        if not also_first_name or said == name or before in _BEFORE_HOSPITAL or after in _AFTER_HOSPITAL:
            return True
    return False


# ------------------------------------------------------------------------------------------------------------ common
def _valid(query, model, on: dt.date):
    """`query`, limited to rows of `model` that are in force on the day."""
    return query.where(
        or_(model.geldig_van.is_(None), model.geldig_van <= on), or_(model.geldig_tot.is_(None), model.geldig_tot >= on)
    )


def _origin(session: Session, row) -> Origin:
    document = session.scalars(select(Bron).where(Bron.sleutel == row.bron)).first()
    return Origin(
        source=row.bron,
        title=document.titel if document else "",
        date=row.bron_datum or "",
        date_note=getattr(row, "datum_uitleg", None) or "",
        retrieved=row.opgehaald.isoformat(),
        second_source=row.bron_2 or "",
    )
