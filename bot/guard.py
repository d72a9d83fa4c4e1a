"""What happens to a message before Rasa sees it: one guard for every channel.

Typed text is text (a leading "/" never runs an intent), personal data is masked before anything is stored or logged,
control characters go, and a message that is too long gets a kind request instead of an answer to half of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

MAX_CHARACTERS = 4_000

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_DIGITS = re.compile(r"(?<![\w])(?:\d[ .\-]?){7,8}\d(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_POSTCODE = re.compile(
    r"\b([1-9]\d{3})(?: ?[A-Z]{2}| ?(?!(?:en|of|in|is|de|we|ik|op|te|om|al|er|ze|zo|nu|na|ja|jr|km|en|ml|mg)\b)[a-z]{2})\b"
)
_SLASH = re.compile(r"\s*/\s*\w")


@dataclass(frozen=True)
class Guarded:
    """A message made safe. `verdict` is None for an ordinary message, else the intent that answers it at once."""

    text: str
    verdict: str | None = None


def guard(raw: str) -> Guarded:
    """Clean, mask and judge one typed message.

    Args:
        raw: what came in, any length, any characters.

    Returns:
        the masked text (at most MAX_CHARACTERS) and, when the message must not go to the model, the intent
        `schuine_streep`, `te_lang` or `leeg`.
    """
    text = clean(raw)
    if not text:
        return Guarded("", "leeg")
    if _SLASH.match(text):
        return Guarded(text.lstrip(" /")[:80], "schuine_streep")
    if len(text) > MAX_CHARACTERS:
        return Guarded(mask(text[:MAX_CHARACTERS]), "te_lang")
    return Guarded(mask(text))


def clean(raw: str) -> str:
    """Normalised Unicode without control, private-use or invisible formatting characters, trimmed."""
    text = unicodedata.normalize("NFC", raw)
    kept = (
        char for char in text if char in "\n\t " or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )
    return re.sub(r"[ \t]{3,}", "  ", "".join(kept)).strip()


def mask(text: str) -> str:
    """Replace e-mail addresses, bank accounts, citizen numbers and phone numbers; keep four digits of a postcode.

    >>> mask("bel 06 12345678 of mail mij@voorbeeld.nl, wij wonen op 1234 AB")
    'bel [telefoonnummer] of mail [e-mailadres], wij wonen op 1234'
    """
    text = _EMAIL.sub("[e-mailadres]", text)
    text = _IBAN.sub(lambda match: _mask_account(match.group()), text)
    text = _mask_phone_numbers(text)
    text = _DIGITS.sub(lambda match: "[burgerservicenummer]" if bsn.is_valid(match.group()) else match.group(), text)
    return _POSTCODE.sub(r"\1", text)


def _mask_account(found: str) -> str:
    """The words after an account number look like more of it, so the longest valid beginning counts."""
    for end in range(len(found), 14, -1):
        if iban.is_valid(found[:end]):
            return "[rekeningnummer]" + found[len(found[:end].rstrip()) :]
    return found


def _mask_phone_numbers(text: str) -> str:
    result, end = [], 0
    for match in phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.POSSIBLE):
        # Every number a person can be called on starts with 0 or +; other digits are left to the citizen number check.
        if not match.raw_string.lstrip("(").startswith(("0", "+")) or len(re.sub(r"\D", "", match.raw_string)) < 9:
            continue
        result += [text[end : match.start], "[telefoonnummer]"]
        end = match.end
    return "".join([*result, text[end:]])
