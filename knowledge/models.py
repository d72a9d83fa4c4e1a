"""The register as SQLAlchemy models: one class per table of `knowledge/register/`, one attribute per column.

Each class is the whole schema of its CSV file: the name of the file, the columns in order (the attribute carries the
`fields.Field` that checks a cell), the key, and the rules that look at more than one cell (`check_row`). Every row also
carries its provenance (`Provenance`). `SwvDeel` and `Stand` have no file: they are derived at import.

All names of columns are those of the CSV files, so Dutch; tables start with `register_`, because they may share a
database with the conversations.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Column, Date, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import declarative_base

from knowledge import areas
from knowledge.fields import (
    CERTAINTIES,
    CellError,
    Choice,
    Count,
    Day,
    Degrees,
    Email,
    Field,
    PartialDay,
    Pattern,
    Phone,
    Reference,
    Share,
    Source,
    Website,
)

metadata = MetaData()
Base = declarative_base(metadata=metadata)

YES_NO = ("ja", "nee")
SECTORS = ("PO", "VO")
NATION = "Nederland"


def _column(field: Field, *, key: bool = False) -> Column:
    return Column(field.sql_type, nullable=not (key or field.required), index=key, info={"field": field})


def _text(*, key: bool = False, required: bool = False) -> Column:
    return _column(Field(required=required or key), key=key)


def _municipality_code() -> Column:
    return _column(Reference("gemeenten.cbs_code", "gemeente"), key=True)


class Provenance:
    """Where a row comes from and when it holds. These columns end every table.

    `bron_datum` is the date of the source and may be empty ("datum onbekend"); `opgehaald` is when it was read.
    `geldig_van` and `geldig_tot` are both inclusive; empty means open.
    """

    NAMES: ClassVar[tuple[str, ...]] = (
        "bron", "bron_2", "bron_datum", "opgehaald", "zekerheid", "geldig_van", "geldig_tot", "twijfel",
    )  # fmt: skip

    bron = _column(Source(required=True))
    bron_2 = _column(Source())
    bron_datum = _column(PartialDay())
    opgehaald = _column(Day(required=True))
    zekerheid = _column(Choice(CERTAINTIES, what="zekerheid"))
    geldig_van = _column(Day())
    geldig_tot = _column(Day())
    twijfel = _column(Field())

    @classmethod
    def check_validity(cls, values: dict[str, Any]) -> None:
        """Rule for one row; raises `RowError`."""
        start, end = values["geldig_van"], values["geldig_tot"]
        if start and end and end < start:
            raise RowError("geldig_tot", "ligt voor geldig_van")


class RowError(CellError):
    """A row breaks a rule that looks at more than one cell; `column` is the cell to blame."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


class RegisterTable:
    """What every class with a CSV file has. Rows get a number of their own: a key may return in another period."""

    FILE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]

    rij = Column(Integer, primary_key=True, autoincrement=True)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The header of the file: the table's own columns first, then the provenance."""
        names = [column.name for column in cls.__table__.columns if "field" in column.info]
        own = [name for name in names if name not in Provenance.NAMES]
        return (*own, *(name for name in Provenance.NAMES if name in names))

    @classmethod
    def field(cls, name: str) -> Field:
        """The field that checks column `name`."""
        return cls.__table__.columns[name].info["field"]

    @classmethod
    def check_row(cls, values: dict[str, Any]) -> None:
        """Rules over the cells of one row; raises `RowError`."""


class Bron(RegisterTable, Base):
    """A document that several rows or answers refer to by key."""

    __tablename__ = "register_bronnen"
    FILE = "bronnen.csv"
    KEY = ("sleutel",)

    sleutel = _column(Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "sleutel (kleine letters, cijfers, streepjes)"), key=True)
    titel = _text(required=True)
    uitgever = _text(required=True)
    datum = _column(PartialDay())
    adres = _column(Website())
    toelichting = _text()
    opgehaald = _column(Day(required=True))


