"""The two steps of every Python peer, with the clock where it is for all of them. Standard library only.

PROGRAM train SENTENCES FOLDER             SENTENCES: JSON [[text, intent], ...]; the model goes into FOLDER
PROGRAM predict MESSAGES FOLDER ANSWERS    MESSAGES: JSON [text, ...]; ANSWERS: JSON {rankings, milliseconds, versions}
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Protocol

Sentences = list[tuple[str, str]]
Rank = Callable[[str], list[tuple[str, float]]]
WARM_UP = 20
_CANDIDATES = 20


class Peer(Protocol):
    """What a system must be able to do. `packages`: distributions whose version the table names."""

    packages: tuple[str, ...]

    def train(self, sentences: Sentences, folder: Path) -> None:
        """Learn (text, intent) pairs and leave the model in `folder`."""

    def load(self, folder: Path) -> Rank:
        """A function from one message to its candidates with confidence, best first."""


def run(peer: Peer, arguments: list[str]) -> None:
    """Do the step that `arguments` (of the command line) name."""
    step, *rest = arguments
    paths = [Path(item) for item in rest]
    if step == "train":
        source, folder = paths
        peer.train([(text, intent) for text, intent in json.loads(source.read_text("utf-8"))], folder)
    else:
        source, folder, answers = paths
        answers.write_text(json.dumps(_predict(peer, json.loads(source.read_text("utf-8")), folder)), "utf-8")


def _predict(peer: Peer, messages: list[str], folder: Path) -> dict[str, object]:
    rank = peer.load(folder)
    for number in range(WARM_UP):
        rank(f"warm {number}")
    rankings, milliseconds = [], []
    for text in messages:
        started = time.perf_counter()
        ranking = rank(text)
        milliseconds.append(1_000 * (time.perf_counter() - started))
        rankings.append(ranking[:_CANDIDATES])
    versions = {"python": platform.python_version()} | {name: metadata.version(name) for name in peer.packages}
    return {"rankings": rankings, "milliseconds": milliseconds, "versions": versions}
