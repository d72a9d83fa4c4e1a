"""The components by themselves: text, school types, danger patterns, two questions, doubt."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.danger import named_danger
from bot.nlu.doubt import CLARIFY, FALLBACK, OPTIONS, DoubtLadder
from bot.nlu.ngrams import NgramSettings
from bot.nlu.parts import intent_of
from bot.nlu.school import school_type
from bot.nlu.text import after_thanks, normalise, pieces
from bot.nlu.text_model import TextModel, TextModelSettings


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Moete we m'n leptop béétalen??", "moeten we mijn laptop beetalen"),
        ("HEEEEEL erg", "heel erg"),
        ("groep 5", "groep 0"),
        ("🙂 ?", ""),
        ("zo’n ding", "zo een ding"),
    ],
)
def test_normalise(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("bedankt! nog iets: kan hij ook zakken", "kan hij ook zakken"),
        ("dank u wel. wie betaalt de laptop dan", "wie betaalt de laptop dan"),
        ("oke dankje, maar moet ik dat plan tekenen?", "moet ik dat plan tekenen?"),
        ("bedankt voor de duidelijke uitleg hoor", "bedankt voor de duidelijke uitleg hoor"),
        ("Bedankt, fijne dag nog", "Bedankt, fijne dag nog"),
        ("bedankt. dan vraag ik het aan school", "bedankt. dan vraag ik het aan school"),
        ("wie bedankt de school", "wie bedankt de school"),
    ],
)
def test_a_question_after_thanks_is_what_counts(text: str, asked: str) -> None:
    assert after_thanks(text) == asked


def test_a_short_message_is_one_piece_and_dictation_becomes_windows() -> None:
    assert pieces("wie betaalt de laptop") == ["wie betaalt de laptop"]
    spoken = " ".join(f"woord{number}" for number in range(60))
    assert len(pieces(spoken)) > 4
    assert all(len(piece.split()) <= 14 for piece in pieces(spoken))


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("hij zit in groep 5", "po", ""),
        ("basisschool", "po", ""),
        ("ze zit in 3 havo", "vo", ""),
        ("de brugklas van het vmbo", "vo", ""),
        ("een sbo in de buurt", "po", "sbo"),
        ("hij gaat naar het vso", "vo", "vso"),
        ("speciaal onderwijs", "so", "so"),
        ("mbo niveau 2", "mbo", "mbo"),
        ("cluster 2 school", "so", "cluster2"),
        ("nee niet de basisschool maar de middelbare", "vo", ""),
    ],
)
def test_school_types(text: str, kind: str, form: str) -> None:
    found = school_type(text)
    assert found is not None and found[:2] == (kind, form)


@pytest.mark.parametrize("text", ["hij is zo moe", "de gymles valt uit", "we gaan naar het ziekenhuis", "ik ben blij"])
def test_no_school_type(text: str) -> None:
    assert school_type(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "ze zegt dat ze er niet meer wil zijn", "hij wil dood", "zelfmort", "ik snij me eigen", "ze snijdt in haar armen",
        "mijn vader slaat mij", "hij ademt niet meer", "ze heeft een hele strip pillen geslikt",
        "she wants to kill herself", "ölmek istiyor",
    ],
)  # fmt: skip
def test_danger_in_plain_words(text: str) -> None:
    assert named_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik schrik me dood van die rekening", "hij is doodmoe na een halve dag", "de accu van de laptop is dood",
        "opa is vorig jaar overleden", "ze snijden in de uren", "hij slaat de les over",
        "kan hij een spreekbeurt over zelfmoord doen", "mes op de keel van school",
    ],
)  # fmt: skip
def test_only_sounds_alarming(text: str) -> None:
    assert not named_danger(text)


def ladder(scores: list[tuple[str, float]], known: float = 1.0) -> Message:
    ranking = [{"name": name, "confidence": score} for name, score in scores]
    message = Message(
        {"text": "een vraag over iets", "intent": ranking[0], "intent_ranking": ranking, "known_share": known}
    )
    DoubtLadder(DoubtLadder.get_default_config()).process([message])
    return message


def test_effective_thresholds() -> None:
    """The ladder as it is: answer, answer on a clear lead, ask, give up (see docs/figures.md for how they were chosen)."""
    assert intent_of(ladder([("balans", 0.60), ("jeugdarts", 0.40)]))[0] == "balans"
    assert intent_of(ladder([("balans", 0.46), ("jeugdarts", 0.30)]))[0] == "balans"
    assert intent_of(ladder([("gegevens_wissen", 0.84), ("opnieuw", 0.02)]))[0] == CLARIFY
    assert intent_of(ladder([("gegevens_wissen", 0.86), ("opnieuw", 0.02)]))[0] == "gegevens_wissen"
    asked = ladder([("balans", 0.45), ("jeugdarts", 0.40), ("groet", 0.10)])
    assert intent_of(asked)[0] == CLARIFY
    assert asked.get(OPTIONS) == ["balans", "jeugdarts", "groet"]
    assert intent_of(ladder([("balans", 0.10), ("jeugdarts", 0.08), ("groet", 0.05)]))[0] == FALLBACK
    assert intent_of(ladder([("balans", 0.99), ("jeugdarts", 0.01)], known=0.2))[0] == FALLBACK


def test_the_model_survives_saving(tmp_path: Path) -> None:
    texts = [
        f"{word} {extra}" for word in ("laptop", "ziekenhuis") for extra in ("vraag", "hoe", "wie", "nu", "dan", "ja")
    ]
    labels = [text.split()[0] for text in texts]
    model = TextModel.fit(texts, labels, TextModelSettings(NgramSettings(max_features=500)))
    model.save(tmp_path / "model.npz")
    again = TextModel.load(tmp_path / "model.npz")
    assert again.classes == ["laptop", "ziekenhuis"]
    before, after = model.probabilities(["een laptop"]), again.probabilities(["een laptop"])
    assert abs(before - after).max() < 0.01
    assert again.known_share("laptop onbekendwoord") == 0.5


def test_two_trainings_are_the_same() -> None:
    texts = [
        f"{word} {extra}" for word in ("laptop", "ziekenhuis") for extra in ("vraag", "hoe", "wie", "nu", "dan", "ja")
    ]
    labels = [text.split()[0] for text in texts]
    first, second = (TextModel.fit(texts, labels).probabilities(texts) for _ in range(2))
    assert (first == second).all()
