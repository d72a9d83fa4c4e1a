"""What is said once before an answer: recognition of a heavy message, or that the answer was written for parents."""

from __future__ import annotations

from collections.abc import Collection

PREFACE = "preface"  # the key in a reply's metadata that tells which sentence it started with
PUPIL, SCHOOL = "leerling", "school"
HEAVY, SIGH = "heavy", "sigh"
SIGHED = ("zucht", "zucht_leerling")
_RECOGNITION = ("erkenning", "erkenning_leerling", *SIGHED)


def preface(tone: str | None, speaker: str | None, said: Collection[str]) -> str | None:
    """The text of `teksten.yml` to start an answer with, or None. Each at most once in a conversation.

    Args:
        tone: how the message sounds (HEAVY, SIGH or None).
        speaker: who writes ("leerling", "school"; anybody else is taken for a parent).
        said: the prefaces of this conversation so far.
    """
    if speaker == SCHOOL:
        return None if "voor_school" in said else "voor_school"
    if tone is None or any(key in said for key in _RECOGNITION):
        return None
    key = "zucht" if tone == SIGH else "erkenning"
    return f"{key}_leerling" if speaker == PUPIL else key
