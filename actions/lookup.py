"""The lookup dialogue: what is still missing, how to ask for it, and the result from the register.

One form serves the three lookups (`opzoeking` says which). Rasa's form loop would take any message as an answer, so
`validate_zoek_form` decides: danger, digressions and everything else that is not an answer is handed back (the turn is
refused) while what it did tell, a place or a school type, is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions import history, register
from actions.replies import SCHOOL_BUTTONS, place_buttons, say, text, topic_buttons
from knowledge import answers, lookup, wording
from knowledge.manner import PUPIL
from knowledge.schooltypes import SCHOOL_TYPES, SchoolType

FORM = "zoek_form"
ZIEZON, STEUNPUNT, SWV = "ziezon_zoeken", "steunpunt_zoeken", "swv_vinden"
LOOKUPS = (ZIEZON, STEUNPUNT, SWV)
# Messages that belong to the lookup itself; any other intent is a digression.
_OWN_INTENTS = frozenset(
    {*LOOKUPS, "geef_gemeente", "geef_onderwijssoort", "weet_ik_niet", "nlu_fallback", "bevestigen", "ontkennen"}
)
_MAX_TRIES = 2
_MAX_CHOICES = 4


class ValidateZoekForm(Action):
    """Decides what the form still needs, and refuses turns that are not for the form."""

    def name(self) -> str:
        """Called by Rasa before the form asks anything."""
        return f"validate_{FORM}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Keeps what the message told, then sets `requested_slot` (None: complete) or refuses the turn."""
        events = _kept(tracker)
        returning = history.replied_this_turn(tracker)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        if not returning and intent not in _OWN_INTENTS:
            return [*events, ActionExecutionRejected(FORM)]
        slots = {**tracker.slots, **{event["name"]: event["value"] for event in events}}
        missing = _missing(slots, _school(tracker))
        if missing and not returning:
            asked_before = tracker.get_slot("requested_slot") == missing
            failed = asked_before and missing not in _told(tracker) and intent not in LOOKUPS
            tries = int(slots.get("pogingen") or 0) + 1 if failed else 0
            events.append(SlotSet("pogingen", float(tries)))
            if tries >= _MAX_TRIES or (asked_before and intent == "weet_ik_niet"):
                missing = None
        # Rasa refuses a turn in which nothing but `requested_slot` was set, and then no rule fits.
        return [*events, SlotSet("opzoeking", slots.get("opzoeking")), SlotSet("requested_slot", missing)]


class ActionAskGemeente(Action):
    """Asks for the place of the school, or which of several places is meant."""

    def name(self) -> str:
        """Called by the form."""
        return "action_ask_gemeente"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One question, with buttons when there is something to choose."""
        topic = tracker.get_slot("opzoeking")
        choices = (tracker.get_slot("plaats_keuze") or "").split("|") if tracker.get_slot("plaats_keuze") else []
        if len(choices) == 1:
            words, buttons = text("vraag_plaats_zeker", gemeente=choices[0]), place_buttons(choices)
        elif "provincie" in _told(tracker):
            words, buttons = text("vraag_gemeente_provincie"), []
        elif choices:
            words, buttons = text("vraag_plaats_keuze"), place_buttons(choices[:_MAX_CHOICES])
        elif tracker.get_slot("pogingen"):
            words, buttons = text("vraag_gemeente_weer"), []
        else:
            words, buttons = text("vraag_gemeente_ziezon" if topic == ZIEZON else "vraag_gemeente"), []
        say(dispatcher, words, kind="question", topic=topic, buttons=buttons)
        return []


class ActionAskOnderwijssoort(Action):
    """Asks whether it is a basisschool or a middelbare school."""

    def name(self) -> str:
        """Called by the form."""
        return "action_ask_onderwijssoort"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One question with four buttons."""
        words = text("vraag_onderwijssoort_weer" if tracker.get_slot("pogingen") else "vraag_onderwijssoort")
        say(dispatcher, words, kind="question", topic=tracker.get_slot("opzoeking"), buttons=SCHOOL_BUTTONS)
        return []


class ActionShowLookup(Action):
    """Gives what the register knows, or says honestly that it cannot be looked up."""

    def name(self) -> str:
        """Runs when the form is complete."""
        return "action_show_lookup"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Words the result; empties what only this lookup needed."""
        topic = tracker.get_slot("opzoeking") or STEUNPUNT
        found = result(topic, tracker)
        keys = [key for key in (*answers.book()[topic].next_topics, *LOOKUPS) if key != topic]
        buttons = topic_buttons(list(dict.fromkeys(keys))[:3])
        if found is None:
            say(dispatcher, text("zoeken_lukt_niet"), kind="fallback", buttons=topic_buttons(("mens_spreken",)))
        else:
            words = found.text
            if tracker.get_slot("spreker") == PUPIL:
                words = words.replace("mijn kind is ziek", "ik ben ziek")
            if (tracker.latest_message.get("followed_up") or "") == "contact":
                words = f"{text('meer_niet_bekend')}\n\n{words}"
            other = tracker.get_slot("tweede_vraag")
            asked = "tweede_vraag" in _told(tracker) or other in LOOKUPS
            if other in answers.book() and other != topic and asked:
                question = answers.book()[other].button.rstrip("?.") + "."
                words, buttons = f"{words}\n\n{text('tweede_vraag', vraag=question)}", topic_buttons((other, *keys))[:3]
            say(dispatcher, words, kind="lookup", topic=topic, sources=found.sources, buttons=buttons,
                preface=history.preface(tracker))  # fmt: skip
        answered = ("tweede_vraag",) if tracker.get_slot("tweede_vraag") == topic else ()
        return [SlotSet(name, None) for name in ("plaats_keuze", "pogingen", *answered)]


class ActionStopLookup(Action):
    """Stops looking, without fuss."""

    def name(self) -> str:
        """Answers `stoppen` and `iets_anders` inside the form."""
        return "action_stop_lookup"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Says so and forgets the open question."""
        say(
            dispatcher,
            text("zoeken_gestopt"),
            kind="control",
            buttons=topic_buttons(("wie_kan_helpen", "mens_spreken")),
        )
        return [SlotSet("plaats_keuze", None), SlotSet("pogingen", None)]


