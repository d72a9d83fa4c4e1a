"""Rasa's own pipelines, through Rasa's own training and agent: `python -m bot.bench.peers.rasa_nlu PIPELINE STEP ...`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot import runtime
from bot.bench.peers import harness

SEED = 20261127
_MODEL = "model"
# Rasa's own "I do not know"; left out, because every system gets a threshold of its own on the calibration split.
_FALLBACK = "nlu_fallback"
Pipeline = list[dict[str, Any]]


class RasaNlu:
    """A Rasa model that has a pipeline and no policies."""

    packages = ("rasa", "scikit-learn")

    def __init__(self, pipeline: Callable[[], Pipeline]) -> None:
        self._pipeline = pipeline

    def train(self, sentences: harness.Sentences, folder: Path) -> None:
        """See `harness.Peer`."""
        from rasa.model_training import train_nlu

        config, data = folder.parent / "config.yml", folder.parent / "nlu.json"
        with config.open("w", encoding="utf-8") as stream:
            content = {"recipe": "default.v1", "assistant_id": "bench", "language": "nl", "pipeline": self._pipeline()}
            YAML(typ="safe").dump(content, stream)
        # JSON and not YAML: in YAML Rasa reads square brackets in a sentence as an entity.
        examples = [{"text": text, "intent": intent} for text, intent in sentences]
        data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8")
        if not train_nlu(str(config), str(data), str(folder), fixed_model_name=_MODEL):
            raise RuntimeError("Rasa trained no model")

    def load(self, folder: Path) -> harness.Rank:
        """See `harness.Peer`."""
        from rasa.core.agent import Agent

        agent, loop = Agent.load(str(folder / f"{_MODEL}.tar.gz")), asyncio.new_event_loop()

        def rank(text: str) -> list[tuple[str, float]]:
            parsed = loop.run_until_complete(agent.parse_message(text))
            found = [(item["name"], float(item["confidence"])) for item in parsed.get("intent_ranking") or []]
            return [candidate for candidate in found if candidate[0] != _FALLBACK]

        return rank


def default_pipeline() -> Pipeline:
    """What a project made by `rasa init` trains: its config.yml leaves the pipeline out, and Rasa fills in this file."""
    import rasa.engine.recipes

    path = Path(rasa.engine.recipes.__file__).parent / "config_files" / "default_config.yml"
    pipeline = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["pipeline"]
    return [{**item, "random_seed": SEED} if item["name"] == "DIETClassifier" else item for item in pipeline]


def logistic_pipeline() -> Pipeline:
    """The tokenizer and the two bags of n-grams of the default pipeline, with Rasa's logistic regression."""
    kept = ("WhitespaceTokenizer", "CountVectorsFeaturizer")
    features = [item for item in default_pipeline() if item["name"] in kept]
    return [*features, {"name": "LogisticRegressionClassifier", "random_state": SEED}]


PIPELINES = {"diet": default_pipeline, "rasa-lr": logistic_pipeline}

if __name__ == "__main__":
    runtime.prepare()
    harness.run(RasaNlu(PIPELINES[sys.argv[1]]), sys.argv[2:])
