"""Messages in another language: the intent becomes `andere_taal` and the entity `taal` says which language it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.context import RESOLVED
from bot.nlu.language_judge import UNNAMED, LanguageJudge, words_of
from bot.nlu.parts import INTENT_RANKING, add_entity, intent_of, known_settings, set_intent

OTHER_LANGUAGE = "andere_taal"
LANGUAGE = "taal"
_FILE = "dutch_words.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageDetector(GraphComponent, EntityExtractorMixin):
    """Sets intent and entity of a message in another language; takes a wrong `andere_taal` of the classifier back.

    hint_from: from this probability the topic classifier's own `andere_taal` counts as evidence.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"hint_from": 0.4}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, vocabulary: Iterable[str] = ()
    ) -> None:
        """Creates the component; `vocabulary` holds the words of Dutch sentences."""
        self._config = known_settings(type(self), config)
        self._storage, self._resource, self._judge = storage, resource, LanguageJudge(vocabulary)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Creates a component that has no vocabulary yet."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the words of all sentences that are not of another language."""
        dutch = (item for item in training_data.intent_examples if item.get(INTENT) != OTHER_LANGUAGE)
        vocabulary = sorted({word for item in dutch for word in words_of(item.get(TEXT) or "")})
        self._judge = LanguageJudge(vocabulary)
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text("\n".join(vocabulary), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> LanguageDetector:  # fmt: skip
        """Loads the words that `train` kept."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, (folder / _FILE).read_text(encoding="utf-8").split())

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides on every message; one that does not tell keeps what the topic classifier said."""
        for message in messages:
            text = message.get(TEXT) or ""
            intent, confidence = intent_of(message)
            hinted = intent == OTHER_LANGUAGE and confidence >= self._config["hint_from"]
            verdict = self._judge.judge(text, hinted=hinted)
            if verdict.language:
                set_intent(message, OTHER_LANGUAGE, 1.0)
                message.set(RESOLVED, True, add_to_output=True)
                if verdict.language != UNNAMED:
                    add_entity(message, type(self).__name__, LANGUAGE, verdict.language)
            elif verdict.dutch and intent == OTHER_LANGUAGE and not self._judge.names_a_language(text):
                _take_next(message)
        return messages


def _take_next(message: Message) -> None:
    ranking = [item for item in message.get(INTENT_RANKING) or [] if item[INTENT_NAME_KEY] != OTHER_LANGUAGE]
    if ranking:
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING, ranking, add_to_output=True)
