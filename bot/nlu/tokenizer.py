"""Tokens by spaCy's Dutch rules, without a downloaded model."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DutchTokenizer(Tokenizer):
    """spaCy's blank Dutch tokenizer as a Rasa component ("m'n", "70-jarige" and "co-ouder" stay whole)."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Creates the tokenizer; takes no settings of its own."""
        super().__init__(config)
        self._nlp = spacy.blank("nl")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See the parent class."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute of the message, with their place in the text."""
        return [Token(token.text, token.idx) for token in self._nlp(message.get(attribute)) if not token.is_space]
