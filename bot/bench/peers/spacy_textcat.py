"""spaCy's text classifier as its quickstart sets it up: blank Dutch, `textcat`, optimised for efficiency (bag of words)."""

from __future__ import annotations

import sys
from pathlib import Path

import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config

from bot.bench.peers import harness

SEED = 20261127
# The quickstart stops when a development set no longer gains. That would take sentences away from training, so the number
# of passes is fixed: ten, well past the first, after which half of the calibration split was right (see docs/figures.md).
_PASSES = 10
_LOOKED_AT = 50


class SpacyTextcat:
    """The quickstart's configuration with another end of training."""

    packages = ("spacy",)

    def train(self, sentences: harness.Sentences, folder: Path) -> None:
        """See `harness.Peer`."""
        work = folder.parent
        nlp, intents = spacy.blank("nl"), sorted({intent for _, intent in sentences})
        # spaCy wants a development set, looks at it now and then, and ends by `max_epochs` whatever it sees.
        for name, part in (("train", sentences), ("dev", sentences[:_LOOKED_AT])):
            _docs(nlp, part, intents).to_disk(work / f"{name}.spacy")
        init_config(lang="nl", pipeline=["textcat"], optimize="efficiency", silent=True).to_disk(work / "config.cfg")
        config = load_config(
            work / "config.cfg",
            overrides={
                "paths.train": str(work / "train.spacy"), "paths.dev": str(work / "dev.spacy"), "training.seed": SEED,
                "training.max_epochs": _PASSES, "training.max_steps": 0, "training.patience": 0,
            },
        )  # fmt: skip
        trained, _ = train(init_nlp(config))
        trained.to_disk(folder)

    def load(self, folder: Path) -> harness.Rank:
        """See `harness.Peer`."""
        nlp = spacy.load(folder)

        def rank(text: str) -> list[tuple[str, float]]:
            return sorted(nlp(text).cats.items(), key=lambda item: -item[1])

        return rank


def _docs(nlp: Language, sentences: harness.Sentences, intents: list[str]) -> DocBin:
    docs = DocBin()
    for text, intent in sentences:
        doc = nlp.make_doc(text)
        doc.cats = {name: float(name == intent) for name in intents}
        docs.add(doc)
    return docs


if __name__ == "__main__":
    harness.run(SpacyTextcat(), sys.argv[1:])
