"""How a message sounds: heavy, or nothing but a sigh. A word list, no model: see `tone_words.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.dialogue import TONE
from bot.nlu.parts import Untrained
from bot.nlu.text import normalise, word_count
from knowledge.manner import HEAVY, SIGH

_WORDS = Path(__file__).with_name("tone_words.yml")
_CLAUSE_END = re.compile(r"[.,!?;:…\n]+|\s(?:en|maar|want|dus)\s")


@dataclass(frozen=True)
class _Words:
    heavy: re.Pattern[str]
    hard: re.Pattern[str]
    sigh: re.Pattern[str]
    small: frozenset[str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ToneReader(Untrained):
    """Sets `tone` on a message that is heavy or a sigh; the answer then says one sentence first (`knowledge/manner.py`).

    story_from: from how many words a message is a story. sigh_up_to: longer than this is never a mere sigh.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"story_from": 14, "sigh_up_to": 9}

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads the text only; what comes of it is decided by the context and the answer."""
        for message in messages:
            found = tone(message.get(TEXT) or "", **self._config)
            if found:
                message.set(TONE, found, add_to_output=True)
        return messages


def tone(text: str, *, story_from: int = 14, sigh_up_to: int = 9) -> str | None:
    """`HEAVY`, `SIGH` or None for an ordinary message.

    >>> tone("Pfff, ik kan niet meer"), tone("ik kan niet meer bellen met school"), tone("wie betaalt de laptop")
    ('sigh', None, None)
    """
    words = _words()
    clauses = [normalise(clause) for clause in _CLAUSE_END.split(text)]
    if word_count(text) <= sigh_up_to and _only_sighs(clauses, words):
        return SIGH
    ended = " . ".join(clauses) + " ."
    if words.heavy.search(ended):
        return HEAVY
    if word_count(text) < story_from:
        return None
    return HEAVY if len({match.group() for match in words.hard.finditer(ended)}) > 1 else None


def _only_sighs(clauses: Iterable[str], words: _Words) -> bool:
    text = " ".join(clauses)
    rest = words.sigh.sub(" ", text)
    return rest != text and all(word in words.small for word in rest.split())


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = YAML(typ="safe").load(_WORDS.read_text(encoding="utf-8"))
    return _Words(*(_pattern(data[name]) for name in ("heavy", "hard", "sigh")), frozenset(data["small"].split()))


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    written = (re.sub(r"\.\Z", r" \\.", phrase.replace("*", r"\w*")) for phrase in phrases)
    return re.compile("|".join(rf"(?<!\w)(?:{phrase})(?!\w)" for phrase in written))
