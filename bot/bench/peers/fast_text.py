"""fastText supervised, in an environment of its own (see `requirements-fasttext.txt`); imports nothing of the assistant."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import fasttext  # not a dependency of the assistant

from bot.bench.peers import harness

_LABEL = "__label__"
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Word pairs and letters 2-5 as in our own classifier. Passes and learning rate were chosen on the calibration split among
# five settings (see docs/figures.md). A hundred dimensions is the default; the default of two million buckets
# makes a file of 800 MB. One thread, because more of them make every training another one.
_SETTINGS = {
    "wordNgrams": 2, "minn": 2, "maxn": 5, "dim": 100, "bucket": 200_000, "epoch": 100, "lr": 0.5, "loss": "softmax",
    "thread": 1, "seed": 20261127, "verbose": 0,
}  # fmt: skip


class FastText:
    """Lower case, words and punctuation apart, as fastText's own tutorial prepares text."""

    packages = ("fasttext-wheel",)

    def train(self, sentences: harness.Sentences, folder: Path) -> None:
        """See `harness.Peer`."""
        source = folder.parent / "fasttext.txt"
        lines = (f"{_LABEL}{intent} {_prepared(text)}\n" for text, intent in sentences)
        source.write_text("".join(lines), encoding="utf-8")
        fasttext.train_supervised(input=str(source), **_SETTINGS).save_model(str(folder / "model.bin"))

    def load(self, folder: Path) -> harness.Rank:
        """See `harness.Peer`."""
        model = fasttext.load_model(str(folder / "model.bin"))

        def rank(text: str) -> list[tuple[str, float]]:
            labels, scores = model.predict(_prepared(text), k=20)
            return [(label.removeprefix(_LABEL), float(value)) for label, value in zip(labels, scores, strict=True)]

        return rank


def _prepared(text: str) -> str:
    return " ".join(_TOKEN.findall(text.lower()))


if __name__ == "__main__":
    harness.run(FastText(), sys.argv[1:])
