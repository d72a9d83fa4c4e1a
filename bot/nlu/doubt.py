"""Doubt is a dialogue, not a guess: answer, ask "Bedoelt u ...?", or name a human."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.context import RESOLVED
from bot.nlu.parts import Untrained, intent_of, ranking_of, set_intent
from bot.nlu.text import word_count
from bot.nlu.topics import KNOWN_SHARE
from knowledge import answers

CLARIFY, FALLBACK, OUT_OF_SCOPE = "verduidelijken", "nlu_fallback", "buiten_bereik"
FOLLOW_UP_PREFIX = "vervolg_"
OPTIONS = "options"
FORGET = "action_forget"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DoubtLadder(Untrained):
    """Turns an uncertain intent into `verduidelijken` (with at most three `options`) or `nlu_fallback`.

    answer_from: from this probability the topic is answered at once.
    lead, lead_from: a lower probability is enough when it leads the next candidate by `lead`.
    forget_from: what erases the conversation needs this probability.
    clarify_from: the candidates together must reach this for a question; below it a human is named.
    known_from: share of words that must be known at all.
    scope_share: a message of which the guess "out of scope" has at least this share is not answered at once with a topic.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds; chosen on the calibration split (see docs/figures.md)."""
        return {
            "answer_from": 0.6,
            "forget_from": 0.85,
            "lead": 0.1,
            "lead_from": 0.45,
            "clarify_from": 0.25,
            "known_from": 0.34,
            "scope_share": 0.3,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Leaves a sure or context-resolved intent as it is; replaces an unsure one."""
        for message in messages:
            if not message.get(RESOLVED):
                self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        config = self._config
        name, ranking = intent_of(message)[0], _topics(message)
        confidence = next((score for key, score in ranking if key == name), 0.0)
        words = word_count(message.get(TEXT) or "")
        if name is None or words == 0 or (message.get(KNOWN_SHARE) or 0.0) < config["known_from"]:
            set_intent(message, FALLBACK, 0.0)
            return
        second = ranking[1][1] if len(ranking) > 1 else 0.0
        leads = confidence >= config["lead_from"] and confidence - second >= config["lead"]
        outside = name != OUT_OF_SCOPE and dict(ranking).get(OUT_OF_SCOPE, 0.0) >= config["scope_share"]
        destructive = name in answers.book() and answers.book()[name].action == FORGET
        # "wat kost dat" with nothing before it: what it is about has to be asked.
        elliptical = follow_up_share(message) > 0.4
        sure = (confidence >= config["answer_from"] or leads) and not (outside or destructive or elliptical)
        if sure or (confidence >= config["forget_from"] and not elliptical):
            return
        options = [key for key, score in ranking[:5] if key in answers.book() and score >= 0.04][:3]
        if options and sum(score for _, score in ranking[:3]) >= config["clarify_from"]:
            message.set(OPTIONS, options, add_to_output=True)
            set_intent(message, CLARIFY, confidence)
        else:
            set_intent(message, FALLBACK, confidence)


def _topics(message: Message) -> list[tuple[str, float]]:
    """The candidates without those that only mean something after an answer, scaled up to what is left."""
    ranking = ranking_of(message)
    if (intent_of(message)[0] or "").startswith(FOLLOW_UP_PREFIX):
        return ranking
    kept = [(key, score) for key, score in ranking if not (key or "").startswith(FOLLOW_UP_PREFIX)]
    left = 1.0 - follow_up_share(message)
    return [(key, round(score / left, 4)) for key, score in kept] if 1e-5 < left < 1.0 else kept


def follow_up_share(message: Message) -> float:
    """How much of the probability goes to follow-ups that were not resolved by what was said before."""
    return sum(score for key, score in ranking_of(message) if (key or "").startswith(FOLLOW_UP_PREFIX))
