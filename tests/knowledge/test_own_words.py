"""No answer shares a run of eight words with a brochure.

The brochures are not ours to publish, so the repository holds only hashes of their eight-word runs
(`brochure_hashes.txt.gz`, sorted: the order of the text is gone). To make the file again from the texts:

    python tests/knowledge/test_own_words.py FOLDER_WITH_TEXTS

Before hashing, a text is repaired, because it came from PDF files: broken ligatures, words broken with a hyphen at
the end of a line, and words that lost that hyphen. Where a repair is a guess, the runs of both readings are kept. A run
is lower case, without accents and punctuation; "ict-set" is one word. Titles of brochures may be quoted: an answer is
cut in two there, so that a run neither lies in a title nor spans one.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

RUN = 8
DIGITS = 10
FILE = Path(__file__).resolve().parent / "brochure_hashes.txt.gz"
TITLES = (
    "Als een leerling tijdelijk niet naar school kan",
    "Maatwerk en passend onderwijs bij complexe zorgvragen",
    "Passende onderwijsondersteuning voor iedere zieke leerling",
    "Begeleidingsvormen bij een chronische ziekte of aandoening",
    "Thuiszitten begint bij verzuim",
    "Digitaal afstandsonderwijs, informatie voor ouders",
)
# What the PDF made of a ligature.
_LIGATURES = (
    (r"(?i)\b(lespakke)[!\"](?=en\b)", r"\1tt"),
    (r"(?<=\w)\"(?=\w)", "tt"),
    (r"(?<=[ej])!(?=ijd|en\b|[.,;]|\s)", "ft"),
    (r"\bA#ankelijk", "Afhankelijk"),
    (r"(?<=a)\)(?=sche\b)", "fi"),
    (r"(?<=o)\$(?=\W)", "ff"),
)


def repair(text: str) -> str:
    """Broken ligatures made whole."""
    for broken, whole in _LIGATURES:
        text = re.sub(broken, whole, text, flags=re.MULTILINE)
    return text


def words(text: str) -> list[str]:
    """Lower-case words without accents and punctuation; a slash separates, a hyphen does not."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    stripped = (re.sub(r"[^a-z0-9]", "", word) for word in re.split(r"[\s/]+", plain))
    return [word for word in stripped if word]


def runs(listed: list[str]) -> Iterator[str]:
    """All runs of `RUN` words."""
    for start in range(len(listed) - RUN + 1):
        yield " ".join(listed[start : start + RUN])


def hashed(run: str) -> str:
    """What the file holds of a run."""
    return hashlib.sha256(run.encode()).hexdigest()[:DIGITS]


def readings(text: str, known: frozenset[str]) -> Iterator[list[str]]:
    """A brochure as lists of words, one for each way to read its line ends and spaces."""
    text = repair(text)
    joined = words(re.sub(r"[-\u00ad]\s*\n\s*", "", text))
    yield joined
    yield words(re.sub(r"-\s*\n\s*", " ", text))
    yield _glued(joined, known)


def _glued(listed: list[str], known: frozenset[str]) -> list[str]:
    """Neighbours that make a known word together ("thuis" "situatie") as one word."""
    found: list[str] = []
    number = 0
    while number < len(listed):
        pair = "".join(listed[number : number + 2])
        glue = len(listed[number]) > 2 and pair in known and pair != listed[number]
        found.append(pair if glue else listed[number])
        number += 2 if glue else 1
    return found


def hashes_of(texts: Iterable[str]) -> set[str]:
    """The hashes of all runs of all texts."""
    texts = list(texts)
    known = frozenset(word for text in texts for word in words(re.sub(r"[-\u00ad]\s*\n\s*", "", repair(text))))
    return {hashed(run) for text in texts for reading in readings(text, known) for run in runs(reading)}


def write(folder: Path) -> int:
    """Make `FILE` from the texts in a folder; the same texts give the same bytes."""
    found = sorted(hashes_of(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))))
    FILE.write_bytes(gzip.compress(("\n".join(found) + "\n").encode(), mtime=0))
    return len(found)


@lru_cache(maxsize=1)
def known_hashes() -> frozenset[str]:
    return frozenset(gzip.decompress(FILE.read_bytes()).decode().split())


def copied(text: str) -> list[str]:
    """The runs of a text that stand in a brochure too."""
    title = "|".join(re.escape(one) for one in TITLES)
    pieces = re.split(rf"['‘\"“]?(?:{title})['’\"”]?", text, flags=re.IGNORECASE)
    return [run for piece in pieces for run in runs(words(piece)) if hashed(run) in known_hashes()]


def _answers() -> list:
    from knowledge import answers

    book = answers.load()
    found = [
        pytest.param(getattr(answer, version), id=f"{answer.key}-{version}")
        for answer in book
        for version in ("text", "plain", "pupil")
        if getattr(answer, version)
    ]
    return found + [pytest.param(text, id=f"teksten-{name}") for name, text in book.texts.items()]


@pytest.mark.parametrize("text", _answers() if __name__ != "__main__" else [])
def test_no_run_of_eight_words_is_copied(text: str) -> None:
    assert not copied(text)


def test_the_hashes_hold_the_brochures() -> None:
    """About seventeen thousand words in five brochures, and ten hexadecimal digits per run."""
    assert len(known_hashes()) > 15_000
    assert all(re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", one) for one in known_hashes())


def test_a_copy_would_be_noticed() -> None:
    """The one run that may stand here, the title of a brochure, is in the file, and is exempt as a title only."""
    title = TITLES[0]
    assert len(words(title)) == RUN
    assert hashed(" ".join(words(title))) in known_hashes()
    assert not copied(f"Lees de brochure '{title}' eens.")
    assert copied(title.replace(" niet ", " níét, ").replace("school", "(school)"))


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("hee! een", "heeft een"), ("hee!. Ga", "heeft. Ga"), ("blij! bestaan", "blijft bestaan"),
        ("beschrij! de", "beschrijft de"), ("hoe! hier", "hoeft hier"), ("lee!ijd", "leeftijd"),
        ("lee!ijdsgenoten", "leeftijdsgenoten"), ("behoe!en", "behoeften"), ("ze\"en", "zetten"),
        ("nu\"ige", "nuttige"), ("lespakke!en", "lespakketten"), ("lespakke\"en", "lespakketten"),
        ("A#ankelijk", "Afhankelijk"), ("Gra)sche", "Grafische"), ("Ja! En", "Ja! En"),
    ],
)  # fmt: skip
def test_broken_ligatures_are_repaired(broken: str, whole: str) -> None:
    assert repair(broken) == whole


def test_words_broken_at_a_line_end_are_read_whole() -> None:
    known = frozenset({"situatie", "thuissituatie"})
    first, _, glued = readings("in de thuis\nsituatie of afstands-\nonderwijs", known)
    assert first == ["in", "de", "thuis", "situatie", "of", "afstandsonderwijs"]
    assert glued == ["in", "de", "thuissituatie", "of", "afstandsonderwijs"]


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]))} hashes -> {FILE.name}")
