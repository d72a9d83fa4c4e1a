"""What a lookup gives back: plain, frozen dataclasses, ready to be worded or written as JSON.

The rules of certainty have already been applied here: a telephone number or mail address that may not be shown is
None, and so is a code that is not official. Whoever words a result cannot show what it does not hold.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["steunpunt", "algemeen nummer"]
Sector = Literal["po", "vo"]
UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Origin:
    """Where a statement comes from: `source` is a web address or a key of `bronnen.csv`, with its title in `title`.

    `date` is "YYYY", "YYYY-MM", "YYYY-MM-DD" or "" when the source carries none; `date_note` is what is known instead.
    """

    source: str = ""
    title: str = ""
    date: str = ""
    date_note: str = ""
    retrieved: str = ""
    second_source: str = ""


@dataclass(frozen=True)
class Steunpunt:
    """The ouder- en jeugdsteunpunt of one samenwerkingsverband, as far as it is known.

    `certainty` is "hoog", "middel", "laag", or "onbekend" when the register has no row. `phone_kind` and `email_kind`
    say whose it is. At "laag" and "onbekend" there is never a phone or an email.
    """

    name: str | None = None
    url: str | None = None
    phone: str | None = None
    email: str | None = None
    hours: str | None = None
    phone_kind: Kind | None = None
    email_kind: Kind | None = None
    certainty: str = UNKNOWN
    doubt: str | None = None
    origin: Origin = Origin()

    @property
    def kind(self) -> Kind | None:
        """Whose contact this is, by its phone first; None without any contact."""
        return self.phone_kind or self.email_kind


@dataclass(frozen=True)
class Area:
    """Why this samenwerkingsverband: the part of the municipality, and how sure that is.

    `by_regulation` is True when it rests on the regulation of 2015, `confirmed` when a second source says the same.
    `national` is True for the reformatorische ones, which have no area.
    """

    text: str
    partial: bool
    certainty: str
    confirmed: bool
    national: bool
    by_regulation: bool
    doubt: str | None
    origin: Origin


@dataclass(frozen=True)
class Swv:
    """A samenwerkingsverband. `code` is None when it is one of our own making and must not be shown.

    `name_known` is False when only a description of the region is known; `name` is that description then.
    """

    code: str | None
    name: str
    name_known: bool
    sector: str
    website: str | None
    area: Area
    steunpunt: Steunpunt
    doubt: str | None
    origin: Origin


@dataclass(frozen=True)
class ZiezonOffice:
    """An organisation for the schooling of ill children; `is_ziezon` is False for those that are not of Ziezon.

    `area_kind` is "gemeente", "provincie", "land", "regio", or "" for a hospital. `certainty` is the lower one of the
    organisation's and the area's; at "laag" there is never a phone or an email.
    """

    id: str
    name: str
    kind: str
    is_ziezon: bool
    purpose: str | None
    website: str | None
    phone: str | None
    email: str | None
    address: str | None
    certainty: str
    area_kind: str
    area: str
    area_certainty: str
    doubt: str | None
    area_doubt: str | None
    origin: Origin
    area_origin: Origin

    @property
    def is_official(self) -> bool:
        """Whether this is who the law or the network of Ziezon appoints, and not merely somebody who helps too."""
        return self.is_ziezon or self.kind == "landelijk"


@dataclass(frozen=True)
class NationalOrganisation:
    """An organisation for the whole country: the way on when the region is unknown."""

    id: str
    name: str
    purpose: str
    phone: str | None
    email: str | None
    website: str | None
    hours: str | None
    cost: str | None
    certainty: str
    doubt: str | None
    origin: Origin


@dataclass(frozen=True)
class Lookup:
    """Everything the register says for one municipality on one day.

    `swv` holds those of `onderwijssoort` (both sectors when it is None); more than one of a sector means that the
    municipality is divided and the place or postcode did not decide. `gemeente` is "" for a reformatorische school whose
    place was not told.
    """

    gemeente: str
    provincie: str
    onderwijssoort: Sector | None
    plaats: str | None
    pc4: str | None
    reformatorisch: bool
    on: dt.date
    swv: tuple[Swv, ...]
    ziezon: tuple[ZiezonOffice, ...]
    national: tuple[NationalOrganisation, ...]

    def of_sector(self, sector: str) -> tuple[Swv, ...]:
        """The samenwerkingsverbanden of "po" or "vo"."""
        return tuple(swv for swv in self.swv if swv.sector == sector.upper())

    @property
    def needs_place(self) -> bool:
        """True when asking for the place or postcode of the school would narrow the answer."""
        return any(len(self.of_sector(sector)) > 1 for sector in ("po", "vo"))

    def organisation(self, key: str) -> NationalOrganisation | None:
        """The national organisation with this id, if it is part of the route."""
        return next((one for one in self.national if one.id == key), None)


def as_dict(result: Steunpunt | Swv | ZiezonOffice | NationalOrganisation) -> dict[str, Any]:
    """A result as plain values for JSON, in the shape of the contract of `wegwijzer lookup`."""
    data = {item.name: getattr(result, item.name) for item in dataclasses.fields(result)}
    origin = data.pop("origin")
    if isinstance(result, Steunpunt):
        data["kind"] = result.kind
    if isinstance(result, Swv):
        area = data.pop("area")
        data |= {
            "area": area.text, "area_partial": area.partial, "area_certainty": area.certainty,
            "area_confirmed": area.confirmed, "area_doubt": area.doubt, "area_source": area.origin.source,
            "area_date": area.origin.date, "steunpunt": as_dict(result.steunpunt),
        }  # fmt: skip
    if isinstance(result, ZiezonOffice):
        area_origin = data.pop("area_origin")
        data |= {"area_source": area_origin.source, "area_date": area_origin.date}
    return data | {
        "source": origin.source, "second_source": origin.second_source, "date": origin.date,
        "date_note": origin.date_note, "retrieved": origin.retrieved,
    }  # fmt: skip
