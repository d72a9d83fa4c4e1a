"""Which language a text is in: Dutch, unless it surely is not. No Rasa here.

Three judges are heard: the words of the Dutch training sentences (a message full of them is Dutch), common words of other
languages (spaCy's stop words and `language_words.yml`), and lingua, a language detector that needs no download. A Dutch
parent who is answered in Polish is worse off than a Polish one who gets the English text, so doubt counts as Dutch.
"""

from __future__ import annotations

import re
import runpy
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import spacy
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from lingua import LanguageDetector as Lingua

UNNAMED = "und"

_LISTS = Path(__file__).with_name("language_words.yml")
_STOP_WORDS = ("en", "tr", "pl", "uk", "ru", "de", "fr", "es", "ar")
_WORD = re.compile(r"[^\W\d_]+")
_MASK = re.compile(r"\[[a-z-]+\]")  # what bot/guard.py puts in the place of a phone number, an address ...
# Arabic in Latin letters, with digits for sounds: "3andi", "ye2dar yrou7".
_PHONE_ARABIC = re.compile(
    r"[a-z][379][a-z]{2}|\b(?:3(?:and|arab|nd|l[ae]?\b|al\b|am\b)|7(?:ada|al\b))|"
    r"\b[379](?!havo|vwo|mavo|vmbo|jarig|jaar|maand|weken)[a-z]{0,2}[bcdfghjklmnpqrstvwxyz][a-z379]{2,}"
)
# Letters that only one of the languages has, and how verbs end in the two that share nearly all letters.
_LETTERS = {"tr": "ğşı", "pl": "łąęśżź", "es": "ñ¿¡", "de": "ß", "uk": "іїєґ", "ru": "ыэъё"}
_ENDINGS = {"uk": re.compile(r"\w{3}ти\Z"), "ru": re.compile(r"\w{3}[еи]т\Z")}
# Three words in a row of these are never a Dutch diagnosis, job or app, as "chronic fatigue syndrome" is.
_NEVER_BORROWED = frozenset({"tr", "pl"})


@dataclass(frozen=True)
class Verdict:
    """language: the ISO code when the message surely is in another language (`und`: which one is not known).

    dutch: the message is taken for Dutch. Neither is set for a message that does not tell.
    """

    language: str | None = None
    dutch: bool = False


@dataclass(frozen=True)
class _Lists:
    dutch: frozenset[str]
    neutral: frozenset[str]
    words: Mapping[str, frozenset[str]]
    stop_words: Mapping[str, frozenset[str]]
    weak: frozenset[str]
    phrases: Mapping[str, str]
    names: Mapping[str, str]
    around_name: frozenset[str]


@dataclass(frozen=True)
class _Latin:
    """A message in Latin letters: its words, those that tell something, and how many are common in each language."""

    text: str
    words: list[str]
    telling: list[str]
    hits: Mapping[str, int]


