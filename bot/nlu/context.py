"""Reads a message in the light of what was said before, so that the predicted intent *is* the topic.

"en als ze het toch eisen?" after the laptop answer is `oneens_met_school`; "de eerste" is the first button; "Best" is a
place only when the bot has just asked for one. Rules can then stay single-turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Optional

from rapidfuzz import fuzz
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import buttons, dialogue
from bot.dialogue import Dialogue
from bot.nlu.parts import Untrained, add_entity, entities_of, intent_of, ranking_of, set_intent
from bot.nlu.places import recogniser
from bot.nlu.text import normalise, word_count
from bot.topics import OTHER_PAYLOAD, TOPIC_PAYLOAD
from knowledge import answers
from knowledge.manner import SIGH

RESOLVED = "resolved"
FOLLOWED_UP = "followed_up"
FOLLOW_UP = "vervolg_"
FORM = "zoek_form"

_COUNTED = (
    "eerste?|1e|1|een|bovenste",
    "tweede?|2e|2|twee|middelste",
    "derde?|3e|3|drie|onderste|laatste",
    "vierde?|4e|4",
)
_BEFORE_COUNTED = r"(?:ja |en |nee )?(?:dat|de|die|het|nummer|nr|optie|keuze|ik bedoel de)? ?"
_AFTER_COUNTED = r"(?: (?:knop|optie|vraag|keuze|graag|dan|maar))*\Z"
_ORDINALS = tuple(re.compile(f"{_BEFORE_COUNTED}(?:{words}){_AFTER_COUNTED}") for words in _COUNTED)
_OTHER = re.compile(r"(?:nee )?(?:iets|wat) anders(?: graag)?\Z|geen van (?:alle |deze |die )?\w+\Z|allebei niet\Z")
_SECOND = re.compile(
    r"^(?:en )?(?:die|dat|de) andere$|\b(?:andere|tweede|2e|laatste) (?:vraag|ding|punt)\b"
    r"|\b(?:wat|hoe) (?:is|zit het met) (?:het|de) andere\b"
)
# Steunpunt and Ziezon-bureau, joined: "het steunpunt en het ziezon bureau".
_LOOKUP_NAMES = {"steunpunt_zoeken": "steunpunt", "ziezon_zoeken": r"ziezon|consulent zieke|\bbureau"}
_BOTH = re.compile(
    r"steunpunt\b.*?\b(?:en|plus|ook)\b.*?(?:ziezon|consulent zieke|bureau)"
    r"|(?:ziezon|consulent zieke|bureau)\b.*?\b(?:en|plus|ook)\b.*?steunpunt"
)
_ABOUT_PARENTS = ("gezin_en_brussen", "wie_kan_helpen", "mens_spreken")
_ASKS_COST = re.compile(r"\b(?:kost(?:en)?|gratis|beta(?:al\w*|len)|prijs|tarief|duur)\b")
_ANOTHER = re.compile(r"\b(?:ander\w*|niet|nee)\b")
PLACES = frozenset({"gemeente", "plaats_keuze", "provincie"})
_AGE = re.compile(r"\b(?:is|word\w*|van|bijna|net|pas|nu)?\s*(\d{1,2})\s*(?:jaar|jr|geworden|\Z)")
_BUTTON_FILLER = frozenset(
    "de het een die dat over graag doe maar ja dan met van naar welk welke wat mijn onze".split()
)
# "en waar zit dat in Leusden" goes on with the same lookup; only a name changes it.
_NAMED_LOOKUPS = {
    "ziezon_zoeken": re.compile(r"\bzie ?[sz]+on|consulent"),
    "steunpunt_zoeken": re.compile(r"steun ?punt|\bojs\b"),
    "swv_vinden": re.compile(r"samenwerkings|\bswv\b"),
}
_DOES = frozenset("wat doet kost kosten wie waarom hoe is mag moet".split())
_LEADING_ON = frozenset(("en", "nee", "of", "dan"))
_CHOICE_FILLER = frozenset(
    "die dat de het in uit van bij nee ja ik bedoel provincie graag dus toch maar is was".split()
)
_PLACE_FILLER = frozenset(
    "in uit te bij de het gemeente plaats dorp stad wij we wonen woon ik is onze school staat van onze mijn zoon dochter "
    "kind zit op regio omgeving nee ja oh nou dus bedoel ik sorry moet zijn postcode en dat graag "
    "eh uhm nederland denk geloof volgens mij hoor "
    "komen komt kom hallo hoi goedemiddag goedemorgen goedenavond hier".split()
)
_SCHOOL_FILLER = _PLACE_FILLER | frozenset(
    "een hij zij ze basisschool jaar klas groep zit gaat naar middelbare havo vwo".split()
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ContextResolver(Untrained):
    """Rewrites the intent where the conversation decides it, and marks such a message as `resolved`.

    follow_up_share: how strong an elliptical follow-up must be beside the best topic to win when a topic was just
    answered. short: up to how many words a message can be elliptical.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the class."""
        return {"follow_up_share": 0.6, "short": 9, "option_from": 0.12}

    def process(self, messages: list[Message], tracker: Optional[DialogueStateTracker] = None) -> list[Message]:
        """Resolves each message against `tracker` (None or empty in `rasa test`: then only the message counts)."""
        state = dialogue.read(tracker)
        steps: tuple[Callable[[Message, Dialogue], str | None], ...] = (
            self._typed_button,
            self._sigh,
            self._both_lookups,
            self._open_question,
            self._other_question,
            self._narrowed_options,
            self._yes_or_no,
            self._other_place,
            self._follow_up,
            self._bare_detail,
            self._next_lookup,
            self._lookup_again,
        )
        for message in messages:
            if not (message.get(TEXT) or "").strip():
                continue
            self._settle_place(message, state)
            for step in steps:
                intent = step(message, state)
                if intent is not None:
                    set_intent(message, intent, 1.0)
                    message.set(RESOLVED, True, add_to_output=True)
                    break
        return messages

    def _typed_button(self, message: Message, state: Dialogue) -> str | None:
        if not state.offered:
            return None
        text = normalise(message.get(TEXT))
        if _OTHER.match(text):
            return "iets_anders"
        for payload, title in state.offered:
            if fuzz.ratio(text, normalise(title)) >= 92 or message.get(TEXT).strip() == payload:
                return self._press(message, payload)
        named = _named_button(text, state.offered)
        if named:
            return self._press(message, named)
        plain = re.sub(r"\s+", " ", re.sub(r"[^\w\s]", " ", (message.get(TEXT) or "").casefold())).strip()
        topics = [payload for payload, _ in state.offered if payload != OTHER_PAYLOAD]
        for number, pattern in enumerate(_ORDINALS):
            if pattern.match(plain) and number < len(topics):
                return self._press(message, topics[number])
        return None

    def _sigh(self, message: Message, state: Dialogue) -> str | None:
        """A sigh asks who can help, or about support for parents; a kind word goes first (`knowledge/manner.py`)."""
        if message.get(dialogue.TONE) != SIGH:
            return None
        intent, confidence = intent_of(message)
        return intent if intent in _ABOUT_PARENTS and confidence >= 0.5 else "wie_kan_helpen"

    def _both_lookups(self, message: Message, state: Dialogue) -> str | None:
        """Steunpunt and Ziezon-bureau in one message: the one named first, the other one to offer after it."""
        text = normalise(message.get(TEXT))
        if intent_of(message)[0] not in _LOOKUP_NAMES or not (found := _BOTH.search(text)):
            return None
        first, second = sorted(_LOOKUP_NAMES, key=lambda key: re.search(_LOOKUP_NAMES[key], found.group()).start())
        self._replace_entities(message, {"tweede_vraag"})
        add_entity(message, type(self).__name__, "tweede_vraag", second)
        return first

    def _settle_place(self, message: Message, state: Dialogue) -> None:
        """Of places with one name: the one that was chosen before, or the one that the message calls a village or a town."""
        choice = next((item for item in message.get(ENTITIES) or [] if item["entity"] == "plaats_keuze"), None)
        if choice is None:
            return
        options, said = choice["value"].split("|"), normalise(message.get(TEXT))
        name = message.get(TEXT)[choice["start"] : choice["end"]]
        known = state.place if state.place in options and not _ANOTHER.search(said) else None
        chosen = _of_kind(said, name, options) or known
        if chosen:
            self._replace_entities(message, {"plaats_keuze", "gemeente"})
            village = name if _bare(chosen) != normalise(name) else None
            add_entity(message, type(self).__name__, "gemeente", chosen, choice["start"], choice["end"], plaats=village)

    def _replace_entities(self, message: Message, names: set[str]) -> None:
        kept = [item for item in message.get(ENTITIES) or [] if item["entity"] not in names]
        message.set(ENTITIES, kept, add_to_output=True)

    def _press(self, message: Message, payload: str) -> str | None:
        found = buttons.meaning(payload)
        if found is None:
            return None
        intent, entities = found
        self._replace_entities(message, {*entities, "plaats_keuze"})
        for name, value in entities.items():
            add_entity(message, type(self).__name__, name, value)
        return intent

    def _open_question(self, message: Message, state: Dialogue) -> str | None:
        if state.open_slot == "gemeente":
            return self._place_asked(message, state)
        if state.open_slot == "onderwijssoort":
            return self._school_type_asked(message)
        return None

    def _place_asked(self, message: Message, state: Dialogue) -> str | None:
        text, found = message.get(TEXT), entities_of(message)
        intent, confidence = intent_of(message)
        if state.place_choices:
            choice = _chosen_place(text, state.place_choices, affirmed=intent == "bevestigen")
            if choice:
                return self._press(message, f"gemeente:{choice}")
        if PLACES & set(found):
            rest = _other_words(message, _PLACE_FILLER)
            if rest and _ASKS_COST.search(" ".join(rest)) and intent in ("geef_gemeente", state.lookup):
                message.set(FOLLOWED_UP, "kosten", add_to_output=True)
                return answers.book()[state.lookup].follow_ups.get("kosten", "geef_gemeente")
            asks = bool(rest) and confidence >= 0.5 and intent not in ("geef_gemeente", state.lookup)
            return None if asks else "geef_gemeente"
        if intent in ("stoppen", "weet_ik_niet", "opnieuw", "gegevens_wissen") or word_count(text) > 4:
            return None
        if intent == "geef_gemeente" or confidence < 0.6:
            add_entity(message, type(self).__name__, "onbekende_plaats", text.strip()[:40])
            return "geef_gemeente"
        return None

    def _school_type_asked(self, message: Message) -> str | None:
        found = entities_of(message)
        _, confidence = intent_of(message)
        if "onderwijssoort" not in found:
            age = _AGE.search((message.get(TEXT) or "").casefold())
            if not age or word_count(message.get(TEXT)) > 8:
                return None
            years = int(age.group(1))
            if years == 12 or not 4 <= years <= 18:
                return None
            add_entity(message, type(self).__name__, "onderwijssoort", "po" if years < 12 else "vo")
            return "geef_onderwijssoort"
        rest = _other_words(message, _SCHOOL_FILLER)
        return "geef_onderwijssoort" if len(rest) <= 3 or confidence < 0.6 else None

    def _other_question(self, message: Message, state: Dialogue) -> str | None:
        if state.second_question is None:
            return None
        if _SECOND.search(normalise(message.get(TEXT))):
            return state.second_question
        intent, confidence = intent_of(message)
        agreed = intent == "bevestigen" and confidence >= 0.4 and "clarify" not in state.last_kinds
        return state.second_question if agreed and word_count(message.get(TEXT)) <= 4 else None

    def _narrowed_options(self, message: Message, state: Dialogue) -> str | None:
        if "clarify" not in state.last_kinds or word_count(message.get(TEXT)) > self._config["short"]:
            return None
        offered = [payload[len(TOPIC_PAYLOAD) :] for payload, _ in state.offered if payload.startswith(TOPIC_PAYLOAD)]
        scores = dict(ranking_of(message))
        ranked = sorted(((scores.get(key, 0.0), key) for key in offered), reverse=True)
        best_other = max((score for key, score in scores.items() if key not in offered), default=0.0)
        if not ranked or ranked[0][0] < self._config["option_from"] or best_other > max(0.6, ranked[0][0] * 2):
            return None
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        return ranked[0][1] if ranked[0][0] >= 1.5 * second else None

    def _yes_or_no(self, message: Message, state: Dialogue) -> str | None:
        intent, confidence = intent_of(message)
        if intent not in ("bevestigen", "ontkennen") or confidence < 0.4 or "clarify" not in state.last_kinds:
            return None
        if intent == "ontkennen":
            return "iets_anders"
        return self._press(message, state.offered[0][0]) if state.offered else None

    def _other_place(self, message: Message, state: Dialogue) -> str | None:
        """ "En voor Drenthe?" right after a lookup is the same lookup; it sounds like "en voor het mbo?"."""
        words = normalise(message.get(TEXT)).split()
        if not PLACES & set(entities_of(message)) or len(words) > 5 or words[0] not in _LEADING_ON:
            return None
        return _last_lookup(state)

    def _follow_up(self, message: Message, state: Dialogue) -> str | None:
        ranking = ranking_of(message)
        follow_ups = [(key, score) for key, score in ranking if key and key.startswith(FOLLOW_UP)]
        topics = [(key, score) for key, score in ranking if key and not key.startswith(FOLLOW_UP)]
        if not follow_ups:
            return None
        about = state.lookup if state.open_slot else state.last_topic
        if about is None or word_count(message.get(TEXT)) > self._config["short"]:
            if topics and intent_of(message)[0].startswith(FOLLOW_UP):
                set_intent(message, topics[0][0], topics[0][1])
            return None
        kind, score = follow_ups[0]
        if topics and score < topics[0][1] * self._config["follow_up_share"]:
            return None
        target = answers.book()[about].follow_ups.get(kind[len(FOLLOW_UP) :])
        if target is None and topics and topics[0][1] >= score:
            return None
        message.set(FOLLOWED_UP, kind[len(FOLLOW_UP) :], add_to_output=True)
        return target or kind

    def _bare_detail(self, message: Message, state: Dialogue) -> str | None:
        found = entities_of(message)
        again = _last_lookup(state)
        if PLACES & set(found) and not _other_words(message, _PLACE_FILLER):
            return again or _lookup_offered(state) or _unfinished_lookup(state) or "geef_gemeente"
        if "onderwijssoort" in found and not _other_words(message, _SCHOOL_FILLER):
            # "en op het mbo?" has an answer of its own.
            about_mbo = found["onderwijssoort"] == "mbo" and state.last_topic is not None
            return again or ("mbo_student" if about_mbo else "geef_onderwijssoort")
        return None

    def _next_lookup(self, message: Message, state: Dialogue) -> str | None:
        """"en het steunpunt?" after another lookup asks for that one too."""
        words = normalise(message.get(TEXT)).split()
        if state.lookup is None or not 2 <= len(words) <= 6 or words[0] != "en" or _DOES.intersection(words):
            return None
        return _lookup_named(words)

    def _lookup_again(self, message: Message, state: Dialogue) -> str | None:
        again = _last_lookup(state)
        found = entities_of(message)
        if again is None or not ((PLACES | {"onderwijssoort", "richting"}) & set(found)):
            return None
        intent, confidence = intent_of(message)
        words = normalise(message.get(TEXT)).split()
        if intent in answers.book() and answers.book()[intent].action == FORM and intent != again:
            goes_on = words[0] in _LEADING_ON and len(words) <= 6
            return None if _lookup_named(words) or (confidence >= 0.8 and not goes_on) else again
        if "richting" in found or (len(words) <= 8 and words[0] in _LEADING_ON):
            return again
        if intent in ("geef_gemeente", "geef_onderwijssoort", "ontkennen", "bevestigen") or confidence < 0.45:
            return again
        return None


def _lookup_named(words: list[str]) -> str | None:
    """The one lookup that a message names; None for none or more."""
    named = [lookup for lookup, names in _NAMED_LOOKUPS.items() if names.search(" ".join(words))]
    return named[0] if len(named) == 1 else None


def _named_button(text: str, offered: tuple[tuple[str, str], ...]) -> str | None:
    """The one button whose title holds all the words of a very short reply ("het steunpunt"); None when not just one."""
    words = {word for word in text.split() if word not in _BUTTON_FILLER}
    if not words or len(words) > 2 or min(map(len, words)) < 4:
        return None
    fitting = {payload for payload, title in offered if words <= set(normalise(title).split())}
    return fitting.pop() if len(fitting) == 1 else None


def _last_lookup(state: Dialogue) -> str | None:
    """The lookup of the last turn, when the last turn was one and no question is open."""
    if state.open_slot or state.last_topic is None or state.last_topic not in answers.book():
        return None
    if answers.book()[state.last_topic].action != FORM or "lookup" not in state.last_kinds:
        return None
    return state.last_topic


def _unfinished_lookup(state: Dialogue) -> str | None:
    """The lookup that ended without a result because the place was not known yet."""
    if state.lookup is None or state.lookup in state.answered or "fallback" not in state.last_kinds:
        return None
    return state.lookup


def _lookup_offered(state: Dialogue) -> str | None:
    """The first lookup among the next topics of the answer just given ("noem de gemeente" and then a bare place)."""
    if state.last_topic not in answers.book() or "answer" not in state.last_kinds:
        return None
    book = answers.book()
    return next((key for key in book[state.last_topic].next_topics if book[key].action == FORM), None)


def _other_words(message: Message, filler: frozenset[str]) -> list[str]:
    """Words of the message outside its place and school entities that carry meaning of their own."""
    text = message.get(TEXT) or ""
    kept = list(text)
    for entity in message.get(ENTITIES) or []:
        if entity["end"] > entity["start"]:
            kept[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return [word for word in normalise("".join(kept)).split() if word not in filler and not word.isdigit()]


def _chosen_place(text: str, choices: tuple[str, ...], *, affirmed: bool) -> str | None:
    """Which of `choices` the parent means: "NH", "die in Limburg", "ja" to a single one; None when still unclear."""
    if affirmed and len(choices) == 1:
        return choices[0]
    base = re.sub(r"\s*\(.*?\)", "", choices[0])
    bare = " ".join(word for word in normalise(text).split() if word not in _CHOICE_FILLER)
    for attempt in (text, f"{base} {bare}", f"{base} in {bare}"):
        for match in recogniser().resolve(attempt):
            left = [choice for choice in choices if choice in match.gemeenten]
            if len(left) == 1:
                return left[0]
    return None


def _bare(gemeente: str) -> str:
    return normalise(re.sub(r"\s*\(.*?\)", "", gemeente))


def _of_kind(said: str, name: str, options: Sequence[str]) -> str | None:
    """The one option that fits "het dorp ..." (a village of another municipality) or "de stad ..."; None when unclear."""
    cue = re.search(r"\b(dorp(?:je)?|stad)\b", said)
    if cue is None:
        return None
    fitting = [option for option in options if (_bare(option) == normalise(name)) == (cue.group() == "stad")]
    return fitting[0] if len(fitting) == 1 else None
