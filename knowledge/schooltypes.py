"""Which sector a kind of school belongs to, for the samenwerkingsverbanden (design decision 9)."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.results import Sector


@dataclass(frozen=True)
class SchoolType:
    """A kind of school: its sector (None: no samenwerkingsverband) and what to say about that, if anything."""

    key: str
    sector: Sector | None
    note: str


SCHOOL_TYPES: dict[str, SchoolType] = {
    one.key: one
    for one in (
        SchoolType("po", "po", ""),
        SchoolType("vo", "vo", ""),
        SchoolType("sbo", "po", "Een school voor speciaal basisonderwijs telt hier meestal mee als basisschool."),
        SchoolType("so", "po", "Een school voor speciaal onderwijs telt hier meestal mee als basisschool."),
        SchoolType(
            "vso", "vo", "Een school voor voortgezet speciaal onderwijs telt hier meestal mee als middelbare school."
        ),
        SchoolType("mbo", None, "Een mbo-school hoort niet bij een samenwerkingsverband."),
        SchoolType(
            "cluster1",
            None,
            "Een school voor blinde of slechtziende leerlingen (cluster 1) hoort niet bij een samenwerkingsverband.",
        ),
        SchoolType(
            "cluster2",
            None,
            "Een school voor leerlingen die slecht horen of moeite hebben met taal (cluster 2) hoort niet bij een "
            "samenwerkingsverband.",
        ),
    )
}
