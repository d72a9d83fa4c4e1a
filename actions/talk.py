"""Actions of the conversation itself: doubt, plain versions, yes and no, a person to call, forgetting."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import history
from actions.lookup import FORM, STEUNPUNT, ZIEZON, result
from actions.replies import OTHER_BUTTON, place_buttons, say, text, topic_buttons
from knowledge import answers
from knowledge.manner import PUPIL

_HUMAN = ("mens_spreken",)
_SCHOOL_NAMES = {
    "po": "de basisschool", "vo": "de middelbare school", "so": "het speciaal onderwijs", "mbo": "het mbo",
}  # fmt: skip


class ActionDefaultFallback(Action):
    """Says "dat weet ik niet"; the second time in a row a human is the whole answer. Reverts nothing."""

    def name(self) -> str:
        """Overrides Rasa's own fallback, which takes the turn back."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Sends the fallback with a way to a person."""
        again = history.missed_before(tracker)
        keys = ("mens_spreken", "wie_kan_helpen") if again else ("wat_kun_je", "mens_spreken")
        say(dispatcher, text("niet_begrepen_weer" if again else "niet_begrepen"), kind="fallback",
            buttons=topic_buttons(keys))  # fmt: skip
        return []


class ActionClarify(Action):
    """ "Bedoelt u ...?" with the topics the doubt ladder left; after a miss it names a human as well."""

    def name(self) -> str:
        """See the rule for `verduidelijken`."""
        return "action_clarify"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Asks; without options it falls back."""
        options = [key for key in tracker.latest_message.get("options") or [] if key in answers.book()][:3]
        if not options:
            return ActionDefaultFallback().run(dispatcher, tracker, domain)
        question = text("verduidelijken_een" if len(options) == 1 else "verduidelijken")
        if history.missed_before(tracker):
            question = f"{question}\n\n{text('liever_een_mens')}"
        say(dispatcher, question, kind="clarify", options=options, buttons=[*topic_buttons(options), OTHER_BUTTON])
        return []


class ActionUnresolvedFollowUp(Action):
    """An elliptical question that the last topic has no answer to: say so, and name a human."""

    def name(self) -> str:
        """See the rules the importer makes for `vervolg_*`."""
        return "action_unresolved_follow_up"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offers the next topics of the last answer."""
        topic = history.last_answer(tracker)
        keys = answers.book()[topic].next_topics if topic in answers.book() else ("wat_kun_je",)
        say(dispatcher, text("geen_vervolg"), kind="fallback", buttons=topic_buttons(keys[:3]))
        return []


class ActionPlainVersion(Action):
    """The last answer in plainer words; asked again, a human who can explain it."""

    def name(self) -> str:
        """Answers `uitleg_gevraagd`."""
        return "action_plain_version"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Sends the plain text with the sources of the full one."""
        topic, pupil = history.last_answer(tracker), tracker.get_slot("spreker") == PUPIL
        if topic not in answers.book():
            say(dispatcher, text("geen_eenvoudiger"), kind="control", topic="uitleg_gevraagd",
                buttons=topic_buttons(("wat_kun_je", "mens_spreken")))  # fmt: skip
        elif history.said_plainly_before(tracker):
            key = "nog_eenvoudiger_leerling" if pupil else "nog_eenvoudiger"
            say(dispatcher, text(key), kind="control", topic="uitleg_gevraagd", buttons=topic_buttons(_HUMAN))
        elif answers.book()[topic].action == FORM and (found := result(topic, tracker)):
            say(dispatcher, "\n\n".join(found.paragraphs[:2]), kind="lookup", topic="uitleg_gevraagd",
                sources=found.sources, buttons=topic_buttons(_HUMAN))  # fmt: skip
        else:
            answer = answers.book()[topic]
            words = f"{text('eenvoudig_leerling')}\n\n{answer.plain}" if pupil else answer.plain
            say(dispatcher, words, kind="answer", topic="uitleg_gevraagd",
                sources=[source.as_dict() for source in answer.sources],
                buttons=topic_buttons(answer.next_topics[:3]))  # fmt: skip
        return []


class ActionConfirm(Action):
    """ "Ja" that answers no question: show again what can be chosen."""

    def name(self) -> str:
        """Answers `bevestigen`."""
        return "action_confirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Repeats the buttons of the last turn."""
        buttons = history.last_buttons(tracker)
        if buttons:
            say(dispatcher, text("waarover_meer"), kind="control", topic="bevestigen", buttons=buttons)
        else:
            say(dispatcher, text("niets_open"), kind="control", topic="bevestigen",
                buttons=topic_buttons(("wat_kun_je",)))  # fmt: skip
        return []


