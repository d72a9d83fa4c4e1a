"""Which version of an answer a parent gets: full, plain, for a pupil, a shorter repeat, or in the parent's language."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import dialogue
from bot.nlu.language import LANGUAGE, OTHER_LANGUAGE
from bot.topics import MAX_BUTTONS, topic_button
from knowledge import answers, manner
from knowledge.answers import ForeignTexts

SPEAKER_SLOT = "spreker"
# For a parent whose language is not known or not one of ours; the answer `andere_taal` in gesprek.yml is in English.
_COMMON_LANGUAGE = "en"


class AnswerGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's response generator that reads the conversation. Nothing is generated: it chooses among written texts.

    A pupil gets the pupil's version, a sigh the plain one. The same topic asked again right away gets the plain version and a
    human to call; a follow-up ("en wat kost dat") that the same answer covers gets it whole, because the plain version may
    leave that out. A heavy message gets one sentence of recognition first, and somebody of the school reads once that the
    answer was written for parents (`knowledge/manner.py`). A message in another language gets that language, where there is
    a text in it (`talen.yml`).
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
        topic, foreign = metadata.get("topic"), _foreign(metadata.get("topic"), tracker)
        if foreign:
            response["text"] = foreign.texts[topic]
            metadata |= {"lang": foreign.code, "dir": foreign.direction}
        else:
            preface = self._preface(metadata, tracker)
            response["text"] = self._version(
                response["text"], versions, metadata, tracker, sighed=preface in manner.SIGHED
            )
            self._offer_second_question(response, metadata, tracker)
            if preface:
                response["text"] = f"{answers.book().texts[preface]}\n\n{response['text']}"
                metadata[manner.PREFACE] = preface
            metadata |= {"lang": _COMMON_LANGUAGE if topic == OTHER_LANGUAGE else "nl", "dir": "ltr"}
        return self._fill_response(response, {}, **kwargs) if kwargs else response

    def _version(
        self,
        text: str,
        versions: dict[str, str],
        metadata: dict[str, Any],
        tracker: DialogueStateTracker,
        *,
        sighed: bool,
    ) -> str:
        plain, repeated = versions.get("plain") or text, "herhaald"
        if tracker.get_slot(SPEAKER_SLOT) == manner.PUPIL and versions.get("pupil"):
            text = plain = versions["pupil"]  # the plain version speaks to a parent
            repeated = "herhaald_leerling"
        if metadata.get("kind") != "answer":
            return text
        if sighed:
            return plain
        state = dialogue.read(tracker)
        asked_on = bool(tracker.latest_message and tracker.latest_message.parse_data.get("followed_up"))
        if state.last_topic == metadata.get("topic") and "answer" in state.last_kinds and not asked_on:
            return f"{plain}\n\n{answers.book().texts[repeated]}"
        return text

    def _preface(self, metadata: dict[str, Any], tracker: DialogueStateTracker) -> str | None:
        """Key of the sentence before an answer: recognition of a heavy message, or that it was written for parents."""
        if metadata.get("kind") != "answer":
            return None
        tone = tracker.latest_message.parse_data.get(dialogue.TONE) if tracker.latest_message else None
        return manner.preface(tone, tracker.get_slot(SPEAKER_SLOT), dialogue.read(tracker).prefaces)

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


def _foreign(topic: str | None, tracker: DialogueStateTracker) -> ForeignTexts | None:
    """The texts to answer `topic` from when the latest message is in another language; None: the answer as it is."""
    entities = tracker.latest_message.entities if tracker.latest_message else []
    code = next((item["value"] for item in entities if item.get("entity") == LANGUAGE), None)
    if code is None:
        return None
    languages = answers.book().languages
    texts = languages.get(code) or languages.get(_COMMON_LANGUAGE)
    return texts if texts and topic in texts.texts else None
