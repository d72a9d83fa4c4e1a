"""Understanding through the front door: odd input, the thresholds a model carries, and how varied the data is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.checks import data, variety
from bot.evaluation import thresholds
from bot.paths import CONFIG

Talk = Callable[..., Any]

_MAIL = """Geachte heer/mevrouw,

Onze dochter ligt sinds maandag in het ziekenhuis. Krijgt zij daar ook les?

Met vriendelijke groet,
Een moeder
T: 06 12345678 | moeder@voorbeeld.nl
Verzonden vanaf mijn telefoon. Dit bericht is alleen bestemd voor de geadresseerde."""


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "😀😀😀", "a", "?!?!...", "\x00\x1b[31m\x07", "\u202eabc\u200f", "ж中اΩ mix ก", "9" * 300, "-" * 2_000,
        "woord " * 1_700, "ა" * 10_000, "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_odd_input_gets_a_sensible_reply(talk: Talk, text: str) -> None:
    turn = talk(text)
    assert turn.replies and all(reply.text.strip() for reply in turn.replies)
    assert turn.kind in {"fallback", "clarify", "control", "question", "answer"}


def test_a_pasted_mail_is_answered_and_its_signature_masked(talk: Talk) -> None:
    turn = talk(_MAIL)
    assert turn.topic == "onderwijs_in_ziekenhuis" or "onderwijs_in_ziekenhuis" in turn.options
    assert "12345678" not in turn.text and "@" not in turn.text


def test_a_thumb_is_an_answer(talk: Talk) -> None:
    talk("wie betaalt de laptop")
    assert talk("👍").topic in {"bevestigen", "antwoord_goed", "bedankt"}


def test_the_model_carries_the_thresholds_of_the_configuration(assistant: Any) -> None:
    stored = thresholds.effective(assistant.agent)
    configured: dict[str, float] = {}
    for component in YAML(typ="safe").load(CONFIG.read_text(encoding="utf-8"))["pipeline"]:
        configured |= {key: value for key, value in component.items() if key in stored}
    assert stored == configured, "every threshold stands in bot/config.yml, and the model runs with it"


def test_varied_data_passes_and_a_spun_template_does_not(tmp_path: Path) -> None:
    assert [line for figures in variety.measure(data.sentences()) for line in figures.problems()] == []
    lines = "".join(f"    - wie betaalt de laptop als mijn kind {illness} heeft\n" for illness in "abcdefgh")
    (tmp_path / "spun.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: laptop_kosten\n  metadata: {voice: gewoon, batch: z}\n  examples: |\n' + lines,
        encoding="utf-8",
    )
    problems = "\n".join(variety.measure(data.sentences(tmp_path))[0].problems())
    assert "near-duplicates" in problems and "distinct openings" in problems
    assert "without the topic's own words" in problems and "voices" in problems
