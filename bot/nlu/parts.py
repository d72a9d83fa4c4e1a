"""Small helpers to read and rewrite a Rasa message; shared by the components that come after the classifier."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

INTENT_RANKING = "intent_ranking"


class Untrained(GraphComponent):
    """A component that needs no training: `create` and `load` are the same."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Keeps the configuration; see `known_settings`."""
        self._config = known_settings(type(self), config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Untrained:
        """Creates the component."""
        return cls(config)


def known_settings(component: type[GraphComponent], config: dict[str, Any]) -> dict[str, Any]:
    """`config`, when every key in it is one that the component knows.

    Rasa accepts a misspelt setting without a word (its own FallbackClassifier too) and runs with the default.

    Raises:
        InvalidConfigException: a key the component does not have, naming the ones it has.
    """
    known = set(component.get_default_config())
    for key in config:
        if key not in known:
            raise InvalidConfigException(
                f"{component.__name__} has no setting '{key}' (it has: {', '.join(sorted(known)) or 'none'})"
            )
    return config


def intent_of(message: Message) -> tuple[str | None, float]:
    """Name and confidence of the message's intent."""
    intent = message.get(INTENT) or {}
    return intent.get(INTENT_NAME_KEY), float(intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0)


def set_intent(message: Message, name: str, confidence: float) -> None:
    """Make `name` the intent, first in the ranking, keeping the other candidates behind it."""
    intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
    others = [item for item in message.get(INTENT_RANKING) or [] if item[INTENT_NAME_KEY] != name]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING, [dict(intent), *others], add_to_output=True)


def ranking_of(message: Message) -> list[tuple[str, float]]:
    """Candidates as (intent, confidence), best first."""
    return [(item[INTENT_NAME_KEY], item[PREDICTED_CONFIDENCE_KEY]) for item in message.get(INTENT_RANKING) or []]


def entities_of(message: Message) -> dict[str, Any]:
    """Entity values by name (the last one wins)."""
    return {entity["entity"]: entity["value"] for entity in message.get(ENTITIES) or []}


def add_entity(
    message: Message, extractor: str, name: str, value: str, start: int = 0, end: int = 0, **details: str | None
) -> None:
    """Add one entity to the message; `details` that are set travel with it (the village of a municipality ...)."""
    entity = {"entity": name, "value": value, "start": start, "end": end, "extractor": extractor}
    entity |= {key: detail for key, detail in details.items() if detail}
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
