"""The pure function from a reply to API payloads: every limit of Meta, by Meta's own rules as the fake knows them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.whatsapp import payloads
from bot.channels.whatsapp.payloads import reply_payloads, turn_payloads
from bot.channels.whatsapp.rehearsal import rules
from bot.conversation import Reply, Turn
from knowledge import answers

SOURCE = {"document": "ocw", "place": "2", "date": "2023-12", "title": "Digitaal afstandsonderwijs"}


def places(count: int, title: str = "Gemeente {}") -> list[dict[str, str]]:
    return [{"title": title.format(number), "payload": f"gemeente:{number}"} for number in range(count)]


def accepted(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for body in bodies:
        assert rules.problem({"messaging_product": "whatsapp", "to": "31612345678", **body}) is None
    return bodies


def test_text_is_one_plain_message_without_a_preview() -> None:
    assert reply_payloads(Reply("Kijk op ziezon.nl of bel 088 605 01 01.")) == [
        {"type": "text", "text": {"preview_url": False, "body": "Kijk op ziezon.nl of bel 088 605 01 01."}}
    ]


def test_a_long_text_is_split_between_paragraphs() -> None:
    paragraph = "Dit is een zin van een antwoord. " * 60
    bodies = [body["text"]["body"] for body in accepted(reply_payloads(Reply("\n\n".join([paragraph.strip()] * 5))))]
    assert len(bodies) == 3
    assert all(body.endswith("antwoord.") and len(body) <= 4_096 for body in bodies)
    assert "\n\n".join(bodies) == "\n\n".join([paragraph.strip()] * 5)


@pytest.mark.parametrize("text", ["a" * 9_000, "woord " * 2_000, "zin. " * 2_000, "regel\n" * 2_000, " \n\n x \n\n "])
def test_any_text_fits_and_nothing_is_lost(text: str) -> None:
    bodies = [body["text"]["body"] for body in accepted(reply_payloads(Reply(text)))]
    assert "".join("".join(bodies).split()) == "".join(text.split())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_options_are_buttons(count: int) -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", places(count))))
    assert body["interactive"]["type"] == "button"
    assert [button["reply"]["id"] for button in body["interactive"]["action"]["buttons"]] == [
        f"gemeente:{number}" for number in range(count)
    ]


@pytest.mark.parametrize("count", [4, 7, 10])
def test_up_to_ten_options_are_a_list(count: int) -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", places(count))))
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == [f"gemeente:{number}" for number in range(count)]


def test_more_options_are_numbered_in_plain_text() -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", places(14))))
    assert "1. Gemeente 0\n2. Gemeente 1\n" in body["text"]["body"]
    assert body["text"]["body"].endswith("14. Gemeente 13\n\nTyp het nummer van uw keuze.")


def test_an_id_that_is_too_long_becomes_a_number() -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", [{"title": "A", "payload": "x" * 257}, *places(1)])))
    assert "1. A\n2. Gemeente 0" in body["text"]["body"]


def test_long_titles_are_cut_and_stay_different() -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", places(3, "Een heel lange gemeentenaam nummer {}"))))
    titles = [button["reply"]["title"] for button in body["interactive"]["action"]["buttons"]]
    assert titles == ["Een heel lange geme…", "Een heel lange ge… 2", "Een heel lange ge… 3"]
    rows = accepted(reply_payloads(Reply("Welke?", places(9, "Een heel lange gemeentenaam nummer {}"))))[0]
    descriptions = [row["description"] for row in rows["interactive"]["action"]["sections"][0]["rows"]]
    assert descriptions[8] == "Een heel lange gemeentenaam nummer 8"


def test_titles_that_differ_in_case_only_are_made_different() -> None:
    buttons = [{"title": "Bergen", "payload": "a"}, {"title": "BERGEN", "payload": "b"}, {"title": " ", "payload": "c"}]
    assert payloads.titles(buttons, 20) == ["Bergen", "BERGEN 2", "c"]


def test_the_same_button_twice_is_one() -> None:
    (body,) = accepted(reply_payloads(Reply("Welke?", [*places(2), *places(2)])))
    assert len(body["interactive"]["action"]["buttons"]) == 2


def test_a_topic_has_its_own_short_title() -> None:
    topic = next(answer for answer in answers.book() if len(answer.button) > 20)
    (body,) = accepted(reply_payloads(Reply("Zie ook:", [{"title": topic.button, "payload": f"onderwerp:{topic.key}"}])))
    assert body["interactive"]["action"]["buttons"][0]["reply"]["title"] == topic.short_button


def test_every_answer_of_the_book_is_accepted_with_its_buttons() -> None:
    for answer in answers.book():
        buttons = [{"title": answers.book()[key].button, "payload": f"onderwerp:{key}"} for key in answer.next_topics]
        sources = [source.as_dict() for source in answer.sources]
        bodies = accepted(reply_payloads(Reply(answer.text, buttons, {"sources": sources})))
        assert bool(buttons) == any(body["type"] == "interactive" for body in bodies)


@pytest.mark.parametrize("length", [1_000, 1_024, 1_025, 2_500, 6_000])
def test_a_long_text_goes_before_the_buttons(length: int) -> None:
    sentence = "Dit is een zin. "
    text = "\n\n".join((sentence * 20).strip() for _ in range(length // 320)) + "\n\nWat kiest u?"
    bodies = accepted(reply_payloads(Reply(text, places(2))))
    assert bodies[-1]["interactive"]["body"]["text"].endswith("Wat kiest u?")
    assert [body["type"] for body in bodies[:-1]] == ["text"] * (len(bodies) - 1)


def test_one_endless_paragraph_with_buttons_is_split() -> None:
    bodies = accepted(reply_payloads(Reply("woord " * 1_000, places(2))))
    assert bodies[-1]["type"] == "interactive"


def test_buttons_without_a_text_get_one() -> None:
    (body,) = accepted(reply_payloads(Reply("", places(2))))
    assert body["interactive"]["body"]["text"] == "Kies uit de lijst"


def test_marks_become_whatsapps_own() -> None:
    text = (
        "# Kop\n\nDit is **belangrijk** en __dit__ ook:\n* een\n• twee\n- drie\n\n"
        "[de site](https://ziezon.nl/x) [ziezon.nl](ziezon.nl)"
    )
    assert payloads.formatted(text) == (
        "*Kop*\n\nDit is *belangrijk* en *dit* ook:\n- een\n- twee\n- drie\n\nde site: https://ziezon.nl/x ziezon.nl"
    )


def test_sources_close_the_message_once_each() -> None:
    unknown = {"document": "jgz", "place": "1", "date": ""}
    (body,) = reply_payloads(Reply("Lenen mag.", metadata={"sources": [SOURCE, SOURCE, unknown]}))
    assert body["text"]["body"] == (
        "Lenen mag.\n\nBron: Digitaal afstandsonderwijs (december 2023)\nBron: jgz (datum onbekend)"
    )
    (choice,) = reply_payloads(Reply("Lenen mag.", places(1), {"sources": [SOURCE]}))
    assert choice["interactive"]["body"]["text"].endswith("(december 2023)")


def test_numbers_go_on_over_the_replies_of_a_turn() -> None:
    replies = [Reply("Eerst", places(3)), Reply("Dan", [{"title": f"P{n}", "payload": f"p{n}"} for n in range(11)])]
    turn = Turn("c", "", "answer", None, None, 1.0, [], replies, [], {}, [])
    assert "4. P0\n" in turn_payloads(turn)[1]["text"]["body"]


def test_a_reply_is_not_changed() -> None:
    reply = Reply("Tekst", places(2), {"sources": [SOURCE]})
    assert reply_payloads(reply) == reply_payloads(reply)
    assert reply == Reply("Tekst", places(2), {"sources": [SOURCE]})
