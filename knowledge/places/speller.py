"""Which letters may be a misspelt place, and which are just words."""

from __future__ import annotations

from collections.abc import Container, Sequence

from knowledge.places.cues import PREPOSITIONS
from knowledge.places.fuzzy import Guess, TypoIndex
from knowledge.places.gazetteer import Gazetteer, Sort
from knowledge.places.words import WordList

_NEVER_PREFIXES = ("school", "zieken", "leerling", "onderwijs")
_ADJECTIVE_ENDINGS = ("se", "s", "er", "mer", "ers", "mers", "sche")
_FAR = 1.55  # from here on the misspelling of a Dutch word is likelier
_SOUND_LENGTH = 6


class Speller:
    """Guesses what a misspelling stands for, and knows when not to guess."""

    def __init__(self, gazetteer: Gazetteer, words: WordList, never_guess: Container[str]) -> None:
        self._names = gazetteer.names
        self._words = words
        self._never_guess = never_guess
        self._index = TypoIndex(gazetteer.names.values())

    def may_guess(self, keys: Sequence[str], capital: bool = False) -> bool:
        """Whether these tokens can be a misspelling: not when all of them are words."""
        if " ".join(keys) in self._names:
            return False  # a name, but not meant as a place here
        for key in keys:
            if key in self._never_guess or key.startswith(_NEVER_PREFIXES) or any(char.isdigit() for char in key):
                if len(keys) == 1:
                    return False
            elif key not in self._words and not self._is_adjective(key):
                return capital or len(keys) > 1 or not self._is_misspelt_word(key)
        return False

    def reachable(self, keys: Sequence[str], *, lenient: bool = False) -> list[Guess]:
        """The names these tokens may be a misspelling of; none when a word or the first token speaks against it."""
        guesses = self._index.closest("".join(keys), lenient=lenient)
        if len(keys) > 1 and keys[0] in PREPOSITIONS:
            guesses = [guess for guess in guesses if guess.name.keys[0] == keys[0]]
        if guesses and guesses[0].cost >= _FAR and len(keys) == 1 and self._words.is_near(keys[0]):
            return []
        return guesses

    def sounds_like(self, keys: Sequence[str], guess: Guess) -> bool:
        """Whether what looks like a word ("maarsen") can as the whole reply only be the place it sounds like."""
        sure = guess.name.sort is Sort.PLAIN and guess.cost < 1 and len(guess.name.key) >= _SOUND_LENGTH
        return sure and len(keys) == 1 and keys[0] not in self._never_guess and not self.may_guess(keys)

    def is_never_a_place(self, keys: Sequence[str]) -> bool:
        """Whether all of these are words that are never guessed at."""
        return all(key in self._never_guess for key in keys)

    def _is_adjective(self, key: str) -> bool:
        """Amsterdamse, Utrechts, Rotterdammer: no misspelling of the city."""
        return any(key.endswith(ending) and key[: -len(ending)] in self._names for ending in _ADJECTIVE_ENDINGS)

    def _is_misspelt_word(self, key: str) -> bool:
        """ "haalen", "gaann": a word with a letter doubled."""
        return any(
            key[index] == key[index - 1] and shorter in self._words and shorter not in self._names
            for index in range(1, len(key))
            for shorter in [key[:index] + key[index + 1 :]]
        )
