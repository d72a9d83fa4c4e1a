"""Text as the recogniser compares it: tokens without case, accents, hyphens and apostrophes."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_HARD = re.compile(r"[!?\n;…]|\.(?=\s|$)")
_SOFT = re.compile(r"[,:()\[\]\"“”„/]|\s[-–—]\s")

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset("a aan b bv d dr fam gem ivm mevr mr mw nl prof prov sint st tel v vd".split())

# A message in which nearly every word has a capital tells nothing by its capitals.
_SHOUTING_SHARE = 0.8


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def canonical(keys: list[str]) -> list[str]:
    """Make spellings of the small words in place names equal: a/d, ad, aan den, 't, St."""
    result = list(keys)
    for index, key in enumerate(keys):
        if key == "t":
            result[index] = "het"
        elif key == "st":
            result[index] = "sint"
        elif key == "den" and index and keys[index - 1] == "aan":
            result[index] = "de"
        elif key == "d" and index and keys[index - 1] == "a":
            result[index - 1], result[index] = "aan", "de"
        elif key == "ad" and index:
            result[index] = "aande"
    return result


def name_keys(name: str) -> tuple[str, ...]:
    """The tokens of a place name, ready to compare."""
    return tuple(canonical([fold(word) for word in _WORD.findall(name)]))


class Message:
    """A message cut into tokens, with what stands between them.

    `gaps[i]` is the text before token i and `gaps[len]` the tail. `capital[i]` says that the token starts with a
    capital that means something: not at the start of a sentence, and not in a message written in capitals.
    """

    __slots__ = ("raw", "keys", "starts", "ends", "gaps", "capital", "upper", "sentence_start", "_hard", "_soft")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        words, self.starts, self.ends = [], [], []
        for found in _WORD.finditer(raw):
            words.append(found.group())
            self.starts.append(found.start())
            self.ends.append(found.end())
        self.keys = canonical([fold(word) for word in words])
        edges = [0, *self.ends]
        self.gaps = [raw[edge:start] for edge, start in zip(edges, [*self.starts, len(raw)], strict=True)]
        self._hard = [self._ends_sentence(index, gap) for index, gap in enumerate(self.gaps)]
        self._soft = [bool(gap) and gap != " " and _SOFT.search(gap) is not None for gap in self.gaps]
        self.sentence_start = [index == 0 or hard for index, hard in enumerate(self._hard[:-1])]
        self.upper = [word[0].isupper() for word in words]
        self.capital = self._telling_capitals(words)

    def _ends_sentence(self, index: int, gap: str) -> bool:
        if not gap or gap == " " or not _HARD.search(gap):
            return False
        abbreviation = index and gap.strip() == "." and self.keys[index - 1] in _ABBREVIATIONS
        return not abbreviation

    def __len__(self) -> int:
        return len(self.keys)

    def _telling_capitals(self, words: list[str]) -> list[bool]:
        letters = [word for word in words if word[0].isalpha()]
        if len(letters) >= 3:
            all_caps = sum(len(word) > 1 and word.isupper() for word in letters)
            if all_caps > _SHOUTING_SHARE * len(letters):
                return [False] * len(words)
        if len(letters) >= 4 and sum(self.upper) > _SHOUTING_SHARE * len(letters):
            return [False] * len(words)
        return [up and not start for up, start in zip(self.upper, self.sentence_start, strict=True)]

    def hard_break(self, index: int) -> bool:
        """Whether a sentence ends right before token `index` (or at the end of the message)."""
        return index >= len(self.keys) or self._hard[index]

    def clause_break(self, index: int) -> bool:
        """Whether a clause ends right before token `index`: any punctuation, or the end of the message."""
        return index >= len(self.keys) or self._hard[index] or self._soft[index]

    def glued(self, index: int) -> bool:
        """Whether nothing but a hyphen, apostrophe or the like stands between tokens `index - 1` and `index`."""
        return not any(char.isspace() for char in self.gaps[index])

    def slice(self, first: int, last: int) -> str:
        """The original text of tokens first..last-1."""
        return self.raw[self.starts[first] : self.ends[last - 1]]
