"""Raw text to calibrated probabilities: words and letters (`ngrams.py`) together with meaning (`semantic.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.model_selection import train_test_split

from bot.nlu.embedding import embed
from bot.nlu.ngrams import NgramFeatures, NgramModel, NgramSettings
from bot.nlu.semantic import SemanticModel, SemanticSettings

_HELD_OUT = 0.15
_UNTESTED_TEMPERATURE = 0.25


@dataclass(frozen=True)
class TextModelSettings:
    """Typed configuration of `TextModel`.

    semantic_weight: how much a unit of the semantic log-probability counts beside a unit of the SVM's margin (0: not at all).
    """

    ngrams: NgramSettings = field(default_factory=NgramSettings)
    semantic: SemanticSettings = field(default_factory=SemanticSettings)
    semantic_weight: float = 0.07


class TextModel:
    """A linear SVM on n-grams plus a small network on sentence embeddings, added up and divided by one temperature.

    The temperature is fitted on sentences that were held out of a first training, so that 0.8 means "right in eight of
    ten", as far as the training sentences go; then everything is trained on all sentences.
    """

    def __init__(
        self, classes: list[str], ngrams: NgramModel, semantic: SemanticModel | None, semantic_weight: float,
        temperature: float,
    ) -> None:  # fmt: skip
        self.classes, self.temperature = classes, temperature
        self._ngrams, self._semantic, self._semantic_weight = ngrams, semantic, semantic_weight

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], settings: TextModelSettings = TextModelSettings()
    ) -> TextModel:
        """Train on raw `texts` with one label each.

        Raises:
            ValueError: fewer than two different labels.
        """
        classes, y = np.unique(np.array(labels), return_inverse=True)
        if len(classes) < 2:
            raise ValueError("a classifier needs at least two different labels")
        features, x = NgramFeatures.fit(texts, y, settings.ngrams)
        weight = settings.semantic_weight
        vectors = embed(texts, training=True) if weight else np.zeros((len(texts), 0), dtype=np.float32)

        def train(rows: np.ndarray) -> TextModel:
            semantic = SemanticModel.fit(vectors[rows], y[rows], settings.semantic) if weight else None
            ngrams = NgramModel.fit(features, x[rows], y[rows])
            return cls(classes.tolist(), ngrams, semantic, weight, _UNTESTED_TEMPERATURE)

        model = train(np.arange(len(y)))
        if np.bincount(y).min() >= 2 / _HELD_OUT:
            known, unseen = train_test_split(
                np.arange(len(y)), test_size=_HELD_OUT, stratify=y, random_state=settings.ngrams.seed
            )
            tried = train(known)
            scores = tried._scores(tried._ngrams.margins_of_rows(x[unseen]), vectors[unseen])
            model.temperature = _best_temperature(scores, y[unseen])
        return model

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Probabilities, one row per text and one column per class (in the order of `classes`)."""
        return _softmax(self.scores(texts) / self.temperature)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """What the temperature is applied to."""
        vectors = embed(texts) if self._semantic else np.zeros((len(texts), 0), dtype=np.float32)
        return self._scores(self._ngrams.margins(texts), vectors)

    def _scores(self, margins: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        if self._semantic is None:
            return margins
        return margins + self._semantic_weight * self._semantic.log_probabilities(vectors)

    def known_share(self, text: str) -> float:
        """Share of the words of `text` that the model has seen; 0.0 for a text without words."""
        return self._ngrams.features.known_share(text)

    def save(self, path: Path) -> None:
        """Write the model to `path` (.npz, no pickled code)."""
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            temperature=np.array([self.temperature]),
            semantic_weight=np.array([self._semantic_weight]),
            **self._ngrams.arrays(),
            **(self._semantic.arrays() if self._semantic else {}),
        )

    @classmethod
    def load(cls, path: Path) -> TextModel:
        """Read a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            weight = float(data["semantic_weight"][0])
            return cls(
                data["classes"].tolist(),
                NgramModel.from_arrays(data),
                SemanticModel.from_arrays(data) if weight else None,
                weight,
                float(data["temperature"][0]),
            )


def _best_temperature(scores: np.ndarray, y: np.ndarray) -> float:
    picked = np.arange(len(y)), y

    def loss(temperature: float) -> float:
        return float(-np.log(_softmax(scores / temperature)[picked] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.05, 2.0), method="bounded").x)


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponent = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponent / exponent.sum(axis=1, keepdims=True)
