"""What the recogniser hands out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceMatch:
    """One place named in a message.

    `gemeenten` holds official municipality names, likeliest first; more than one means: ask which. `certain` is False
    when the assistant should ask "bedoelt u ...?" first.
    """

    text: str
    start: int
    end: int
    gemeenten: tuple[str, ...]
    place: str | None
    pc4: str | None
    kind: str  # gemeente | alias | woonplaats | oude_gemeente | postcode | fuzzy
    certain: bool
    role: str  # school | woon | ziekenhuis | onbekend

    @property
    def gemeente(self) -> str | None:
        """The municipality when there is only one, else None."""
        return self.gemeenten[0] if len(self.gemeenten) == 1 else None
