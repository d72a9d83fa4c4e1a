"""Checks of the training and evaluation sentences that `rasa data validate` passes over.

Unused intents, answers without sentences, sentences for a topic that does not exist, the same sentence under two
intents, a missing voice, and sentences of an evaluation split that also stand in the training data.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from ruamel.yaml import YAML

from bot import paths
from bot.importer import FOLLOW_UP_PREFIX
from bot.nlu.text import normalise
from knowledge import answers

VOICES = frozenset(
    "gewoon kort telefoon dictaat spelfout dialect tweede_taal formeel lang verzorger school leerling boos".split()
)
MINIMUM = {"vraag": 150, "gesprek": 80, "buiten_bereik": 300, "medische_vraag": 100, "noodgeval": 300}
MINIMUM_FOLLOW_UP, MINIMUM_ALARMING = 30, 300
_LEAK_FROM = 95
_LEAK_WORDS = 4


@dataclass(frozen=True)
class Sentence:
    """One training sentence with where it stands and who speaks."""

    text: str
    intent: str
    voice: str
    batch: str
    alarming: bool
    file: str


def sentences(folder: Path = paths.DATA / "nlu") -> list[Sentence]:
    """All training sentences, in file order."""
    return list(_sentences(folder))


@lru_cache(maxsize=2)
def _sentences(folder: Path) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    for path in sorted(folder.glob("*.yml")):
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8")).get("nlu") or []:
            meta = block.get("metadata") or {}
            for line in (block.get("examples") or "").splitlines():
                if line.startswith("- "):
                    found.append(
                        Sentence(line[2:].strip(), block["intent"], meta.get("voice", ""), str(meta.get("batch", "")),
                                 bool(meta.get("alarm")), path.name)
                    )  # fmt: skip
    return tuple(found)


def check(folder: Path = paths.DATA / "nlu", evaluation: Path = paths.EVALUATION) -> list[str]:
    """Every violation as one line; an empty list when all is well."""
    found = sentences(folder)
    return [*_intents(found), *_amounts(found), *_voices(found), *_doubles(found), *_leaks(found, evaluation)]


def _intents(found: list[Sentence]) -> list[str]:
    known = {answer.key for answer in answers.book()} | {f"{FOLLOW_UP_PREFIX}{name}" for name in answers.FOLLOW_UPS}
    domain = YAML(typ="safe").load((paths.DOMAIN / "domain.yml").read_text(encoding="utf-8"))
    known |= set(domain["intents"])
    used = {sentence.intent: sentence.file for sentence in found}
    return [f"{file}: intent '{intent}' is no topic" for intent, file in sorted(used.items()) if intent not in known]


def _amounts(found: list[Sentence]) -> list[str]:
    amount = Counter(sentence.intent for sentence in found)
    problems = []
    for answer in answers.book():
        wanted = MINIMUM.get(answer.key) or MINIMUM["gesprek" if answer.theme == "gesprek" else "vraag"]
        if amount[answer.key] < wanted:
            problems.append(f"{answer.key}: {amount[answer.key]} sentences, at least {wanted} wanted")
    for name in answers.FOLLOW_UPS:
        if amount[f"{FOLLOW_UP_PREFIX}{name}"] < MINIMUM_FOLLOW_UP:
            problems.append(f"{FOLLOW_UP_PREFIX}{name}: fewer than {MINIMUM_FOLLOW_UP} sentences")
    if sum(sentence.alarming for sentence in found) < MINIMUM_ALARMING:
        problems.append(f"fewer than {MINIMUM_ALARMING} sentences that only sound alarming (metadata alarm: ja)")
    return problems


def _voices(found: list[Sentence]) -> list[str]:
    return [
        f"{sentence.file}: '{sentence.text[:40]}' has voice '{sentence.voice}' and batch '{sentence.batch}'"
        for sentence in found
        if sentence.voice not in VOICES or not sentence.batch
    ]


def _doubles(found: list[Sentence]) -> list[str]:
    places: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in found:
        places[normalise(sentence.text) or sentence.text].append(sentence)
    problems = []
    for same in places.values():
        intents = sorted({sentence.intent for sentence in same})
        if len(intents) > 1:
            problems.append(f"'{same[0].text[:60]}' stands under {' and '.join(intents)}")
    return problems


def _leaks(found: list[Sentence], evaluation: Path) -> list[str]:
    """Evaluation sentences (near-)equal to a training sentence; very short searches are the same for everybody."""
    training = sorted({normalise(sentence.text) for sentence in found})
    problems = []
    for path in sorted(evaluation.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for row in (row for row in rows if "text" in row):
            text = normalise(row["text"])
            if len(text.split()) < _LEAK_WORDS:
                continue
            match = process.extractOne(text, training, scorer=fuzz.ratio, score_cutoff=_LEAK_FROM)
            if match:
                problems.append(f"{path.name} {row['id']}: '{row['text'][:50]}' also stands in the training data")
    return problems
