"""Dutch words: what may never be read as a misspelt place.

The big list (some 400,000 forms) comes from the lemma tables of `spacy-lookups-data` (MIT licence), read the first time
it is needed and kept as sorted 64-bit hashes: 3 MB instead of 40. The small lists are ours, in `data/`.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from array import array
from bisect import bisect_left
from pathlib import Path
from string import ascii_lowercase

from knowledge.errors import KnowledgeError
from knowledge.places.text import fold

DATA = Path(__file__).resolve().parent / "data"
_TABLES = ("nl_lemma_lookup", "nl_lemma_index", "nl_lemma_exc")


def dutch_words() -> set[str]:
    """Every form in the Dutch lemma tables, lower case, as spelt there."""
    spec = importlib.util.find_spec("spacy_lookups_data")
    if spec is None or not spec.submodule_search_locations:
        raise KnowledgeError(
            "het pakket spacy-lookups-data ontbreekt; zonder die woordenlijst raden we geen plaatsnamen"
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "data"
    words: set[str] = set()
    for table in _TABLES:
        content = json.loads(gzip.decompress((folder / f"{table}.json.gz").read_bytes()))
        for key, value in content.items():
            if isinstance(value, str):
                words.add(key)
                words.add(value)
            else:  # a part of speech with its words: a list, or a table of irregular forms
                words.update(value)
    return words


class WordList:
    """The Dutch word list; reads its tables at the first question."""

    def __init__(self) -> None:
        self._hashes: array[int] | None = None

    def load(self) -> None:
        """Read the tables now instead of at the first question."""
        if self._hashes is None:
            words = dutch_words()
            words.update([fold(word) for word in words if not word.isascii()])
            self._hashes = array("q", sorted(map(hash, words)))

    def __contains__(self, word: str) -> bool:
        self.load()
        assert self._hashes is not None
        wanted = hash(word)
        index = bisect_left(self._hashes, wanted)
        return index < len(self._hashes) and self._hashes[index] == wanted

    def is_near(self, word: str) -> bool:
        """Whether one edit makes a Dutch word of it."""
        cuts = [(word[:index], word[index:]) for index in range(len(word) + 1)]
        return (
            any(left + right[1:] in self for left, right in cuts if right)
            or any(left + right[1] + right[0] + right[2:] in self for left, right in cuts if len(right) > 1)
            or any(left + letter + right[1:] in self for left, right in cuts if right for letter in ascii_lowercase)
            or any(left + letter + right in self for left, right in cuts for letter in ascii_lowercase)
        )


def read_word_file(name: str) -> frozenset[str]:
    """A list of words from `data/`: blank separated, with `#` comments and `[headings]`."""
    words: set[str] = set()
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "[")):
            words.update(fold(word) for word in line.split())
    return frozenset(words)
