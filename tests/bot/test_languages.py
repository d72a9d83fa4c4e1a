"""Other languages: found, answered in that language, danger too; Dutch in any dress stays Dutch.

`languages.jsonl` holds sentences that stand nowhere in the training data: {"text", "lang", "kind", "batch"}, kind `taal` (a
parent asks something), `nood` (danger) or `nl` (Dutch that is easily mistaken). Batches a, b and d were read while the
detector and the danger patterns were mended; batch d holds, for each language, danger and what only sounds like it. Batch c
was never mended on: a failure there is counted, not read.
"""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels.website import _as_json
from bot.checks.data import sentences
from bot.conversation import Turn
from bot.nlu.language import LANGUAGE, OTHER_LANGUAGE, LanguageDetector
from bot.nlu.language_judge import LanguageJudge, words_of
from bot.nlu.parts import INTENT_RANKING, entities_of, intent_of, ranking_of
from bot.paths import EVALUATION
from knowledge import answers

ROWS = [json.loads(line) for line in Path(__file__).with_name("languages.jsonl").read_text("utf-8").splitlines()]
PROMISED = ("en", "tr", "ar", "pl", "uk", "de", "fr", "es", "pap")
ANSWERED = tuple(answers.book().languages)
FOUND_FROM = 0.9
NEVER_TUNED, NEVER_TUNED_ROWS = "c", 20
DANGER_FOUND_FROM, FALSE_ALARMS_UP_TO = 0.9, 0.05
MISTAKEN_UP_TO = 0.005


@pytest.fixture(scope="module")
def turns(assistant: Any, event_loop_: asyncio.AbstractEventLoop) -> dict[str, Turn]:
    """What the real assistant makes of every row, each in a conversation of its own."""

    async def ask(number: int, text: str) -> Turn:
        turn = await assistant.say(f"language-{number}", text)
        await assistant.forget(f"language-{number}")
        return turn

    return {row["text"]: event_loop_.run_until_complete(ask(number, row["text"])) for number, row in enumerate(ROWS)}


@pytest.fixture(scope="module")
def dutch() -> list[str]:
    """All Dutch training sentences."""
    return [sentence.text for sentence in sentences() if sentence.intent != OTHER_LANGUAGE]


@pytest.fixture(scope="module")
def judge(dutch: list[str]) -> LanguageJudge:
    """The judge as it is trained."""
    return LanguageJudge({word for text in dutch for word in words_of(text)})


def texts(kind: str, language: str) -> list[str]:
    return [row["text"] for row in ROWS if row["kind"] == kind and row["lang"] == language]


def said_in(turn: Turn) -> str | None:
    """The language of the reply, when it is one that we wrote for `andere_taal` or `noodgeval`."""
    reply = turn.replies[-1]
    foreign = answers.book().languages.get(reply.metadata.get("lang"))
    return foreign.code if foreign and reply.text == foreign.texts.get(turn.topic) else None


@pytest.mark.parametrize("language", ANSWERED)
def test_a_parent_is_answered_in_the_parents_language(turns: dict[str, Turn], language: str) -> None:
    asked = texts("taal", language)
    missed = [text for text in asked if said_in(turns[text]) != language]
    assert len(asked) >= 20
    assert len(missed) <= len(asked) * (1 - FOUND_FROM), missed


@pytest.mark.parametrize("language", PROMISED)
def test_unseen_messages_of_each_language(turns: dict[str, Turn], language: str) -> None:
    """At least twenty messages that nobody mended on."""
    asked = [
        row["text"] for row in ROWS if row["lang"] == language and row["batch"] == NEVER_TUNED and row["kind"] == "taal"
    ]
    assert len(asked) >= NEVER_TUNED_ROWS
    found = sum(said_in(turns[text]) == language for text in asked)
    assert found >= len(asked) * FOUND_FROM, f"{language}: {found} of {len(asked)}"


