"""Every answer says what it must and nothing that it must not, and the expectations notice when a fact goes.

The expectations (`tests/feiten.yml`) were typed from the brochures and the content contract by another hand than the
one that wrote the answers, before seeing them. The second half mutates: it takes the sentence that carries a fact out
of the answer and wants the expectation to fail.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from knowledge import answers, lookup, wording

EXPECTED: dict[str, dict[str, list[dict[str, Any]]]] = YAML(typ="safe").load(
    (Path(__file__).resolve().parent.parent / "feiten.yml").read_text(encoding="utf-8")
)
THEMES = ("recht", "verzuim", "afstand", "opp", "hulp")
BOOK = answers.load()
TOPICS = sorted(EXPECTED)
WORDINGS = {
    "ziezon_zoeken": wording.ziezon_text, "steunpunt_zoeken": wording.steunpunt_text, "swv_vinden": wording.swv_text
}  # fmt: skip
TODAY = dt.date(2026, 11, 23)
# A fact may be said in two sentences; more would mean that its pattern fits almost anything.
MOST_SENTENCES = 2
# (topic, other answer): by the contract the other answer states all facts of the topic, and more.
CONTAINED = {("kosten_hulp", "wie_betaalt_ondersteuning")}


def states(text: str, expected: Mapping[str, Any]) -> bool:
    """Whether one of the patterns of this expectation fits."""
    patterns = expected["patroon"]
    return any(re.search(one, text, re.IGNORECASE) for one in ([patterns] if isinstance(patterns, str) else patterns))


def sentences(text: str) -> list[str]:
    """Sentences and list items, in order."""
    return [part for line in text.splitlines() for part in re.split(r"(?<=[.?!:])\s+", line) if part]


def without_fact(text: str, fact: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The fewest sentences whose removal takes the fact away: every choice of one, else every choice of two."""
    parts = sentences(text)
    for size in range(1, MOST_SENTENCES + 1):
        found = False
        for gone in combinations(range(len(parts)), size):
            left = "\n".join(part for number, part in enumerate(parts) if number not in gone)
            if not states(left, fact):
                found = True
                yield tuple(parts[number] for number in gone)
        if found:
            return


def static_facts(topic: str) -> list[dict[str, Any]]:
    return [fact for fact in EXPECTED[topic]["feiten"] if "opzoeking" not in fact]


def lookup_facts() -> list[Any]:
    return [
        pytest.param(topic, fact, id=f"{topic}-{fact['naam']}")
        for topic in TOPICS
        for fact in EXPECTED[topic]["feiten"]
        if "opzoeking" in fact
    ]


def looked_up(session: Session, topic: str, fact: Mapping[str, Any]) -> str:
    where = fact["opzoeking"]
    return WORDINGS[topic](lookup.find_help(session, where["gemeente"], where.get("soort"), on=TODAY)).text


# ---------------------------------------------------------------------------------------------------------- the answers
def test_every_content_topic_has_expectations() -> None:
    assert TOPICS == sorted(answer.key for answer in BOOK if answer.theme in THEMES)
    assert len(TOPICS) == 50


@pytest.mark.parametrize("topic", TOPICS)
def test_facts_are_numbered_as_in_the_contract(topic: str) -> None:
    numbers = [fact["feit"] for fact in EXPECTED[topic]["feiten"]]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1))


@pytest.mark.parametrize("topic", TOPICS)
def test_all_facts_are_present(topic: str) -> None:
    missing = [fact["naam"] for fact in static_facts(topic) if not states(BOOK[topic].text, fact)]
    assert not missing


@pytest.mark.parametrize(("topic", "fact"), lookup_facts())
def test_facts_of_a_lookup_are_present(session: Session, topic: str, fact: dict[str, Any]) -> None:
    assert states(looked_up(session, topic, fact), fact)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("version", ["text", "plain", "pupil"])
def test_nothing_forbidden_is_said(topic: str, version: str) -> None:
    text = getattr(BOOK[topic], version)
    assert not [claim["naam"] for claim in EXPECTED[topic].get("niet", ()) if states(text, claim)]


# ------------------------------------------------------------------------------------------------------------- mutation
@pytest.mark.parametrize("topic", TOPICS)
def test_taking_a_fact_away_is_noticed(topic: str) -> None:
    """For each fact there is a sentence (at most two, when it is said twice) without which the expectation fails."""
    unnoticed = [fact["naam"] for fact in static_facts(topic) if not any(without_fact(BOOK[topic].text, fact))]
    assert not unnoticed


@pytest.mark.parametrize(("topic", "fact"), lookup_facts())
def test_taking_a_fact_from_a_lookup_is_noticed(session: Session, topic: str, fact: dict[str, Any]) -> None:
    assert any(without_fact(looked_up(session, topic, fact), fact))


def test_fifty_of_fifty_answers_notice_a_removed_fact() -> None:
    """One mutant per fact and answer: the first fewest sentences that carry it are cut; every mutant must be caught."""
    caught: dict[str, int] = {}
    for topic in TOPICS:
        for fact in static_facts(topic):
            gone = next(without_fact(BOOK[topic].text, fact), ())
            mutant = "\n".join(part for part in sentences(BOOK[topic].text) if part not in gone)
            assert gone and mutant != BOOK[topic].text
            caught[topic] = caught.get(topic, 0) + (not all(states(mutant, one) for one in static_facts(topic)))
    assert len([topic for topic in TOPICS if caught[topic] == len(static_facts(topic))]) == 50


def test_an_answer_of_another_topic_does_not_pass() -> None:
    """The expectations of a topic fit its own answer only: patterns that fit any text would show here."""
    strangers = [
        (topic, answer.key)
        for topic in TOPICS
        for answer in BOOK
        if answer.key != topic and all(states(answer.text, fact) for fact in static_facts(topic))
    ]
    assert set(strangers) == CONTAINED


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if "niet" in EXPECTED[topic]])
def test_a_forbidden_claim_would_be_caught(topic: str) -> None:
    missed = [wrong for claim in EXPECTED[topic]["niet"] for wrong in claim["fout"] if not states(wrong, claim)]
    assert not missed


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if "niet" in EXPECTED[topic]])
def test_a_forbidden_claim_is_caught_at_the_end_of_the_answer(topic: str) -> None:
    text = BOOK[topic].text
    for claim in EXPECTED[topic]["niet"]:
        for wrong in claim["fout"]:
            assert states(f"{text} {wrong}", claim), wrong
            assert states(f"{text}\n\n{wrong}", claim), wrong
