"""Which version of an answer a parent gets: the full one, the plain one, the pupil's, or a shorter repeat."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import dialogue
from bot.topics import MAX_BUTTONS, topic_button
from knowledge import answers

PUPIL_SLOT = "spreker"


class AnswerGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's response generator that reads the conversation. Nothing is generated: it chooses among written texts.

    A pupil gets the pupil's version. The same topic asked again right away gets the plain version and a human to call; a
    follow-up ("en wat kost dat") that the same answer covers gets it whole, because the plain version may leave that out.
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
        self._offer_second_question(response, metadata, tracker)
        return self._fill_response(response, {}, **kwargs) if kwargs else response

    def _version(
        self, text: str, versions: dict[str, str], metadata: dict[str, Any], tracker: DialogueStateTracker
    ) -> str:
        if tracker.get_slot(PUPIL_SLOT) and versions.get("pupil"):
            text = versions["pupil"]
        if metadata.get("kind") != "answer":
            return text
        state = dialogue.read(tracker)
        asked_on = bool(tracker.latest_message and tracker.latest_message.parse_data.get("followed_up"))
        if state.last_topic == metadata.get("topic") and "answer" in state.last_kinds and not asked_on:
            repeated = answers.book().texts.get("herhaald", "")
            return f"{versions.get('plain') or text}\n\n{repeated}".strip()
        return text


    def _offer_second_question(
        self, response: dict[str, Any], metadata: dict[str, Any], tracker: DialogueStateTracker
    ) -> None:
        asked = list(tracker.get_latest_entity_values("tweede_vraag"))
        book = answers.book()
        if metadata.get("kind") != "answer" or not asked or asked[-1] not in book or asked[-1] == metadata.get("topic"):
            return
        other = book[asked[-1]]
        response["text"] += "\n\n" + book.texts["tweede_vraag"].format(vraag=other.button.rstrip("?.") + ".")
        buttons = [topic_button(other), *(response.get("buttons") or [])]
        response["buttons"] = list({button["payload"]: button for button in buttons}.values())[:MAX_BUTTONS]