@pytest.mark.parametrize("language", ANSWERED)
def test_no_parent_is_answered_in_a_wrong_language(turns: dict[str, Turn], language: str) -> None:
    """Ukrainian and Russian without a telling letter may be mistaken for each other."""
    others = set(ANSWERED) - {language} - ({"uk", "ru"} if language in ("uk", "ru") else set())
    wrong = [text for text in texts("taal", language) if said_in(turns[text]) in others - {"en"}]
    assert not wrong


@pytest.mark.parametrize("language", ANSWERED)
def test_danger_is_answered_in_the_parents_language(turns: dict[str, Turn], language: str) -> None:
    asked = texts("nood", language)
    missed = [text for text in asked if turns[text].topic != "noodgeval"]
    assert len(asked) >= 15
    assert len(missed) <= len(asked) * (1 - DANGER_FOUND_FROM), missed
    assert not [text for text in set(asked) - set(missed) if len(turns[text].replies) != 1]


@pytest.mark.parametrize("language", PROMISED)
def test_danger_that_was_mended_on_is_all_found_in_its_language(turns: dict[str, Turn], language: str) -> None:
    asked = [
        row["text"] for row in ROWS if (row["kind"], row["lang"]) == ("nood", language) and row["batch"] != NEVER_TUNED
    ]
    for text in asked:
        turn = turns[text]
        assert (turn.kind, turn.topic, said_in(turn)) == ("safety", "noodgeval", language), text


@pytest.mark.parametrize("language", ANSWERED)
def test_a_sick_child_is_no_danger(turns: dict[str, Turn], language: str) -> None:
    """ "Die Lehrerin schlägt vor ...", "she cut her finger": danger words without danger."""
    asked = texts("taal", language)
    alarms = [text for text in asked if turns[text].kind == "safety"]
    assert len(alarms) <= len(asked) * FALSE_ALARMS_UP_TO, alarms


def test_dutch_that_is_easily_mistaken_stays_dutch(turns: dict[str, Turn]) -> None:
    tricky = texts("nl", "nl")
    mistaken = [text for text in tricky if turns[text].topic == OTHER_LANGUAGE or LANGUAGE in _found(turns[text])]
    assert len(tricky) >= 150
    assert not mistaken


def _found(turn: Turn) -> set[str]:
    return {entity["entity"] for entity in turn.entities}


def test_unseen_dutch_is_hardly_ever_mistaken(dutch: list[str]) -> None:
    """Five folds: every training sentence is judged with the vocabulary of the others only."""
    shuffled = random.Random(20261123).sample(dutch, len(dutch))
    mistaken = []
    for fold in range(5):
        seen = {word for number, text in enumerate(shuffled) if number % 5 != fold for word in words_of(text)}
        judge = LanguageJudge(seen)
        mistaken += [text for text in shuffled[fold::5] if judge.judge(text).language]
    assert len(mistaken) <= MISTAKEN_UP_TO * len(dutch), mistaken


