"""Which topic a message is about."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ngrams import NgramSettings
from bot.nlu.parts import add_entity, known_settings, set_intent
from bot.nlu.second import two_questions
from bot.nlu.text import after_thanks, without_signature, word_count
from bot.nlu.text_model import TextModel, TextModelSettings
from knowledge import answers

INTENT_RANKING = "intent_ranking"
KNOWN_SHARE = "known_share"
SECOND_QUESTION = "tweede_vraag"
DANGER, DANGER_SHARE = "noodgeval", "danger_share"
_FILE = "topics.npz"
_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """What a message is about, from its words, its letters and its meaning (`TextModel`).

    c, max_features: see `NgramSettings`. semantic_weight: see `TextModelSettings`.
    Sets `intent`, `intent_ranking`, `known_share` (share of the words seen in training) and `danger_share` (probability of
    `noodgeval`, for the danger layer) on each message.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {
            "c": NgramSettings.c,
            "max_features": NgramSettings.max_features,
            "semantic_weight": TextModelSettings.semantic_weight,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TextModel | None = None
    ) -> None:
        """Creates the component, untrained unless `model` is given."""
        self._config = known_settings(type(self), config)
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Creates an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on all examples that have an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = TextModel.fit(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
            TextModelSettings(
                NgramSettings(c=self._config["c"], max_features=self._config["max_features"]),
                semantic_weight=self._config["semantic_weight"],
            ),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> TopicClassifier:  # fmt: skip
        """Loads the model that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, TextModel.load(folder / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent, ranking and known share."""
        for message in messages:
            text = message.get(TEXT) or ""
            scores = self._scores(after_thanks(without_signature(text)))
            ranking = sorted(scores.items(), key=lambda item: -item[1])[:_RANKED]
            ranking = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: round(score, 6)} for name, score in ranking]
            message.set(INTENT, dict(ranking[0]) if ranking else _no_intent(), add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
            message.set(KNOWN_SHARE, self._model.known_share(text) if self._model else 0.0, add_to_output=True)
            message.set(DANGER_SHARE, scores.get(DANGER, 0.0))
            self._note_second_question(message, text)
        return messages

    def _note_second_question(self, message: Message, text: str) -> None:
        pair = two_questions(text, self._model, answers.book()) if self._model and word_count(text) else None
        if pair:
            first, score, second = pair
            set_intent(message, first, round(score, 4))
            add_entity(message, type(self).__name__, SECOND_QUESTION, second)

    def _scores(self, text: str) -> dict[str, float]:
        if self._model is None or word_count(text) == 0:
            return {}
        return dict(zip(self._model.classes, self._model.probabilities([text])[0].tolist(), strict=True))


def _no_intent() -> dict[str, Any]:
    return {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
