"""Which version of an answer a parent gets: the full one, the plain one, the pupil's, or a shorter repeat."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import dialogue
from knowledge import answers

PUPIL_SLOT = "spreker"


class AnswerGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's response generator that reads the conversation. Nothing is generated: it chooses among written texts.

    A pupil gets the pupil's version. The same topic asked again right away gets the plain version and a human to call.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Called by Rasa with the `nlg` endpoint; the responses arrive with the model's domain."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response to send, or None when there is none of that name."""
        variations = self.responses.get(utter_action)
        if not variations:
            return None
        response = copy.deepcopy(variations[0])
        metadata = response.setdefault("metadata", {})
        versions = metadata.pop("versions", {})
        response["text"] = self._version(response["text"], versions, metadata, tracker)
        return self._fill_response(response, {}, **kwargs) if kwargs else response

    def _version(
        self, text: str, versions: dict[str, str], metadata: dict[str, Any], tracker: DialogueStateTracker
    ) -> str:
        if tracker.get_slot(PUPIL_SLOT) and versions.get("pupil"):
            text = versions["pupil"]
        if metadata.get("kind") != "answer":
            return text
        state = dialogue.read(tracker)
        if state.last_topic == metadata.get("topic") and "answer" in state.last_kinds:
            repeated = answers.book().texts.get("herhaald", "")
            return f"{versions.get('plain') or text}\n\n{repeated}".strip()
        return text


def text_of(key: str) -> str:
    """A loose Dutch text of `teksten.yml`; raises KeyError for an unknown key."""
    return answers.book().texts[key]


