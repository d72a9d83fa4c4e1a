"""Danger first: suicide, self-harm, abuse, acute danger become `noodgeval`, whatever the other components made of it."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.nlu.context import RESOLVED
from bot.nlu.language_judge import words_of
from bot.nlu.ngrams import NgramSettings
from bot.nlu.parts import intent_of, known_settings, set_intent
from bot.nlu.text import normalise, pieces, word_count
from bot.nlu.text_model import TextModel, TextModelSettings
from bot.nlu.topics import DANGER, DANGER_SHARE

_OTHER = "anders"
_FILE = "danger.npz"
_SMALLEST = 1e-4
_PATTERNS = Path(__file__).with_name("danger_patterns.yml")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = YAML(typ="safe").load(_PATTERNS.read_text(encoding="utf-8"))
    danger = [pattern for group in data["danger"].values() for pattern in group]
    return re.compile("|".join(f"(?:{item})" for item in data["not"])), re.compile("|".join(f"(?:{i})" for i in danger))


def named_danger(text: str) -> bool:
    """Whether a pattern of `danger_patterns.yml` stands in `text`."""
    harmless, danger = _patterns()
    # `normalise` mends Dutch spelling ("me" is "mijn", "nie" is "niet"), which breaks French and Polish.
    forms = (normalise(text), " ".join(words_of(text)))
    return any(danger.search(harmless.sub(" . ", form)) is not None for form in forms)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerLayer(GraphComponent):
    """Sets the intent `noodgeval` when a pattern or the danger classifier says so. Runs last, after every re-ranker.

    evidence_from: sum of the log-odds of this layer's own model (danger or not) and of the topic classifier's `noodgeval`
    from which a message counts as danger. The two err on different messages: together they find far more of the indirect
    ones at the same number of false alarms (docs/figures.md). long_evidence_from: the same from `long_words` words on; a long
    sad story gathers a little evidence with every sentence. piece_from: probability of one sentence of a long story from
    which that sentence alone is enough. Both chosen on the calibration split: the highest recall with at most 2% false alarms.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {
            "evidence_from": -4.6,
            "long_evidence_from": -3.0,
            "long_words": 30,
            "piece_from": 0.95,
            "max_features": 40_000,
            "c": 1.0,
            "semantic_weight": 0.0,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TextModel | None = None
    ) -> None:
        """Creates the layer; without a model only the patterns work."""
        self._config = known_settings(type(self), config)
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerLayer:
        """Creates an untrained layer."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits a two-class model: danger against every other sentence (the only alarming-sounding ones included)."""
        texts: list[str] = []
        labels: list[str] = []
        for example in training_data.intent_examples:
            dangerous = example.get(INTENT) == DANGER
            # The sentences of a harmless story are harmless; in a dangerous one only the whole is known to be.
            parts = [example.get(TEXT)] if dangerous else dict.fromkeys([example.get(TEXT), *pieces(example.get(TEXT))])
            texts += parts
            labels += [DANGER if dangerous else _OTHER] * len(parts)
        with self._storage.write_to(self._resource) as folder:
            if DANGER in labels:
                ngrams = NgramSettings(c=self._config["c"], max_features=self._config["max_features"])
                settings = TextModelSettings(ngrams, semantic_weight=self._config["semantic_weight"])
                self._model = TextModel.fit(texts, labels, settings)
                self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> DangerLayer:  # fmt: skip
        """Loads what `train` stored."""
        with model_storage.read_from(resource) as folder:
            path = folder / _FILE
            return cls(config, model_storage, resource, TextModel.load(path) if path.exists() else None)

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrides the intent of a message that holds danger; takes a false `noodgeval` of the classifier back never."""
        for message in messages:
            text = message.get(TEXT) or ""
            if intent_of(message)[0] == DANGER:
                continue
            if word_count(text) and (named_danger(text) or self._suspects(message)):
                set_intent(message, DANGER, 1.0)
                message.set(RESOLVED, True, add_to_output=True)
        return messages

    def _suspects(self, message: Message) -> bool:
        if self._model is None:
            return False
        text = message.get(TEXT)
        parts = pieces(text)
        scores = self._model.probabilities([text, *(parts if len(parts) > 1 else ())])
        scores = scores[:, self._model.classes.index(DANGER)]
        evidence = _log_odds(scores[0]) + _log_odds(message.get(DANGER_SHARE) or 0.0)
        long = word_count(text) >= self._config["long_words"]
        enough = self._config["long_evidence_from" if long else "evidence_from"]
        return bool(evidence >= enough or np.any(scores[1:] >= self._config["piece_from"]))


def _log_odds(probability: float) -> float:
    kept = min(max(float(probability), _SMALLEST), 1.0 - _SMALLEST)
    return math.log(kept / (1.0 - kept))
