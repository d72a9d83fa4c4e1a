"""How easy the answers read: Flesch–Douma, sentence length, and whether the plainer version is plainer.

The score is 206.84 − 0.77 × syllables per 100 words − 0.93 × words per sentence (Douma's fit of Flesch for Dutch).

* Syllables come from pyphen (`nl_NL`), which knows where Dutch words may be broken. It cannot hear a vowel at a word's
  edge in every word ("idee" counts as one), so a score is an approximation, a little too kind. An abbreviation in
  capitals (OPP, ICT) counts a syllable per letter, as it is spoken.
* A sentence ends at a full stop or question mark, or at the end of a line: a list item is a sentence, and so is the
  line that announces a list. A colon within a line does not end one.
* **Exceptions**: telephone numbers, e-mail addresses, names of sites, and names of organisations and titles of
  brochures (`NAMES`). They cannot be written more simply, so they are left out of the score; in the sentence length
  each counts as one word. "Samenwerkingsverband", "ouder- en jeugdsteunpunt" and "onderwijsconsulent" are not excepted.
"""

from __future__ import annotations

import re
from functools import cache
from statistics import mean

import pyphen
import pytest

from knowledge import answers

LOWEST = 60.0
AVERAGE = 70.0
LONGEST_SENTENCE = 20
AVERAGE_SENTENCE = 12.0

NAMES = (
    "Als een leerling tijdelijk niet naar school kan",
    "Maatwerk en passend onderwijs bij complexe zorgvragen",
    "Geschillencommissie Passend Onderwijs",
    "Ouders & Onderwijs",
    "Zorgeloos naar school",
    "Internet Schooldossier",
    "Veilig Thuis",
    "Kindertelefoon",
    "Rijksoverheid",
    "Wegwijzer",
    "Ziezon",
    "Balans",
)
_NAME = "|".join(re.escape(name) for name in NAMES)
_EXCEPTED = re.compile(
    rf"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    rf"|(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.nl\b(?:/[\w/.-]*\w)?"  # site
    rf"|\b\d[\d \-–]{{5,}}\d\b|\b11[23]\b"  # telephone
    rf"|\b(?:{_NAME})\b",
    re.IGNORECASE,
)
_STAND_IN = "\N{REPLACEMENT CHARACTER}"
_WORD = re.compile(rf"{_STAND_IN}|[^\W_]+(?:['’.@-][^\W_]+)*", re.UNICODE)
_SYLLABLES = pyphen.Pyphen(lang="nl_NL", left=1, right=1)

ANSWERS = list(answers.load())
IDS = [answer.key for answer in ANSWERS]
VERSIONS = ("text", "plain", "pupil")


def sentences(text: str) -> list[list[str]]:
    """The words of every sentence; what is excepted stands in it as one `_STAND_IN`."""
    found = []
    for line in _EXCEPTED.sub(_STAND_IN, text).splitlines():
        for sentence in re.split(r"(?<=[.?!])\s+", line):
            if words := _WORD.findall(sentence):
                found.append(words)
    return found


@cache
def syllables(word: str) -> int:
    """The number of syllables of one word."""
    parts = re.split(r"['’.@-]", word)
    return sum(len(part) if part.isupper() and len(part) > 1 else len(_SYLLABLES.positions(part)) + 1 for part in parts)


def score(text: str) -> float:
    """Flesch–Douma of a text, without the exceptions."""
    counted = [[word for word in sentence if word != _STAND_IN] for sentence in sentences(text)]
    counted = [sentence for sentence in counted if sentence]
    words = [word for sentence in counted for word in sentence]
    return 206.84 - 77 * sum(map(syllables, words)) / len(words) - 0.93 * len(words) / len(counted)


@pytest.mark.parametrize("answer", ANSWERS, ids=IDS)
def test_every_answer_is_readable(answer: answers.Answer) -> None:
    assert score(answer.text) >= LOWEST, f"{answer.key}: {score(answer.text):.1f}"


def test_the_answers_are_readable_on_average() -> None:
    content = mean(score(answer.text) for answer in ANSWERS if answer.theme != "gesprek")
    everything = mean(score(answer.text) for answer in ANSWERS)
    assert min(content, everything) >= AVERAGE, f"inhoud {content:.1f}, alles {everything:.1f}"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("answer", ANSWERS, ids=IDS)
def test_no_sentence_is_too_long(answer: answers.Answer, version: str) -> None:
    long = [words for words in sentences(getattr(answer, version)) if len(words) > LONGEST_SENTENCE]
    assert not long, "\n".join(f"{len(words)} woorden: {' '.join(words)}" for words in long)


def test_sentences_are_short_on_average() -> None:
    lengths = [len(words) for answer in ANSWERS for words in sentences(answer.text)]
    assert mean(lengths) <= AVERAGE_SENTENCE


def test_the_plainer_version_is_easier_on_average() -> None:
    content = [answer for answer in ANSWERS if answer.theme != "gesprek"]
    for group in (content, ANSWERS):
        assert mean(score(answer.plain) for answer in group) > mean(score(answer.text) for answer in group)


@pytest.mark.parametrize(
    ("word", "count"), [("school", 1), ("onderwijs", 3), ("ouders", 2), ("OPP", 3), ("ICT-set", 4), ("reële", 3)]
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_exceptions_are_one_word_each_and_outside_the_score() -> None:
    plain = "Bel of mail."
    named = "Bel Ouders & Onderwijs op 088 605 01 01 of mail vraag@oudersenonderwijs.nl."
    assert [len(words) for words in sentences(named)] == [7]
    assert score("Kijk op www.ziek-en-onderwijs.nl.") == score("Kijk op.")
    assert score(named) == score(plain.replace("of", "op of"))


def test_a_list_item_is_a_sentence() -> None:
    assert [len(words) for words in sentences("Vraag het aan:\n- De mentor.\n- De jeugdarts")] == [3, 2, 2]
