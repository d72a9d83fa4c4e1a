"""Comparing names as people type them: no capitals, accents, hyphens or apostrophes."""

from __future__ import annotations

import re
import unicodedata


def words(text: str) -> list[str]:
    """The words of `text` in lower case, without accents and signs: "Prinses Máxima!" gives ["prinses", "maxima"]."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def same(one: str, other: str) -> bool:
    """True when two names differ in spelling signs only: "Sint-Oedenrode" and "sint oedenrode"."""
    return "".join(words(one)) == "".join(words(other))
