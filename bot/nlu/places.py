"""Which municipality a message names: `knowledge.places` as a Rasa component."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import dialogue
from bot.nlu.parts import Untrained, add_entity, intent_of

if TYPE_CHECKING:
    from knowledge.places import PlaceMatch, PlaceRecognizer


_PROVINCE = re.compile(
    r"\b(?:provincie\s+(?:utrecht|groningen)|fr(?:iesland|ysl[aâ]n)|drent(?:h)?e|overijs+el|flevoland|gelderland|zeeland"
    r"|(?:noord|zuid)[- ]?holland|(?:noord[- ]?)?brabant|(?:noord-?|midden-?|zuid-?)?limburg)\b",
    re.IGNORECASE,
)
_MUNICIPALITY = re.compile(r"\bgemeente\s+$", re.IGNORECASE)


@lru_cache(maxsize=1)
def recogniser() -> PlaceRecognizer:
    """The gazetteer, loaded once per process."""
    from knowledge.places import PlaceRecognizer

    return PlaceRecognizer.load()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(Untrained, EntityExtractorMixin):
    """Adds `gemeente` (official name, with details `plaats` and `pc4`), or `plaats_keuze` when the parent must choose.

    A province without a place in it is `provincie`: too large to look up, unless the place we know lies in it.

    The place of the school counts, then home, never a hospital's (design 9). While the lookup asks for the place, a bare
    word may be one; otherwise the recogniser is strict.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    def process(self, messages: list[Message], tracker: Optional[DialogueStateTracker] = None) -> list[Message]:
        """Reads the raw text; a bare word may be a place when the bot asked for one or the message looks like an answer."""
        state = dialogue.read(tracker)
        asked = state.open_slot == "gemeente"
        for message in messages:
            text = message.get(TEXT) or ""
            expecting = asked or intent_of(message)[0] == "geef_gemeente"
            matches = recogniser().find(text, expecting=expecting)
            chosen = recogniser().school_place(matches)
            if chosen is not None:
                self._add(message, chosen)
            elif (province := _PROVINCE.search(text)) and not recogniser().lies_in(state.place, province.group()):
                add_entity(message, type(self).__name__, "provincie", province.group(), *province.span())
        return messages

    def _add(self, message: Message, match: PlaceMatch) -> None:
        name, span = type(self).__name__, (match.start, match.end)
        if len(match.gemeenten) == 1 and match.certain:
            # "de gemeente Rotterdam" names the municipality, which may be divided; "Rotterdam" names the town.
            whole = _MUNICIPALITY.search((message.get(TEXT) or "")[: match.start]) or match.text.lower().startswith(
                "gemeente"
            )
            place = None if whole else match.place
            add_entity(message, name, "gemeente", match.gemeenten[0], *span, plaats=place, pc4=match.pc4)
        elif match.gemeenten:
            add_entity(message, name, "plaats_keuze", "|".join(match.gemeenten), *span)
