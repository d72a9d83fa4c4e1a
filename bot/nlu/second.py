"""Two questions in one message: which topic is asked first, and which one to offer after it."""

from __future__ import annotations

import re

from bot.nlu.text import QUESTION, QUESTION_WORDS, word_count
from bot.nlu.text_model import TextModel
from knowledge.answers import AnswerBook

FOLLOW_UP = "vervolg_"
_BREAK = re.compile(
    r"(?<=[.?!…;])\s+|\n+|,?\s+(?:en|maar|of|plus|daarnaast|verder|ook)\s+"
    rf"(?=(?:ook\s+|dan\s+|nog\s+)?{QUESTION_WORDS})",
    re.IGNORECASE,
)
_FROM = 0.85


def two_questions(text: str, model: TextModel, book: AnswerBook) -> tuple[str, float, str] | None:
    """The first topic, how sure it is, and the second topic; None when the message asks one thing.

    Careful on purpose: a long story has sentences about many things, so each part must be sure by itself, the second must
    read like a question, and the whole message must agree with one of them. "en wie betaalt dat dan" is read as a follow-up
    to the first part.
    """
    parts = [part for part in _BREAK.split(text) if word_count(part) >= 2]
    if len(parts) < 2:
        return None
    rows = model.probabilities([text, *parts])
    whole = model.classes[rows[0].argmax()]
    found: dict[str, tuple[float, bool]] = {}
    before = None
    for part, row in zip(parts, rows[1:], strict=True):
        key, score = model.classes[row.argmax()], float(row.max())
        if key.startswith(FOLLOW_UP) and before:
            key = book[before].follow_ups.get(key[len(FOLLOW_UP) :], key)
        if score < _FROM or key not in book or book[key].theme == "gesprek":
            continue
        before = key
        found.setdefault(key, (score, QUESTION.search(part) is not None))
    if len(found) < 2 or (whole not in found and not whole.startswith(FOLLOW_UP)):
        return None
    leading = whole if whole in found else next(iter(found))
    others = [key for key, (_, asks) in found.items() if key != leading and asks]
    if not others:
        return None
    other = max(others, key=lambda key: found[key][0])
    first, second = sorted((leading, other), key=list(found).index)
    return first, found[first][0], second