class Gemeente(RegisterTable, Provenance, Base):
    """A municipality; `naam` is the official name that every other table and the slot `gemeente` use."""

    __tablename__ = "register_gemeenten"
    FILE = "gemeenten.csv"
    KEY = ("cbs_code",)

    cbs_code = _column(Pattern(r"GM\d{4}", "gemeentecode"), key=True)
    naam = _text(key=True)
    provincie = _text(required=True)
    aliassen = _text()


class Woonplaats(RegisterTable, Provenance, Base):
    """A place in a municipality. A name may occur in several municipalities."""

    __tablename__ = "register_woonplaatsen"
    FILE = "woonplaatsen.csv"
    KEY = ("woonplaats", "gemeente_code")

    woonplaats = _text(key=True)
    gemeente_code = _municipality_code()
    provincie = _text(required=True)


class WoonplaatsAlias(RegisterTable, Provenance, Base):
    """Another name of a place: Frisian or Dutch, without its suffix, in common use."""

    __tablename__ = "register_woonplaats_aliassen"
    FILE = "woonplaats_aliassen.csv"
    KEY = ("alias", "woonplaats", "gemeente_code")

    alias = _text(key=True)
    woonplaats = _column(Reference("woonplaatsen.woonplaats", "woonplaats"))
    gemeente_code = _municipality_code()
    soort = _text(required=True)


class WoonplaatsPunt(RegisterTable, Provenance, Base):
    """Where a place lies (its middle, WGS84) and how many people live there, for a parent who sends a point on the map."""

    __tablename__ = "register_woonplaats_punten"
    FILE = "woonplaats_punten.csv"
    KEY = ("woonplaats", "gemeente_code")

    woonplaats = _column(Reference("woonplaatsen.woonplaats", "woonplaats"), key=True)
    gemeente_code = _municipality_code()
    breedte = _column(Degrees(50.7, 53.6))
    lengte = _column(Degrees(3.3, 7.3))
    inwoners = _column(Count(required=True))


class Postcode(RegisterTable, Provenance, Base):
    """The share of a four-digit postcode that lies in a municipality."""

    __tablename__ = "register_postcodes"
    FILE = "postcodes.csv"
    KEY = ("pc4", "gemeente_code")

    pc4 = _column(Pattern(r"[1-9]\d{3}", "postcode van vier cijfers"), key=True)
    gemeente_code = _municipality_code()
    aandeel = _column(Share(required=True))


class Herindeling(RegisterTable, Provenance, Base):
    """A municipality that no longer exists, and where it went."""

    __tablename__ = "register_herindelingen"
    FILE = "herindelingen.csv"
    KEY = ("oude_code", "nieuwe_code", "huidige_code")

    oude_code = _column(Pattern(r"GM\d{4}", "gemeentecode"), key=True)
    oude_naam = _text(required=True)
    nieuwe_code = _column(Pattern(r"GM\d{4}", "gemeentecode", required=True))
    nieuwe_naam = _text(required=True)
    ingangsdatum = _column(Day(required=True))
    deel = _text(required=True)
    huidige_code = _column(Reference("gemeenten.cbs_code", "gemeente"))
    huidige_naam = _column(Reference("gemeenten.naam", "gemeente"))


class Samenwerkingsverband(RegisterTable, Provenance, Base):
    """A samenwerkingsverband. `officiele_naam` is as the source writes it and may be empty: then `streek` describes it.

    `weergavenaam` is the same name without numbers and abbreviations; `code_tonen` is "nee" for a code of our own.
    """

    __tablename__ = "register_swv_namen"
    FILE = "swv_namen.csv"
    KEY = ("swv_code",)

    swv_code = _column(Pattern(r"(PO|VO)[0-9A-Z]{4}", "code van een samenwerkingsverband"), key=True)
    sector = _column(Choice(SECTORS, what="sector"))
    soort = _column(Choice(("regionaal", "reformatorisch"), what="soort"))
    officiele_naam = _text()
    weergavenaam = _text()
    streek = _text()
    website = _column(Website())
    vestigingsplaats = _text()
    code_tonen = _column(Choice(YES_NO))

    @classmethod
    def check_row(cls, values: dict[str, Any]) -> None:
        if values["sector"] != values["swv_code"][:2]:
            raise RowError("sector", "hoort niet bij de code")
        if bool(values["officiele_naam"]) != bool(values["weergavenaam"]):
            raise RowError("weergavenaam", "officiele_naam en weergavenaam horen samen ingevuld of leeg te zijn")
        if not values["officiele_naam"] and not values["streek"]:
            raise RowError("streek", "zonder naam is een streek nodig")