def _kept(tracker: Tracker) -> list[EventType]:
    """Slots that follow from this message: a new place replaces the old one, also when it is not clear yet."""
    told = _told(tracker)
    events: list[EventType] = []
    if "gemeente" in told:
        events.append(SlotSet("plaats_keuze", None))
    elif "plaats_keuze" in told:
        events.append(SlotSet("gemeente", None))
    elif "provincie" in told:
        events += [SlotSet("gemeente", None), SlotSet("plaats_keuze", None)]
    if not history.replied_this_turn(tracker) and not tracker.latest_message.get("followed_up"):
        # A hospital or region belongs to the question it was named in, and to what is asked on about it ("het nummer?").
        events += [SlotSet("ziekenhuis", None), SlotSet("regio", None)]
    if tracker.get_slot("opzoeking") == ZIEZON and not history.replied_this_turn(tracker):
        events += _hospital_or_region(tracker, told)
    return events


def _hospital_or_region(tracker: Tracker, told: set[str]) -> list[EventType]:
    said = tracker.latest_message.get("text") or ""
    with register.session() as session:
        if hospital := _hospital_in(session, said):
            return [SlotSet("ziekenhuis", hospital)]
        if not {"gemeente", "plaats_keuze"} & told:
            for region in _phrases(said):
                if lookup.find_ziezon_by_region(session, region, on=dt.date.today()):
                    return [SlotSet("regio", region)]
    return []


def _hospital_in(session: Session, said: str) -> str | None:
    """The words that name the hospital and no others, because a slot is stored and a parent's sentence is not."""
    today = dt.date.today()
    service = lookup.find_hospital_service(session, said, on=today)
    if service is None:
        return None
    for words in reversed(_phrases(said, longer_than=2)):
        found = lookup.find_hospital_service(session, words, on=today)
        if found and found.id == service.id:
            return words
    return service.name


def _phrases(said: str, *, longer_than: int = 4) -> list[str]:
    """Runs of one to four words, longest first: one of them may be the name of a region or hospital."""
    words = re.findall(r"[\w'-]+", said.replace("-bureau", " bureau"))[:25]
    runs = [" ".join(words[at : at + size]) for size in (4, 3, 2, 1) for at in range(len(words) - size + 1)]
    return [run for run in runs if len(run) > longer_than]


def _told(tracker: Tracker) -> set[str]:
    return {entity["entity"] for entity in tracker.latest_message.get("entities") or []}


def _missing(slots: dict[str, Any], school: SchoolType | None) -> str | None:
    """The next thing to ask, or None. The school type matters only for a samenwerkingsverband."""
    topic = slots.get("opzoeking")
    if topic == ZIEZON:
        return None if slots.get("gemeente") or slots.get("ziekenhuis") or slots.get("regio") else "gemeente"
    if school is not None and school.sector is None:
        return None
    if not slots.get("gemeente") and slots.get("richting") != "reformatorisch":
        return "gemeente"
    return None if school is not None else "onderwijssoort"


def _school(tracker: Tracker) -> SchoolType | None:
    """The kind of school: the narrower form (sbo, vso, cluster 2) when the parent named one the register knows."""
    kind = tracker.get_slot("onderwijssoort") or ""
    told = history.last_entity(tracker, "onderwijssoort")
    form = told.get("vorm", "") if told.get("value") == kind else ""
    return SCHOOL_TYPES.get(form) or SCHOOL_TYPES.get(kind)


def result(topic: str, tracker: Tracker) -> wording.LookupText | None:
    """What the register says for this lookup, with what the parent told so far; None while the place is not known.

    Raises:
        knowledge.errors.DatabaseError: the register cannot be reached.
    """
    slots, today = tracker.slots, dt.date.today()
    school, place = _school(tracker), history.last_entity(tracker, "gemeente")
    if place.get("value") != slots.get("gemeente"):
        place = {}
    with register.session() as session:
        national = lookup.national_route(session, on=today)
        if topic == ZIEZON and slots.get("ziekenhuis"):
            office = lookup.find_hospital_service(session, slots["ziekenhuis"], on=today)
            return wording.hospital_text(office, national)
        if topic == ZIEZON and slots.get("regio"):
            offices = lookup.find_ziezon_by_region(session, slots["regio"], on=today)
            return wording.region_text(offices, national)
        if topic != ZIEZON and school is not None and school.sector is None:
            return wording.no_swv_text(school, national)
        sector = school.sector if school and topic != ZIEZON else None
        reformed = slots.get("richting") == "reformatorisch"
        if not slots.get("gemeente") and not (reformed and topic != ZIEZON):
            return None
        found = lookup.find_help(
            session, slots.get("gemeente"), sector, plaats=place.get("plaats"), pc4=place.get("pc4"),
            reformatorisch=reformed and topic != ZIEZON, on=today,
        )  # fmt: skip
    words = {ZIEZON: wording.ziezon_text, STEUNPUNT: wording.steunpunt_text, SWV: wording.swv_text}[topic](found)
    if school is not None and school.note and topic != ZIEZON:
        return wording.LookupText((*words.paragraphs, school.note), words.sources)
    return words
