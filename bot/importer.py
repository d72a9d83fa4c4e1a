"""Rasa importer: intents, responses and the rule "topic -> answer" come from `knowledge/antwoorden`.

Named in `bot/config.yml`, so plain `rasa train -c bot/config.yml -d bot/domain --data data` uses it too. This is what
makes a topic two files: an entry in `knowledge/antwoorden/<thema>.yml` and sentences in `data/nlu`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import rasa.shared.core.constants as rasa_constants
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.common import cached_method

from bot.topics import loose_response, topic_response, utter
from knowledge import answers
from knowledge.answers import Answer, AnswerBook

FORM = "zoek_form"
# Follow-ups and meta-intents that are not topics: the context component rewrites them, or one action words them.
FOLLOW_UP_PREFIX = "vervolg_"


class AnswersImporter(RasaFileImporter):
    """Adds the curated answers to what the domain and story files hold."""

    @cached_method
    def get_domain(self) -> Domain:
        """The domain of `bot/domain`, with an intent and a response for each topic and a response for each text."""
        domain = super().get_domain()
        if not self._domain_path:
            return domain
        return domain.merge(Domain.from_dict(_domain_part(answers.book(), self._story_text())))

    def _story_text(self) -> str:
        return "\n".join(Path(path).read_text(encoding="utf-8") for path in self._story_files)

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The stories of `data`, with the rules that answer each topic, outside and inside the lookup form."""
        stories = super().get_stories(exclusion_percentage)
        if not self._story_files and not self._domain_path:
            return stories
        reader = YAMLStoryReader(self.get_domain())
        steps = reader.read_from_parsed_yaml({"version": "3.1", "rules": _rules(answers.book())})
        return stories.merge(StoryGraph(steps))


def _domain_part(book: AnswerBook, story_text: str) -> dict[str, Any]:
    """Intents for all topics; responses for those that no action words, and for the loose texts that a rule says."""
    responses: dict[str, list[dict[str, Any]]] = {
        utter(answer.key): [topic_response(book, answer)] for answer in book if answer.action is None
    }
    for key, text in book.texts.items():
        if re.search(rf"\b{utter(key)}\b", story_text):
            responses.setdefault(utter(key), [loose_response(text)])
    return {
        "intents": [answer.key for answer in book] + [f"{FOLLOW_UP_PREFIX}{name}" for name in answers.FOLLOW_UPS],
        "responses": responses,
    }


def _rules(book: AnswerBook) -> list[dict[str, Any]]:
    """Rules as the YAML reader takes them.

    A lookup topic opens the form (outside it) or changes what the open form looks for. Every other topic is answered,
    and inside the form the form then asks its question again. After a danger answer, a goodbye or forgetting the form stops.
    """
    rules: list[dict[str, Any]] = []
    for answer in book:
        rules.append(_rule(f"{answer.key}", answer, in_form=False))
        rules.append(_rule(f"{answer.key} in {FORM}", answer, in_form=True))
    for name in answers.FOLLOW_UPS:
        intent = f"{FOLLOW_UP_PREFIX}{name}"
        for in_form in (False, True):
            rules.append(_plain_rule(intent, "action_unresolved_follow_up", in_form))
    return rules


def _rule(name: str, answer: Answer, *, in_form: bool) -> dict[str, Any]:
    if answer.action == FORM:
        steps: list[dict[str, Any]] = [{"intent": answer.key}, {"action": FORM}, {"active_loop": FORM}]
        return _with_condition(name, steps, in_form)
    if answer.ends_lookup and in_form:
        steps = [
            {"intent": answer.key},
            {"action": answer.action or utter(answer.key)},
            {"action": rasa_constants.ACTION_DEACTIVATE_LOOP_NAME},
            {"active_loop": None},
        ]
        return _with_condition(name, steps, in_form)
    return _plain_rule(answer.key, answer.action or utter(answer.key), in_form)


def _plain_rule(intent: str, action: str, in_form: bool) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"intent": intent}, {"action": action}]
    if in_form:
        steps += [{"action": FORM}, {"active_loop": FORM}]
    return _with_condition(f"{intent} in {FORM}" if in_form else intent, steps, in_form)


def _with_condition(name: str, steps: list[dict[str, Any]], in_form: bool) -> dict[str, Any]:
    return {"rule": name, "condition": [{"active_loop": FORM if in_form else None}], "steps": steps}
