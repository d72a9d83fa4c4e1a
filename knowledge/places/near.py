"""The municipality of a point on the map, for a parent who sends a location instead of a name.

The register knows the middle of a place and how many people live there, not its border. A place is therefore taken as a
disc that holds its people at the density of a Dutch town, and the disc whose edge is nearest wins: with the distance to
the middle alone, the outer quarters of a large town count as the village next to it. It stays a guess, to be asked back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.models import Gemeente, WoonplaatsPunt

# Chosen on 44 quarters of large towns (docs/whatsapp.md): 1,800 to 4,500 places 43 of them, the bare distance 29.
_PEOPLE_PER_KM2 = 4_500
# Further than this from every place: at sea or abroad.
_FAR_KM = 6.0
_EARTH_KM = 6_371


@dataclass(frozen=True)
class _Place:
    gemeente: str
    latitude: float
    longitude: float
    radius: float


def nearest_gemeente(session: Session, latitude: float, longitude: float) -> str | None:
    """The official name of the municipality that the point most likely lies in; None outside the country."""
    rows = session.execute(
        select(Gemeente.naam, WoonplaatsPunt.breedte, WoonplaatsPunt.lengte, WoonplaatsPunt.inwoners).join(
            Gemeente, Gemeente.cbs_code == WoonplaatsPunt.gemeente_code
        )
    )
    places = [_Place(name, lat, lon, math.sqrt(people / _PEOPLE_PER_KM2 / math.pi)) for name, lat, lon, people in rows]
    if not places:
        return None
    distance, gemeente = min((_distance(place, latitude, longitude), place.gemeente) for place in places)
    return gemeente if distance <= _FAR_KM else None


def _distance(place: _Place, latitude: float, longitude: float) -> float:
    """Kilometres from the edge of the place; flat-earth, which is exact enough within one small country."""
    east = math.radians(place.longitude - longitude) * math.cos(math.radians(latitude))
    north = math.radians(place.latitude - latitude)
    return _EARTH_KM * math.hypot(east, north) - place.radius