class SwvGebied(RegisterTable, Provenance, Base):
    """A municipality (or with `gedeeltelijk` a part of it, see `areas`) in which the schools belong to a swv."""

    __tablename__ = "register_swv_gebied"
    FILE = "swv_gebied.csv"
    KEY = ("swv_code", "gemeente")

    swv_code = _column(Reference("swv_namen.swv_code", "samenwerkingsverband"), key=True)
    sector = _column(Choice(SECTORS, what="sector"))
    gemeente = _column(Reference("gemeenten.naam", "gemeente"), key=True)
    gedeeltelijk = _column(Choice(YES_NO))
    deel = _text()

    @classmethod
    def check_row(cls, values: dict[str, Any]) -> None:
        if values["sector"] != values["swv_code"][:2]:
            raise RowError("sector", "hoort niet bij de code")
        if (values["gedeeltelijk"] == "ja") != bool(values["deel"]):
            raise RowError("deel", "hoort ingevuld te zijn als gedeeltelijk 'ja' is, en anders leeg")
        if values["deel"]:
            try:
                areas.parse_part(values["deel"])
            except ValueError as error:
                raise RowError("deel", str(error)) from None


class _Steunpunt(RegisterTable, Provenance):
    """How a parent reaches the ouder- en jeugdsteunpunt of a swv. PO and VO have a file each, with the same columns.

    `steunpunt_naam` is as the source writes it, `weergavenaam` the same without numbers and abbreviations.
    `telefoon_van` and `email_van` say whose number or address it is: the steunpunt's own, or a general one.
    """

    KEY = ("swv_code",)
    OWNERS: ClassVar[tuple[str, ...]] = ("steunpunt", "samenwerkingsverband")

    swv_code = _column(Reference("swv_namen.swv_code", "samenwerkingsverband"), key=True)
    swv_naam = _text(required=True)
    swv_website = _column(Website())
    steunpunt_naam = _text()
    weergavenaam = _text()
    steunpunt_url = _column(Website())
    steunpunt_telefoon = _column(Phone())
    telefoon_van = _column(Choice(OWNERS, required=False, what="eigenaar"))
    steunpunt_email = _column(Email())
    email_van = _column(Choice(OWNERS, required=False, what="eigenaar"))
    bereikbaar = _text()
    regio = _text()
    opmerking = _text()
    datum_uitleg = _text()

    @classmethod
    def check_row(cls, values: dict[str, Any]) -> None:
        for contact, owner in (("steunpunt_telefoon", "telefoon_van"), ("steunpunt_email", "email_van")):
            if bool(values[contact]) != bool(values[owner]):
                raise RowError(owner, f"{contact} en {owner} horen samen ingevuld of leeg te zijn")


class SteunpuntPo(_Steunpunt, Base):
    """The steunpunten for basisscholen, sbo and (meestal) so."""

    __tablename__ = "register_steunpunten_po"
    FILE = "steunpunten_po.csv"


class SteunpuntVo(_Steunpunt, Base):
    """The steunpunten for the voortgezet onderwijs and (meestal) vso."""

    __tablename__ = "register_steunpunten_vo"
    FILE = "steunpunten_vo.csv"


class ZiezonBureau(RegisterTable, Provenance, Base):
    """An organisation for the schooling of ill children.

    `soort`: a regional bureau, the educatieve voorziening of a university hospital (umc), a national organisation, or
    another one. `is_ziezon` says whether it is one of Ziezon; only "ja" is called so.
    """

    __tablename__ = "register_ziezon_bureaus"
    FILE = "ziezon_bureaus.csv"
    KEY = ("id",)

    id = _column(Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "sleutel (kleine letters, cijfers, streepjes)"), key=True)
    naam = _text(required=True)
    soort = _column(Choice(("bureau", "umc", "landelijk", "overig"), what="soort"))
    is_ziezon = _column(Choice((*YES_NO, "onbekend")))
    waarvoor = _text()
    website = _column(Website())
    telefoon = _column(Phone())
    email = _column(Email())
    bezoekadres = _text()
    plaats = _text()
    ziezon_pagina = _column(Website())
    opmerking = _text()
    datum_uitleg = _text()