class ActionDeny(Action):
    """ "Nee" that answers no question."""

    def name(self) -> str:
        """Answers `ontkennen`."""
        return "action_deny"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Leaves the floor to the parent."""
        say(dispatcher, answers.book()["ontkennen"].text, kind="control", topic="ontkennen")
        return []


class ActionHumanContact(Action):
    """The right person to call: a national number, and with a known place the regional steunpunt or bureau as well."""

    def name(self) -> str:
        """Answers `mens_spreken`."""
        return "action_human_contact"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Always gives a national number first."""
        answer = answers.book()["mens_spreken"]
        pupil = tracker.get_slot("spreker") == PUPIL
        place = tracker.get_slot("gemeente")
        words = answer.pupil if pupil else answer.text
        sources = [source.as_dict() for source in answer.sources]
        if place and not pupil:
            regional = result(STEUNPUNT if tracker.get_slot("onderwijssoort") else ZIEZON, tracker)
            words = f"{words.split(chr(10) * 2)[0]}\n\n{regional.text if regional else ''}".strip()
            sources += regional.sources if regional else ()
        say(dispatcher, words, kind="control", topic="mens_spreken", sources=sources,
            buttons=topic_buttons(answer.next_topics))  # fmt: skip
        return []


class ActionPlaceGiven(Action):
    """A place named without a question: keep it and ask what about it."""

    def name(self) -> str:
        """Answers `geef_gemeente` outside a lookup."""
        return "action_place_given"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offers the lookups for the place, or asks which place is meant."""
        buttons = topic_buttons(answers.book()["geef_gemeente"].next_topics)
        found = {item["entity"] for item in tracker.latest_message.get("entities") or []}
        place, choices = tracker.get_slot("gemeente"), tracker.get_slot("plaats_keuze")
        if "plaats_keuze" in found and choices:
            names = choices.split("|")
            question = text("vraag_plaats_keuze") if len(names) > 1 else text("vraag_plaats_zeker", gemeente=names[0])
            say(dispatcher, question, kind="question", topic="geef_gemeente", buttons=place_buttons(names[:4]))
        elif place and "gemeente" in found:
            say(dispatcher, text("plaats_onthouden", gemeente=place), kind="control", topic="geef_gemeente",
                buttons=buttons)  # fmt: skip
        else:
            question = text("vraag_gemeente_provincie" if "provincie" in found else "vraag_gemeente_weer")
            say(dispatcher, question, kind="question", topic="geef_gemeente", buttons=buttons)
        return []


class ActionSchoolTypeGiven(Action):
    """A school type named without a question: keep it and ask what about it."""

    def name(self) -> str:
        """Answers `geef_onderwijssoort` outside a lookup."""
        return "action_school_type_given"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Confirms what was understood."""
        answer = answers.book()["geef_onderwijssoort"]
        kind = _SCHOOL_NAMES.get(tracker.get_slot("onderwijssoort") or "")
        words = text("soort_onthouden", soort=kind) if kind else text("niets_open")
        say(dispatcher, words, kind="control", topic="geef_onderwijssoort", buttons=topic_buttons(answer.next_topics))
        return []


class ActionForget(Action):
    """Confirms that the conversation is forgotten; the channel deletes it after the turn, inside the lock.

    Deleting here would be undone: Rasa saves the tracker after the last action.
    """

    def name(self) -> str:
        """Answers `gegevens_wissen` and `opnieuw`."""
        return "action_forget"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Empties the slots; `bot.conversation` removes the rest."""
        topic = (tracker.latest_message.get("intent") or {}).get("name") or "gegevens_wissen"
        answer = answers.book()[topic if topic in ("gegevens_wissen", "opnieuw") else "gegevens_wissen"]
        say(dispatcher, answer.text, kind="control", topic=answer.key, buttons=topic_buttons(answer.next_topics))
        return [AllSlotsReset()]
