"""The texts in other languages (`talen.yml`): complete, with the numbers of the Dutch answer, and refused when not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge import answers
from knowledge.errors import AnswerError

LANGUAGES = answers.load().languages
PROMISED = {"en", "tr", "ar", "pl", "uk", "de", "fr", "es", "pap"}


def test_every_promised_language_is_there() -> None:
    assert set(LANGUAGES) >= PROMISED


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_the_danger_answer_has_the_numbers_of_the_dutch_one(language: answers.ForeignTexts) -> None:
    wanted = answers.numbers(answers.load()["noodgeval"].text)
    assert {"112", "113", "0800-0113", "0800-2000", "0800-0432"} <= wanted
    assert answers.numbers(language.texts["noodgeval"]) == wanted


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_who_can_help_is_named_in_few_sentences(language: answers.ForeignTexts) -> None:
    """With 112 and 113 in every one: danger in another language may go unseen."""
    text = language.texts["andere_taal"]
    first, danger = text.split("\n\n")
    assert "Ouders & Onderwijs" in first and "088 605 01 01" in first
    assert first.count(". ") <= 2
    assert "112" in danger and "113" in danger


def test_only_arabic_runs_from_right_to_left_and_its_numbers_do_not() -> None:
    """Without the isolates a screen shows 0800-0113 as 0113-0800."""
    assert [code for code, language in LANGUAGES.items() if language.direction == "rtl"] == ["ar"]
    for number in ("112", "0800-0113", "0800-2000", "0800-0432", "113.nl"):
        assert f"\u2066{number}\u2069" in LANGUAGES["ar"].texts["noodgeval"]
    assert "\u2066088 605 01 01\u2069" in LANGUAGES["ar"].texts["andere_taal"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("0800-0113. It", "0800-0114. It", 15, "nummers in 'noodgeval'"),
        ("call Ouders & Onderwijs: 088 605 01 01", "call Ouders & Onderwijs", 11, "nummers in 'andere_taal'"),
        ("English\n  dir: ltr", "English\n  dir: left", 10, "'dir' is een van"),
        ("naam: English", "naam: 3", 9, "'naam' moet tekst zijn"),
        ("naam: English", "name: English", 8, "'naam' ontbreekt"),
        ("naam: English", "naam: English\n  extra: x", 10, "onbekende sleutel 'extra'"),
        ("This chatbot", "This {chatbot}", 11, "accolades"),
        ("\nen:\n", "\nEnglish:\n", 8, "geen taalcode"),
        ("\nen:\n", "\nen: [\n", None, "geen geldige YAML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, line: int | None, reason: str) -> None:
    folder = shutil.copytree(answers.FOLDER, tmp_path / "antwoorden")
    path = folder / answers.LANGUAGES_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AnswerError, match=reason) as caught:
        answers.load(folder)
    assert caught.value.path == path and caught.value.column
    assert line is None or caught.value.line == line


def test_without_the_file_there_are_no_other_languages(tmp_path: Path) -> None:
    folder = shutil.copytree(answers.FOLDER, tmp_path / "antwoorden")
    (folder / answers.LANGUAGES_FILE).unlink()
    assert answers.load(folder).languages == {}