class ZiezonGebied(RegisterTable, Provenance, Base):
    """Where an organisation works: a municipality, a province, the whole country, or a region known by name only."""

    __tablename__ = "register_ziezon_gebied"
    FILE = "ziezon_gebied.csv"
    KEY = ("bureau_id", "gebied_soort", "gebied")

    bureau_id = _column(Reference("ziezon_bureaus.id", "bureau"), key=True)
    gebied_soort = _column(Choice(("gemeente", "provincie", "regio", "land"), what="soort gebied"))
    gebied = _text(key=True)
    datum_uitleg = _text()

    @classmethod
    def check_row(cls, values: dict[str, Any]) -> None:
        if values["gebied_soort"] == "land" and values["gebied"] != NATION:
            raise RowError("gebied", f"bij gebied_soort land hoort '{NATION}'")

    @classmethod
    def area_reference(cls, values: dict[str, Any]) -> Reference | None:
        """What `gebied` must refer to, given its kind."""
        if values["gebied_soort"] == "gemeente":
            return Reference("gemeenten.naam", "gemeente")
        if values["gebied_soort"] == "provincie":
            return Reference("gemeenten.provincie", "provincie")
        return None


class LandelijkeOrganisatie(RegisterTable, Provenance, Base):
    """An organisation for the whole country."""

    __tablename__ = "register_landelijke_organisaties"
    FILE = "landelijke_organisaties.csv"
    KEY = ("id",)

    id = _column(Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "sleutel (kleine letters, cijfers, streepjes)"), key=True)
    naam = _text(required=True)
    waarvoor = _text(required=True)
    telefoon = _column(Phone())
    email = _column(Email())
    website = _column(Website())
    bereikbaar = _text()
    kosten = _text()
    opmerking = _text()


class ZiekenhuisNaam(RegisterTable, Provenance, Base):
    """A name or abbreviation of a hospital, and the organisation that teaches there.

    An empty `bureau_id` is a name that looks like one of the others and has no such organisation. `ook_voornaam` marks
    names that are first names as well: those count only where the words around them say hospital.
    """

    __tablename__ = "register_ziekenhuis_namen"
    FILE = "ziekenhuis_namen.csv"
    KEY = ("naam",)

    naam = _text(key=True)
    bureau_id = _column(Reference("ziezon_bureaus.id", "bureau", required=False))
    ook_voornaam = _column(Choice(YES_NO))


class SwvDeel(Base):
    """One place with one range of postcodes of a divided municipality; derived from `SwvGebied.deel`."""

    __tablename__ = "register_swv_delen"

    rij = Column(Integer, primary_key=True, autoincrement=True)
    gebied_rij = Column(Integer, nullable=False, index=True)
    plaats = Column(String, nullable=False)
    pc4_van = Column(String(4), nullable=False)
    pc4_tot = Column(String(4), nullable=False)


class Stand(Base):
    """What is loaded: the hash of the files, the hash of the schema, the day of the import."""

    __tablename__ = "register_stand"

    sleutel = Column(String, primary_key=True)
    waarde = Column(Text, nullable=False)
    datum = Column(Date, nullable=False)


TABLES: tuple[type[RegisterTable], ...] = (
    Bron, Gemeente, Woonplaats, WoonplaatsAlias, WoonplaatsPunt, Postcode, Herindeling, Samenwerkingsverband, SwvGebied,
    SteunpuntPo, SteunpuntVo, ZiezonBureau, ZiezonGebied, LandelijkeOrganisatie, ZiekenhuisNaam,
)  # fmt: skip

Index("ix_register_swv_gebied_zoek", SwvGebied.gemeente, SwvGebied.sector)
