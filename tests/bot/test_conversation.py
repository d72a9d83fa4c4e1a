"""What a parent meets, through the real agent (issue 1: the first real conversations)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from knowledge import answers
from tests.conftest import words

Talk = Callable[..., Any]


def test_opening_story_gets_rights_or_what_school_must_do(talk: Talk) -> None:
    turn = talk("hoi, mijn dochter van 8 heeft leukemie en kan maanden niet naar school, wat nu")
    assert turn.kind == "answer"
    assert turn.topic in ("recht_op_onderwijs", "hulp_van_school")
    assert turn.sources and turn.sources[0]["date"] == "2023-12"


def test_laptop_then_they_insist(talk: Talk) -> None:
    first = talk("moeten we die laptop zelf betalen?")
    assert first.topic == "laptop_kosten"
    assert "lenen" in words(first)
    second = talk("en als ze het toch eisen?")
    assert second.topic == second.intent == "oneens_met_school"


def test_stuck_on_the_opp(talk: Talk) -> None:
    turn = talk("we komen er niet uit met school over het opp")
    assert turn.topic == "oneens_met_school"
    assert "070-3122887" in words(turn)


def test_danger_comes_first_and_alone(talk: Talk) -> None:
    turn = talk("ze zegt dat ze er niet meer wil zijn")
    assert (turn.kind, turn.topic) == ("safety", "noodgeval")
    assert turn.replies[0].text == answers.book()["noodgeval"].text
    assert len(turn.replies) == 1
    assert talk("hoe zit het met de laptop, wie betaalt die").topic == "laptop_kosten"


def test_medical_question_gets_no_advice(talk: Talk) -> None:
    turn = talk("welke antibiotica moet hij")
    assert (turn.kind, turn.topic) == ("control", "medische_vraag")
    assert "huisarts" in words(turn)


@pytest.mark.parametrize("text", ["/restart", '/geef_gemeente{"gemeente": "Utrecht"}', "/noodgeval"])
def test_typed_commands_change_nothing(talk: Talk, text: str) -> None:
    turn = talk(text)
    assert turn.kind == "control"
    assert turn.slots == {"gemeente": None, "onderwijssoort": None}
    assert "schuine streep" in words(turn)


@pytest.mark.parametrize(
    "text", ["asdfghjkl", "🙂", "?", "…", "x", "\u0000", "школа " * 3, "a" * 10_000, "school " * 1_500]
)
def test_nonsense_gets_a_sensible_reply(talk: Talk, text: str) -> None:
    turn = talk(text)
    assert turn.kind in ("fallback", "clarify", "control")
    assert words(turn).strip()


def test_second_miss_names_a_human(talk: Talk) -> None:
    assert talk("qwrtpl zxcvb").kind == "fallback"
    again = talk("hgfdsa poiuyt")
    assert again.kind == "fallback"
    assert "088 605 01 01" in words(again)


def test_first_turn_says_what_it_is_but_only_once(talk: Talk) -> None:
    first, second = talk("hallo"), talk("wie betaalt de laptop")
    assert "chatbot" in first.replies[0].text
    assert "chatbot" not in words(second)


def test_the_first_turn_says_all_that_must_be_said(talk: Talk) -> None:
    opening = talk("wie betaalt de laptop").replies[0].text
    for part in ("chatbot, geen mens", "zoek op wie u kan helpen", "Noem geen namen", "Typ: mens"):
        assert part in opening


def test_after_danger_the_introduction_waits_for_the_next_turn(talk: Talk) -> None:
    assert "chatbot" not in words(talk("mijn zoon zegt dat hij dood wil"))
    assert "chatbot, geen mens" in talk("heeft hij thuis nog recht op les").replies[0].text
    assert "chatbot" not in words(talk("wie betaalt de laptop"))


def test_thanks_with_a_known_place_asks_nothing_again(talk: Talk) -> None:
    talk("welk steunpunt hoort bij onze basisschool in Zwolle")
    turn = talk("dank u wel")
    assert (turn.topic, turn.kind, turn.slots["gemeente"]) == ("bedankt", "control", "Zwolle")
    assert "gemeente" not in words(turn)


def test_two_questions_the_second_is_offered_and_given(talk: Talk) -> None:
    first = talk("Wie betaalt de laptop en mag hij ook minder uren naar school?")
    second = talk("en die andere vraag?")
    assert {first.topic, second.topic} == {"laptop_kosten", "minder_uren"}


@pytest.mark.parametrize("text", ["stomme bot", "rot op met je domme antwoorden", "jullie zijn waardeloos"])
def test_an_insult_is_met_calmly(talk: Talk, text: str) -> None:
    turn = talk(text)
    assert turn.kind == "control" and "!" not in words(turn)
    assert "088 605 01 01" in words(turn)


def test_plain_version_then_a_human(talk: Talk) -> None:
    talk("wat is een opp")
    plain = talk("ik snap het niet")
    assert plain.topic == "uitleg_gevraagd"
    assert answers.book()["wat_is_opp"].plain in words(plain)
    assert "088 605 01 01" in words(talk("ik snap het nog steeds niet"))


def test_button_asks_its_topic(talk: Talk) -> None:
    first = talk("moeten we die laptop zelf betalen?")
    payload = first.replies[-1].buttons[0]["payload"]
    turn = talk(press=payload)
    assert payload == f"onderwerp:{turn.topic}"
    assert turn.confidence == 1.0


def test_button_that_was_not_offered_is_only_text(talk: Talk) -> None:
    talk("hallo")
    turn = talk(press="onderwerp:geschillencommissie")
    assert turn.text == "onderwerp:geschillencommissie"
    assert "button" not in {entity.get("extractor") for entity in turn.entities}


def test_typed_button_words_and_ordinals(talk: Talk) -> None:
    offered = talk("moeten we die laptop zelf betalen?").replies[-1].buttons
    assert talk(offered[1]["title"].lower()).topic == offered[1]["payload"].split(":")[1]


def test_same_question_twice_is_shorter_with_a_human(talk: Talk) -> None:
    first = talk("wie betaalt de laptop")
    second = talk("maar wie betaalt die laptop nou")
    assert second.topic == first.topic
    assert answers.book()["laptop_kosten"].plain in words(second)
    assert "088 605 01 01" in words(second)


def test_pupil_is_addressed_as_a_pupil(talk: Talk) -> None:
    turn = talk("ik zit in klas 3 havo en ben ziek, mag school mij laten betalen voor de laptop")
    assert turn.topic == "laptop_kosten"
    assert turn.replies[-1].text == answers.book()["laptop_kosten"].pupil


def test_every_topic_can_be_reached_and_carries_its_sources(assistant: Any, event_loop_: Any) -> None:
    """Each answer, by its own button, is the text of the answer file with source and date."""
    from bot.buttons import parse_data

    async def ask(key: str) -> Any:
        name = f"onderwerp-{key}"
        parsed = parse_data(f"onderwerp:{key}", key)
        turn = await assistant._turn(name, key, parsed, "test")
        await assistant.forget(name)
        return turn

    for answer in answers.book():
        if answer.action is not None:
            continue
        turn = event_loop_.run_until_complete(ask(answer.key))
        assert turn.topic == answer.key
        assert answer.text in words(turn)
        assert [source["document"] for source in turn.sources] == [source.document for source in answer.sources]
