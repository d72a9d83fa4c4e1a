"""The guard: cleaning, masking and judging typed text."""

from __future__ import annotations

import pytest

from bot.guard import MAX_CHARACTERS, guard, mask


@pytest.mark.parametrize(
    "text", ["/restart", " / restart", '/geef_gemeente{"gemeente": "Utrecht"}', "\u200b/session_start"]
)
def test_typed_commands_are_text(text: str) -> None:
    assert guard(text).verdict == "schuine_streep"


@pytest.mark.parametrize("text", ["hij/zij kan niet naar school", "1/2 dag naar school", "/", "?"])
def test_other_slashes_are_ordinary(text: str) -> None:
    assert guard(text).verdict is None


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "\u200b\u200e"])
def test_nothing_typed(text: str) -> None:
    assert guard(text).verdict == "leeg"


def test_too_long_is_cut_and_judged() -> None:
    assert guard("a" * MAX_CHARACTERS).verdict is None
    long = guard("school " * 1_500)
    assert long.verdict == "te_lang" and len(long.text) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "hidden", "shown"),
    [
        ("bel mij op 06 12345678", "12345678", "[telefoonnummer]"),
        ("mijn nummer is +31 6 12 34 56 78 graag bellen", "34 56", "[telefoonnummer]"),
        ("mail naar mij.zelf@voorbeeld.nl aub", "mij.zelf", "[e-mailadres]"),
        ("zijn bsn is 111222333", "111222333", "[burgerservicenummer]"),
        ("rekening NL91 ABNA 0417 1643 00", "0417", "[rekeningnummer]"),
        ("van NL91 ABNA 0417 1643 00 voor de laptop", "0417", "[rekeningnummer] voor de laptop"),
        ("wij wonen op 1234 AB in het dorp", "AB", "1234"),
    ],
)
def test_personal_data_is_masked(text: str, hidden: str, shown: str) -> None:
    masked = mask(text)
    assert hidden not in masked
    assert shown in masked


@pytest.mark.parametrize(
    "text", ["bel ik 112 of 113", "groep 5 en klas 2", "16 uur in 4 weken", "sinds 2018-2019", "3521 en 3522"]
)
def test_ordinary_numbers_stay(text: str) -> None:
    assert mask(text) == text
