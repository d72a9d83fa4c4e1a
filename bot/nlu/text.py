"""Plain text preparation shared by the components. No Rasa here."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SENTENCE_END = re.compile(r"(?<=[.?!…])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_REPEATED = re.compile(r"(\w)\1{2,}")
_NUMBER = re.compile(r"\b(?!11[23]\b)\d+|\d+(?=[^\W\d])")
_LONG_MESSAGE_WORDS = 18
_WINDOW, _STEP = 14, 7

# Spellings of the same word that phone typing and dictation produce all the time. Only whole words.
_SPELLINGS = {
    "me": "mijn", "mn": "mijn", "m'n": "mijn", "zn": "zijn", "z'n": "zijn", "dr": "haar", "d'r": "haar",
    "nie": "niet", "nt": "niet", "ff": "even", "effe": "even", "effen": "even", "ivm": "in verband met",
    "ipv": "in plaats van", "iig": "in ieder geval", "wrm": "waarom", "idk": "weet niet", "ofzo": "of zo",
    "moette": "moeten", "moete": "moeten", "kunne": "kunnen", "kenne": "kunnen",
    "hebbe": "hebben", "skool": "school",
    "schol": "school", "shool": "school", "leptop": "laptop", "sws": "sowieso", "vd": "van de",
    "vh": "van het", "vnl": "vooral", "evt": "eventueel", "tov": "ten opzichte van", "ovv": "op verzoek van",
    "aub": "alstublieft", "svp": "alstublieft", "pls": "alstublieft", "gr": "groet", "oke": "oké", "ok": "oké",
    "egt": "echt", "as": "als", "maa": "maar", "da": "dat", "wa": "wat", "is't": "is het",
    "tis": "het is", "'t": "het", "t": "het", "k": "ik", "'k": "ik", "ie": "hij", "zo'n": "zo een", "wn": "een",
    "n": "een", "'n": "een", "ne": "een", "un": "een", "gij": "jij", "ge": "je", "oe": "uw", 
}  # fmt: skip

QUESTION_WORDS = (
    r"(?:wie|wat|waar|hoe|wanneer|welke?|mag|moet|moeten|kan|kunnen|krijg\w*|is|zijn|heb\w*|heeft|wil|bestaat|bij)\b"
)
QUESTION = re.compile(rf"\?|^\W*(?:en |maar |ook |dan )*{QUESTION_WORDS}", re.IGNORECASE)
_ONE_MORE = r"(?:en |maar )?(?:dan )?(?:ik heb )?nog (?:iets|wat|een vraag\w*|1 vraag)[:,.]?\s+"
_THANKS = re.compile(
    r"^\s*(?:(?:oke?|oké|top|fijn|super|ah|duidelijk|hartelijk|heel erg)[\s,.!]+)*"
    r"(?:be?dankt|dank\s?(?:je|u)?(?:\s?wel)?|merci|thanks)"
    rf"(?:\s*[!.,:;]+\s*(?:{_ONE_MORE}|(?:en|maar) )?|\s+{_ONE_MORE})",
    re.IGNORECASE,
)

_SIGNATURE = re.compile(
    r"\n\s*(?:met (?:vriendelijke|hartelijke|beste)|(?:vriendelijke|hartelijke) groet|hoogachtend|mvg\b|groet\w*,?\s*\n"
    r"|verzonden |sent from).*\Z",
    re.IGNORECASE | re.DOTALL,
)

# The pictures that are an answer by themselves.
_PICTURES = {"👍": " duimomhoog ", "👌": " duimomhoog ", "✅": " duimomhoog ", "👎": " duimomlaag ", "🙏": " dankhanden "}
_PICTURE = re.compile("|".join(_PICTURES))


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Lower case, no accents, no runs of letters ("heeeel"), digits as 0, common spellings made one.

    >>> normalise("Moete we m'n leptop béétalen??")
    'moeten we mijn laptop beetalen'
    """
    text = unicodedata.normalize("NFKD", _spelled_out(text).casefold().replace("’", "'").replace("`", "'"))
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _REPEATED.sub(r"\1\1", text)
    words = (_SPELLINGS.get(word, word) for word in _WORD.findall(text))
    return _NUMBER.sub(lambda match: "0" * len(match.group()), " ".join(words))


def after_thanks(text: str) -> str:
    """The message without thanks in front of a question ("bedankt! nog iets: ..."); the message itself when there is none.

    >>> after_thanks("bedankt! nog iets: kan hij ook blijven zitten")
    'kan hij ook blijven zitten'
    """
    rest = _THANKS.sub("", text, count=1)
    return rest if rest != text and word_count(rest) >= 4 and QUESTION.search(rest) else text


def without_signature(text: str) -> str:
    """A pasted e-mail without what stands under it; the text itself when nothing would be left."""
    body = _SIGNATURE.sub("", text)
    return body if word_count(body) >= 3 else text


def word_count(text: str) -> int:
    """How many words a message holds (a thumb up or down counts as one); 0 for other emoji or punctuation only."""
    return len(_WORD.findall(_spelled_out(text)))


def _spelled_out(text: str) -> str:
    return _PICTURE.sub(lambda match: _PICTURES[match.group()], text)


def pieces(text: str) -> list[str]:
    """The parts of a long message that are scored on their own, because the question often sits in one of them.

    Sentences where the parent used punctuation; otherwise (dictation, phone typing) overlapping windows of words.
    A short message is one piece.
    """
    if word_count(text) <= _LONG_MESSAGE_WORDS:
        return [text]
    parts: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if len(words) <= _LONG_MESSAGE_WORDS:
            if len(words) >= 3:
                parts.append(sentence)
            continue
        for start in range(0, len(words) - _STEP, _STEP):
            parts.append(" ".join(words[start : start + _WINDOW]))
    return parts or [text]