class LanguageJudge:
    """Judges messages against a Dutch vocabulary.

    Args:
        vocabulary: the words of Dutch sentences, as `words_of` gives them.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._lists = _lists()
        self._dutch = frozenset(vocabulary) | self._lists.dutch
        self._common = {
            code: self._lists.words.get(code, frozenset())
            | (self._lists.stop_words.get(code, frozenset()) - self._dutch)
            for code in {*self._lists.words, *self._lists.stop_words}
        }

    def judge(self, text: str, *, hinted: bool = False) -> Verdict:
        """The verdict on one message.

        Args:
            text: what was typed.
            hinted: the topic classifier takes it for another language; a little less evidence is then enough.
        """
        text = _MASK.sub(" ", text)
        words = words_of(text)
        if not words:
            return Verdict()
        code = self._of_script(text, words) or self._lists.phrases.get(" ".join(words)) or self._asked_for(words)
        if code is None and self._is_papiamentu(words):
            code = "pap"
        return Verdict(code) if code else self._of_words(text, words, hinted)

    def names_a_language(self, text: str) -> bool:
        """Whether a Dutch message names another language ("ik spreek alleen Turks")."""
        return any(word in self._lists.names for word in words_of(text))

    def _of_words(self, text: str, words: list[str], hinted: bool) -> Verdict:
        telling = [word for word in words if word not in self._lists.neutral and (len(word) > 1 or word == "i")]
        if not telling:
            return Verdict()
        message = _Latin(text, words, telling, self._hits(text, telling))
        (leader, most), (_, second) = sorted(message.hits.items(), key=lambda item: -item[1])[:2]
        if most == 0 and self._dutch_share(telling) >= 0.6:
            return Verdict(dutch=len(telling) > 1)
        if sum(word in self._lists.dutch for word in telling) >= 2:
            return Verdict(dutch=True)
        enough = len(telling) * (0.25 if leader == "ar" else 0.5)  # lingua knows no Arabic in Latin letters
        if most >= 2 and most > second and most >= enough and self._dutch_share(telling, leader) <= 0.34:
            return Verdict(leader)
        if len(words) == 1:
            return Verdict()
        verdict = self._of_lingua(message, hinted)
        if verdict.language or verdict.dutch:
            return verdict
        share = self._dutch_share(telling)
        return Verdict(dutch=len(words) == 2 or share >= 0.5 and share * len(telling) > most)

    def _hits(self, text: str, telling: list[str]) -> dict[str, int]:
        hits = {code: sum(word in common for word in telling) for code, common in self._common.items()}
        hits["ar"] += len(_PHONE_ARABIC.findall(text.casefold()))
        if not text.istitle():  # a name proves nothing
            spelt = [set(word) for word in text.casefold().split()]
            for code, letters in _LETTERS.items():
                hits[code] += sum(not word.isdisjoint(letters) for word in spelt)
        return hits

    def _of_lingua(self, message: _Latin, hinted: bool) -> Verdict:
        """What lingua says, when the words of the message bear it out."""
        best = _lingua().compute_language_confidence_values(message.text)[0]
        code, sureness, length = best.language.iso_code_639_1.name.lower(), best.value, len(message.words)
        if code == "nl":
            return Verdict(dutch=sureness >= 0.9)
        dutch = self._dutch_share(message.telling, code)
        evidence = message.hits.get(code, 0)
        if length == 2:
            sure = evidence >= 1 and sureness >= 0.97 and dutch == 0
        elif evidence >= 2 or (evidence == 1 and hinted):
            sure = sureness >= 0.6 and dutch <= 0.5
        elif evidence == 1:
            sure = sureness >= 0.7 and dutch <= 0.34
        else:
            few = 3 if code in _NEVER_BORROWED and not message.text.istitle() else 5
            sure = length >= few and sureness >= 0.97 and dutch <= (0.2 if length < 8 else 0.34)
        return Verdict(code if sure else None)

    def _dutch_share(self, telling: list[str], code: str = "nl") -> float:
        """How many of the words are Dutch and not common in language `code` ("pas", "die" and "je" prove little)."""
        common = self._common.get(code, frozenset()) | self._lists.stop_words.get(code, frozenset())
        return sum(word in self._dutch and word not in common for word in telling) / len(telling)

    def _of_script(self, text: str, words: list[str]) -> str | None:
        """The language of a message that is for the greater part not in Latin letters; None for one that is."""
        letters = [
            char for char in unicodedata.normalize("NFKC", text.casefold()) if char.isalpha() and char > "\u024f"
        ]
        if len(letters) < 2 or len(letters) * 2 < sum(char.isalpha() for char in text):
            return None
        script = unicodedata.name(letters[0], "").split(" ")[0]
        if script == "CYRILLIC":
            signs = {code: self._signs(code, letters, words) for code in ("uk", "ru")}
            if signs["uk"] != signs["ru"]:
                return max(signs, key=signs.__getitem__)
        if script in ("CYRILLIC", "ARABIC"):
            best = _lingua().compute_language_confidence_values(text)[0]
            return best.language.iso_code_639_1.name.lower()
        return None if script == "LATIN" else UNNAMED

    def _signs(self, code: str, letters: list[str], words: list[str]) -> int:
        own = sum(char in _LETTERS[code] for char in letters)
        return own + sum(word in self._common[code] or _ENDINGS[code].search(word) is not None for word in words)

    def _asked_for(self, words: list[str]) -> str | None:
        """The language that a Dutch message asks for ("spreekt u Turks?"), when it says nothing else."""
        named = [self._lists.names[word] for word in words if word in self._lists.names]
        others = [word for word in words if word not in self._lists.names]
        if len(named) != 1 or not others or not all(word in self._lists.around_name for word in others):
            return None
        return named[0]

    def _is_papiamentu(self, words: list[str]) -> bool:
        """Lingua does not know Papiamentu: at least two words of its list, or one among its small words."""
        strong = sum(word in self._common["pap"] for word in words)
        weak = sum(word in self._lists.weak for word in words)
        return len(words) > 1 and strong > 0 and (strong + weak) / len(words) >= (0.5 if strong > 1 else 0.6)


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case without accents; an apostrophe parts them.

    >>> words_of("L'école ne veut pas")
    ['l', 'ecole', 'ne', 'veut', 'pas']
    """
    text = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i").replace("ł", "l"))
    return _WORD.findall("".join(char for char in text if not unicodedata.combining(char)))


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = YAML(typ="safe").load(_LISTS.read_text(encoding="utf-8"))
    languages = data["languages"]
    neutral = frozenset(data["neutral"].split())
    return _Lists(
        dutch=frozenset(words_of(data["dutch"]["words"])),
        neutral=neutral,
        words={code: frozenset(words_of(item["words"])) for code, item in languages.items()},
        stop_words={code: _stop_words(code) - neutral for code in _STOP_WORDS},
        weak=frozenset(words_of(languages["pap"]["weak"])),
        phrases={
            " ".join(words_of(phrase)): code for code, item in languages.items() for phrase in item.get("phrases", ())
        },
        names={name: code for code, names in data["asked"]["names"].items() for name in names.split()},
        around_name=frozenset(data["asked"]["around"].split()),
    )


def _stop_words(code: str) -> frozenset[str]:
    """spaCy's stop words, read from their file: importing `spacy.lang.fr` takes two seconds and 25 MB."""
    path = Path(spacy.__file__).parent / "lang" / code / "stop_words.py"
    entries = runpy.run_path(str(path))["STOP_WORDS"]
    return frozenset(word for entry in entries for word in words_of(entry) if len(word) > 1)


@lru_cache(maxsize=1)
def _lingua() -> Lingua:
    """Lingua with the languages we answer and some that would be taken for one of them; built once per process.

    Low accuracy mode takes 30 MB and 0.1 s, the other one more than 400 MB and 2 s, for messages that the words decide
    anyway.
    """
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(
        Language.DUTCH, Language.ENGLISH, Language.TURKISH, Language.POLISH, Language.GERMAN, Language.FRENCH,
        Language.SPANISH, Language.ARABIC, Language.UKRAINIAN, Language.RUSSIAN,
        Language.PORTUGUESE, Language.ITALIAN, Language.ROMANIAN, Language.SOMALI, Language.ALBANIAN,
        Language.HUNGARIAN, Language.CROATIAN, Language.INDONESIAN, Language.PERSIAN, Language.URDU, Language.BULGARIAN,
    ).with_low_accuracy_mode().build()  # fmt: skip