def test_dutch_of_the_calibration_split_is_not_mistaken(judge: LanguageJudge) -> None:
    """Danger stands under one key in all languages, so those rows are left out."""
    lines = (EVALUATION / "calibration.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if "text" in row and row["kind"] not in ("taal", "nood")]
    mistaken = [row["text"] for row in rows if judge.judge(row["text"], hinted=True).language]
    assert len(mistaken) <= MISTAKEN_UP_TO * len(rows), mistaken


def test_listed_words_are_not_dutch(dutch: list[str], judge: LanguageJudge) -> None:
    counts: dict[str, int] = {}
    for text in dutch:
        for word in words_of(text):
            counts[word] = counts.get(word, 0) + 1
    listed = {word for words in judge._lists.words.values() for word in words}
    assert not sorted(word for word in listed if counts.get(word, 0) > 20)


def _message(text: str, *ranking: tuple[str, float]) -> Message:
    items = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return Message({TEXT: text, INTENT: dict(items[0]), INTENT_RANKING: items})


@pytest.fixture
def detector(dutch: list[str]) -> LanguageDetector:
    vocabulary = {word for text in dutch for word in words_of(text)}
    return LanguageDetector(LanguageDetector.get_default_config(), None, None, vocabulary)  # type: ignore[arg-type]


def test_a_wrong_guess_of_the_classifier_is_taken_back(detector: LanguageDetector) -> None:
    message = _message("wie betaalt de laptop van mijn zoon", (OTHER_LANGUAGE, 0.6), ("laptop_kosten", 0.3))
    detector.process([message])
    assert intent_of(message) == ("laptop_kosten", 0.3)
    assert OTHER_LANGUAGE not in dict(ranking_of(message))


@pytest.mark.parametrize("text", ["ik spreek alleen Turks en begrijp de brief van school niet", "xqz brlt wrpf"])
def test_what_does_not_tell_keeps_the_guess_of_the_classifier(detector: LanguageDetector, text: str) -> None:
    message = _message(text, (OTHER_LANGUAGE, 0.6), ("laptop_kosten", 0.3))
    detector.process([message])
    assert intent_of(message) == (OTHER_LANGUAGE, 0.6)


def test_a_language_is_an_entity_with_its_code(detector: LanguageDetector) -> None:
    message = _message("dziecko jest chore", ("laptop_kosten", 0.9))
    detector.process([message])
    assert intent_of(message) == (OTHER_LANGUAGE, 1.0)
    assert entities_of(message) == {LANGUAGE: "pl"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("spreekt u Turks?", "tr"),
        ("kan ik mijn vraag ook in het Engels stellen", "en"),
        ("is er iemand die arabisch praat", "ar"),
        ("hij heeft een toets Engels gemist", None),
        ("Frans", None),
        ("mijn zoon moet Duits inhalen", None),
    ],
)
def test_dutch_that_asks_for_another_language(judge: LanguageJudge, text: str, language: str | None) -> None:
    assert judge.judge(text).language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("bel [telefoonnummer] or [e-mailadres] please, my daughter is ill", "en"),
        ("學校不幫助我們的孩子", "und"),
        ("ልጄ ታሟል ትምህርት ቤት መሄድ አይችልም", "und"),
        ("دخترم مریض است و نمی‌تواند به مدرسه برود", "fa"),
        ("meu filho está doente e não pode ir para a escola, quem pode ajudar", "pt"),
        ("🙂", None),
        ("β-blokker voor mijn zoon", None),
        ("", None),
    ],
)
def test_the_edges(judge: LanguageJudge, text: str, language: str | None) -> None:
    assert judge.judge(text).language == language


def test_a_language_we_do_not_answer_gets_english(talk: Any) -> None:
    turn = talk("meu filho está doente e não pode ir para a escola, quem pode ajudar")
    assert (turn.topic, said_in(turn)) == (OTHER_LANGUAGE, "en")


def test_replies_carry_language_and_direction(talk: Any) -> None:
    arabic, dutch_ = talk("ابنتي تريد أن تنتحر"), talk("wie betaalt de laptop")
    assert {"lang": "ar", "dir": "rtl"}.items() <= arabic.replies[-1].metadata.items()
    assert {"lang": "nl", "dir": "ltr"}.items() <= dutch_.replies[-1].metadata.items()
    assert [(reply["lang"], reply["dir"]) for reply in _as_json(arabic)["replies"]] == [("ar", "rtl")]
    assert {(reply["lang"], reply["dir"]) for reply in _as_json(dutch_)["replies"]} == {("nl", "ltr")}


def test_talk_goes_on_in_dutch_after_another_language(talk: Any) -> None:
    assert talk("my daughter is ill, who can help us").topic == OTHER_LANGUAGE
    assert talk("wie betaalt de laptop").topic == "laptop_kosten"
    assert talk("en als school nee zegt").topic == answers.book()["laptop_kosten"].follow_ups["weigeren"]


def test_danger_in_another_language_stops_a_lookup(talk: Any) -> None:
    assert talk("welk steunpunt hoort bij onze school").kind == "question"
    turn = talk("my daughter wants to kill herself")
    assert (turn.kind, said_in(turn), len(turn.replies)) == ("safety", "en", 1)
