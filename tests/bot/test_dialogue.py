"""Who writes and how it sounds: a school, a pupil, a heavy message, a sigh; and follow-ups on the last answer or lookup."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.nlu.school import speaker
from bot.nlu.tone import tone
from bot.paths import EVALUATION
from knowledge import answers, manner
from tests.conftest import words

Talk = Callable[..., Any]
TEXTS = answers.book().texts


@pytest.mark.parametrize(
    "text",
    [
        "een leerling van mij heeft leukemie, wat moeten wij doen",
        "als mentor wil ik weten of ze thuis examen mag doen",
        "in mijn groep 4 zit een jongen die niet kan komen",
        "onze school wil een robot voor een zieke leerling",
        "ik ben ib'er op een basisschool in Zwolle",
        "wij hebben op school een leerling met long covid",
        "zorgcoördinator, vmbo: wie belt de leerplicht",
        "wij zijn een klein dorpsschooltje zonder ib'er",
    ],
)
def test_somebody_of_the_school_is_recognised(text: str) -> None:
    assert speaker(text) == manner.SCHOOL


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("de mentor van mijn zoon belt nooit terug", None),
        ("onze school wil dat wij betalen", None),
        ("wat moet ik doen als leraar ziek is", None),
        ("ik ben zelf juf maar mijn dochter is ziek", None),
        ("wie is de consulent zieke leerlingen in Breda", None),
        ("mijn zoon zit in groep 4 en is ziek", None),
        ("wat kan ik doen als school niet meewerkt", None),
        ("ik zit in klas 3 havo en ben ziek", manner.PUPIL),
        ("mijn mentor zegt dat ik alles moet inhalen", manner.PUPIL),
        ("wie kan mijn klas vertellen wat ik heb", None),
    ],
)
def test_a_parent_or_pupil_is_not_taken_for_the_school(text: str, who: str | None) -> None:
    assert speaker(text) == who


@pytest.mark.parametrize(
    "text",
    [
        "wij zijn helemaal op, school belt elke dag en niemand die iets doet, mag ze minder uren",
        "ik weet echt niet meer wat ik moet doen",
        "ten einde raad met school, bij wie moet ik zijn",
        "mijn dochter van 8 heeft leukemie en kan maanden niet naar school, wat nu, hoe moet het met haar lessen",
        "we gaan eraan onderdoor, is er hulp voor ons gezin",
        "mijn kleinkind is terminaal ziek, moet er nog een vrijstelling komen",
    ],
)
def test_a_heavy_message(text: str) -> None:
    assert tone(text) == manner.HEAVY


@pytest.mark.parametrize(
    "text",
    [
        "pfff ik kan niet meer",
        "wat een gedoe allemaal",
        "zucht",
        "ik ben zo moe van alles",
        "Pf...",
        "ik weet me geen raad meer",
    ],
)
def test_a_sigh(text: str) -> None:
    assert tone(text) == manner.SIGH


@pytest.mark.parametrize(
    "text",
    [
        "wie betaalt de laptop",
        "hij kan niet meer naar school fietsen, is er vervoer",
        "ik weet niet meer wat het opp ook weer was",
        "mag mijn dochter halve dagen naar school nu ze chemokuren krijgt?",
        "wat is het nummer van het ziezon-bureau in Breda",
        "hij is snel moe, mag hij minder uren",
        "kan mijn kind met een spierziekte van huis meedoen met de les",
        "de laptop is kapot, wie betaalt een nieuwe",
        "ik ben op zoek naar het steunpunt",
        "moet ze na haar opname alle toetsen inhalen",
        "is dat te veel gevraagd van school, een paar uur les thuis",
        "dank u wel",
        "weet ik niet",
        "nee",
    ],
)
def test_an_ordinary_message_is_neither(text: str) -> None:
    assert tone(text) is None


def test_ordinary_questions_of_the_calibration_split_are_hardly_ever_heavy() -> None:
    lines = (EVALUATION / "calibration.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if "text" in row and row["kind"] != "nood" and row["voice"] != "lang"]
    sighs = [row["text"] for row in rows if tone(row["text"]) == manner.SIGH]
    heavy = [row["text"] for row in rows if tone(row["text"]) == manner.HEAVY]
    assert len(rows) > 500
    assert not sighs
    assert len(heavy) <= 0.02 * len(rows), heavy


def test_somebody_of_the_school_reads_once_that_the_answer_is_for_parents(talk: Talk) -> None:
    first = talk("als mentor wil ik weten of mijn leerling minder uren naar school mag")
    assert first.topic == "minder_uren"
    assert first.replies[-1].text == f"{TEXTS['voor_school']}\n\n{answers.book()['minder_uren'].text}"
    assert TEXTS["voor_school"] not in words(talk("wie betaalt de laptop"))


def test_a_button_after_the_school_spoke_says_it_too(talk: Talk) -> None:
    """A button has no words in which the school can be recognised; the slot has."""
    talk("goedemorgen, ik ben mentor op een middelbare school")
    talk("hallo")
    turn = talk(press="onderwerp:recht_op_onderwijs")
    assert turn.topic == "recht_op_onderwijs"
    assert words(turn).startswith(TEXTS["voor_school"])


def test_a_heavy_message_is_recognised_once(talk: Talk) -> None:
    heavy = "wij zijn helemaal op en weten het niet meer, "
    first, second = talk(f"{heavy}mag onze dochter minder uren naar school?"), talk(f"{heavy}wie betaalt de laptop?")
    assert first.topic == "minder_uren" and second.topic == "laptop_kosten"
    assert first.replies[-1].text.startswith(TEXTS["erkenning"])
    assert TEXTS["erkenning"] not in words(second)


def test_a_pupil_is_recognised_as_a_pupil(talk: Talk) -> None:
    turn = talk("ik zit in klas 3 havo, ik trek het niet meer, mag ik minder uren naar school")
    assert turn.replies[-1].text == f"{TEXTS['erkenning_leerling']}\n\n{answers.book()['minder_uren'].pupil}"


def test_a_pupil_who_asks_again_stays_a_pupil(talk: Talk) -> None:
    talk("ik zit in klas 3 havo en ben ziek, mag ik minder uren naar school")
    again = talk("mag ik minder uren naar school")
    assert again.replies[-1].text == f"{answers.book()['minder_uren'].pupil}\n\n{TEXTS['herhaald_leerling']}"
    plain, human = talk("ik snap het niet"), talk("ik snap het nog steeds niet")
    assert words(plain).startswith(TEXTS["eenvoudig_leerling"])
    assert words(human) == TEXTS["nog_eenvoudiger_leerling"]


def test_before_danger_a_question_and_an_apology_nothing_is_said(talk: Talk) -> None:
    assert TEXTS["erkenning"] not in words(talk("wij zijn helemaal op en hij zegt dat hij dood wil"))
    question = talk("wij zijn helemaal op, welk ziezon bureau hoort bij ons")
    assert question.kind == "question" and TEXTS["erkenning"] not in words(question)


def test_a_lookup_starts_with_recognition_too(talk: Talk) -> None:
    turn = talk("wij zijn helemaal op, welk ziezon bureau hoort bij onze school in Apeldoorn")
    assert turn.kind == "lookup" and turn.replies[-1].text.startswith(f"{TEXTS['erkenning']}\n\n")


def test_a_sigh_gets_a_kind_word_and_a_person(talk: Talk) -> None:
    turn = talk("pfff ik kan niet meer")
    assert turn.topic == "wie_kan_helpen"
    assert turn.replies[-1].text == f"{TEXTS['zucht']}\n\n{answers.book()['wie_kan_helpen'].plain}"
    again = talk("zucht")
    assert again.kind == "answer" and TEXTS["zucht"] not in words(again) and "088 605 01 01" in words(again)


def test_a_hospital_is_remembered_by_its_name_only(talk: Talk, assistant: Any, event_loop_: Any) -> None:
    """Slots are stored, sentences are not."""
    talk("mijn zoon Piet ligt in het LUMC, welk ziezon bureau hoort daarbij")
    tracker = event_loop_.run_until_complete(assistant._tracker(talk.conversation))
    assert tracker.get_slot("ziekenhuis") == "LUMC"
    assert "071-526 28 30" in words(talk("heb je een nummer van die dienst"))


@pytest.mark.parametrize("key", ["erkenning", "erkenning_leerling", "zucht", "zucht_leerling", "voor_school"])
def test_the_sentences_are_sober(key: str) -> None:
    assert not set("!?") & set(TEXTS[key])
    address = ("uw", "u ", "U ") if not key.endswith("leerling") else ("je ", "Je ")
    assert any(word in TEXTS[key] for word in address)


def test_every_text_key_of_a_preface_exists() -> None:
    keys = {
        manner.preface(sound, who, ())
        for sound in (None, manner.HEAVY, manner.SIGH)
        for who in (None, "leerling", "school")
    }
    assert keys - {None} <= set(TEXTS)


@pytest.mark.parametrize(
    ("question", "follow_up", "topic"),
    [
        ("wie begeleidt mijn zoon op school", "heeft elke school dat", "schoolcoach"),
        ("kan mijn kind van huis meedoen met de les", "heeft elke school dat", "ict_set"),
        ("mag mijn zoon minder uren naar school", "wie beslist dat", "minder_uren"),
        ("wat is een opp", "wie beslist daarover", "opp_afspraken"),
        ("is mijn zoon een thuiszitter", "en vanaf welke leeftijd", "thuiszitter"),
    ],
)
def test_a_follow_up_that_the_sources_answer(talk: Talk, question: str, follow_up: str, topic: str) -> None:
    talk(question)
    turn = talk(follow_up)
    assert (turn.kind, turn.topic) == ("answer", topic)


@pytest.mark.parametrize(
    ("question", "follow_up"),
    [
        ("kan mijn kind vrijstelling van de leerplicht krijgen", "en vanaf welke leeftijd"),
        ("wat doet het ouder- en jeugdsteunpunt", "en vanaf welke leeftijd"),
        ("moet ik de diagnose aan school vertellen", "wie beslist dat"),
        ("wie betaalt de laptop", "heeft elke school dat"),
    ],
)
def test_a_follow_up_that_the_sources_do_not_answer(talk: Talk, question: str, follow_up: str) -> None:
    talk(question)
    assert TEXTS["geen_vervolg"] in words(talk(follow_up))
