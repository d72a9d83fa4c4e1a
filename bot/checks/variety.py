"""How varied the training sentences of each topic are, with floors below which the data check fails.

A classifier learns a template as easily as a topic; these four figures show when a hand has been spinning one sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from bot.checks.data import Sentence
from bot.nlu.text import normalise
from knowledge import answers

# Floors. Conversation topics ("ja", "dank u") are short by nature: only their voices are held to one.
MOST_NEAR_DUPLICATES = 0.05
FEWEST_DISTINCT_OPENINGS = 0.80
FEWEST_WITHOUT_OWN_WORDS = 0.50
FEWEST_VOICES, FEWEST_VOICES_IN_CONVERSATION = 12, 9

_NEAR = 88
_OPENING_WORDS = 3
_OWN_WORD_LETTERS = 7
# In the keys, but said about every topic.
_COMMON = frozenset("onderwijs school kind mijn ziek ouders hulp zoeken vinden wat wie kan doet naar van".split())
# Somebody who asks about one organisation, or about the mbo, has to name it.
_NAMED = frozenset({"balans", "ouders_en_onderwijs", "zorgeloos_naar_school", "onderwijsconsulent", "mbo_student"})


@dataclass(frozen=True)
class Variety:
    """Figures of one intent: sentences, and shares between 0 and 1.

    near_duplicates: share that is nearly equal to an earlier sentence of the same intent. openings: distinct first three
    words among the sentences that are longer than that. without_own_words: share in which no word of the topic's key
    occurs. voices: how many of the thirteen voices speak.
    """

    intent: str
    sentences: int
    near_duplicates: float
    openings: float
    without_own_words: float
    voices: int

    def problems(self) -> list[str]:
        """One line for each floor this intent falls through."""
        topic = answers.book()[self.intent] if self.intent in answers.book() else None
        talk = topic is None or topic.theme == "gesprek"
        found = []
        fewest = FEWEST_VOICES_IN_CONVERSATION if talk else FEWEST_VOICES
        if self.voices < fewest and self.intent != "andere_taal":
            found.append(f"{self.intent}: {self.voices} voices, at least {fewest} wanted")
        if talk:
            return found
        if self.near_duplicates > MOST_NEAR_DUPLICATES:
            found.append(f"{self.intent}: {self.near_duplicates:.1%} near-duplicates, at most {MOST_NEAR_DUPLICATES:.0%}")
        if self.openings < FEWEST_DISTINCT_OPENINGS:
            found.append(f"{self.intent}: {self.openings:.0%} distinct openings, at least {FEWEST_DISTINCT_OPENINGS:.0%}")
        if self.without_own_words < FEWEST_WITHOUT_OWN_WORDS and self.intent not in _NAMED:
            found.append(
                f"{self.intent}: {self.without_own_words:.0%} without the topic's own words, "
                f"at least {FEWEST_WITHOUT_OWN_WORDS:.0%}"
            )
        return found


def measure(sentences: Iterable[Sentence]) -> list[Variety]:
    """The figures of every intent, in alphabetical order."""
    groups: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        groups[sentence.intent].append(sentence)
    return [_measure(intent, groups[intent]) for intent in sorted(groups)]


def table(figures: Iterable[Variety]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| intent | sentences | near-duplicates | distinct openings | without own words | voices |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {item.intent} | {item.sentences} | {item.near_duplicates:.1%} | {item.openings:.0%} "
        f"| {item.without_own_words:.0%} | {item.voices} |"
        for item in figures
    ]
    return "\n".join(lines)


def _measure(intent: str, group: list[Sentence]) -> Variety:
    texts = [normalise(sentence.text) for sentence in group]
    own = _own_words(intent)
    long = [text.split() for text in texts if len(text.split()) > _OPENING_WORDS]
    openings = {tuple(words[:_OPENING_WORDS]) for words in long}
    without = [text for text in texts if not any(word.startswith(own) for word in text.split())]
    return Variety(
        intent, len(texts), _near_duplicates(texts), len(openings) / len(long) if long else 1.0,
        len(without) / len(texts), len({sentence.voice for sentence in group}),
    )  # fmt: skip


def _near_duplicates(texts: list[str]) -> float:
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=_NEAR, dtype=np.uint8, workers=-1)
    return float((np.tril(scores, -1).max(axis=1) > 0).mean())


def _own_words(intent: str) -> tuple[str, ...]:
    """Beginnings of the words in the topic's key that carry its meaning ("psychische_klachten": "psychis", "klachte")."""
    words = [word for word in intent.split("_") if len(word) >= 3 and word not in _COMMON]
    return tuple(word[:_OWN_WORD_LETTERS] for word in words) or ("\0",)
