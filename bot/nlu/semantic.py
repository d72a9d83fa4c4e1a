"""A small neural network from the meaning of a sentence (`bot/nlu/embedding.py`) to topics."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier


@dataclass(frozen=True)
class SemanticSettings:
    """Typed configuration of `SemanticModel`: width of the one hidden layer, passes over the data, regularisation."""

    hidden: int = 256
    epochs: int = 8
    alpha: float = 1e-4
    learning_rate: float = 3e-3
    batch: int = 256
    seed: int = 20261127


class SemanticModel:
    """One hidden layer of rectified units, trained by scikit-learn, applied in numpy."""

    def __init__(self, layers: list[tuple[np.ndarray, np.ndarray]]) -> None:
        self._layers = layers

    @classmethod
    def fit(cls, vectors: np.ndarray, y: np.ndarray, settings: SemanticSettings = SemanticSettings()) -> SemanticModel:
        """Train on `vectors` (n, 512) with class numbers `y` 0..k-1, each of which must occur."""
        network = MLPClassifier(
            hidden_layer_sizes=(settings.hidden,), alpha=settings.alpha, max_iter=settings.epochs,
            batch_size=min(settings.batch, len(y)), learning_rate_init=settings.learning_rate,
            random_state=settings.seed, n_iter_no_change=settings.epochs,
        )  # fmt: skip
        # Warned of at the last pass; the number of passes is a setting, chosen on the calibration split.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(vectors, y)
        layers = [
            (weights.astype(np.float32), bias.astype(np.float32))
            for weights, bias in zip(network.coefs_, network.intercepts_, strict=True)
        ]
        if len(layers[-1][1]) == 1:  # two classes: scikit-learn keeps one output
            weights, bias = layers[-1]
            layers[-1] = np.hstack([0 * weights, weights]), np.hstack([0 * bias, bias])
        return cls(layers)

    def log_probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Logarithms of the class probabilities, one row per vector."""
        (first, first_bias), (last, last_bias) = self._layers
        outputs = np.maximum(vectors @ first + first_bias, 0.0) @ last + last_bias
        outputs -= outputs.max(axis=1, keepdims=True)
        return outputs - np.log(np.exp(outputs).sum(axis=1, keepdims=True))

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` needs, in half precision."""
        return {
            f"semantic_{part}{number}": array.astype(np.float16)
            for number, layer in enumerate(self._layers)
            for part, array in zip(("weights", "bias"), layer, strict=True)
        }

    @classmethod
    def from_arrays(cls, data: Mapping[str, np.ndarray]) -> SemanticModel:
        """The model behind `arrays()`."""
        layers = [
            tuple(data[f"semantic_{part}{number}"].astype(np.float32) for part in ("weights", "bias"))
            for number in range(2)
        ]
        return cls(layers)  # type: ignore[arg-type]
