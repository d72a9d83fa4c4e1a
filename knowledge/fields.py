"""What one cell of a register table may hold: one small class per kind.

A field turns the text of a cell into the value that is stored (`parse`) and back (`dump`). `parse` raises `CellError`
with a reason in Dutch that an editor can act on; the table reader adds file, line and column. Nothing here knows
about files or about other rows, except that a `Reference` names the column its value must occur in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Float, Integer, String

CERTAINTIES = ("hoog", "middel", "laag")

# An address is functional when one of these words is in the part before the @. Everything else may be a person, and
# a person's address must never end up in a reply: add a word here only when it names a desk, not somebody.
MAILBOX_WORDS = frozenset(
    "aanmelden aanmelding administratie bureau consulenten contact helpdesk info informatie jeugdsteunpunt klachten "
    "loket mail ojs onderwijs oudersteunpunt ouders ozl post postbus rap school secretariaat steunpunt team vraag "
    "vragen ziekenonderwijs ziezon".split()
)
# In use, but not yet in the data of `phonenumbers`: 113 can be dialled as such since October 2025.
_NEW_SHORT_NUMBERS = frozenset({"113"})
_EMAIL = re.compile(r"(?P<mailbox>[A-Za-z0-9][A-Za-z0-9._+-]*)@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_WEBSITE = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,}([/?#]\S*)?", re.IGNORECASE)
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SOURCE_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CellError(ValueError):
    """A cell does not hold what its field asks for; the text is the reason."""


class Field:
    """Text, one line. Base of the other kinds.

    Args:
        required: an empty cell is an error when True, and None when False.
    """

    sql_type: Any = String

    def __init__(self, *, required: bool = False) -> None:
        self.required = required

    def parse(self, cell: str) -> Any:
        """The value to store for `cell`; None for an empty optional cell."""
        if cell == "":
            if self.required:
                raise CellError("mag niet leeg zijn")
            return None
        if cell != cell.strip() or "\n" in cell:
            raise CellError("begint of eindigt met een spatie, of bevat een regeleinde")
        return self.value(cell)

    def value(self, cell: str) -> Any:
        """The value of a cell that is not empty."""
        return cell

    def dump(self, value: Any) -> str:
        """The text of the cell for a stored value; `dump(parse(cell)) == cell`."""
        return "" if value is None else str(value)


class Pattern(Field):
    """Text of a fixed shape, such as a municipality code."""

    def __init__(self, pattern: str, description: str, *, required: bool = False) -> None:
        super().__init__(required=required)
        self._pattern = re.compile(pattern)
        self._description = description

    def value(self, cell: str) -> str:
        if not self._pattern.fullmatch(cell):
            raise CellError(f"'{cell}' is geen {self._description}")
        return cell


class Choice(Field):
    """One of a few words."""

    def __init__(self, options: Sequence[str], *, required: bool = True, what: str = "keuze") -> None:
        super().__init__(required=required)
        self.options = tuple(options)
        self._what = what

    def value(self, cell: str) -> str:
        if cell not in self.options:
            raise CellError(f"onbekende {self._what} '{cell}' (kan zijn: {', '.join(self.options)})")
        return cell


class Reference(Field):
    """A value that must occur in a column of another table, for example `Reference("swv_namen.swv_code", ...)`.

    Whether it does is checked after all tables have been read.
    """

    def __init__(self, target: str, what: str, *, required: bool = True) -> None:
        super().__init__(required=required)
        self.table, self.column = target.split(".")
        self.what = what


class Source(Field):
    """Where a fact stands: a web address, or a key of `bronnen.csv` (checked after all tables have been read)."""

    table, column, what = "bronnen", "sleutel", "bron"

    def parse(self, cell: str) -> str | None:
        if cell == "" and self.required:
            raise CellError("bron ontbreekt")
        return super().parse(cell)

    def value(self, cell: str) -> str:
        if is_web_source(cell):
            if not _WEBSITE.fullmatch(cell):
                raise CellError(f"'{cell}' is geen webadres")
        elif not _SOURCE_KEY.fullmatch(cell):
            raise CellError(f"'{cell}' is geen webadres en geen sleutel uit bronnen.csv")
        return cell


class Day(Field):
    """A whole date, YYYY-MM-DD."""

    sql_type = Date

    def value(self, cell: str) -> dt.date:
        try:
            if len(cell) != 10:
                raise ValueError
            return dt.date.fromisoformat(cell)
        except ValueError:
            raise CellError(f"'{cell}' is geen datum (jjjj-mm-dd)") from None

    def dump(self, value: dt.date | None) -> str:
        return "" if value is None else value.isoformat()


class PartialDay(Field):
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD. Empty means unknown; nothing is made up."""

    def value(self, cell: str) -> str:
        match = _PARTIAL_DATE.fullmatch(cell)
        try:
            if not match:
                raise ValueError
            dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            raise CellError(f"'{cell}' is geen datum (jjjj, jjjj-mm of jjjj-mm-dd)") from None
        return cell


class Share(Field):
    """A fraction above 0 and up to 1, at most four decimals."""

    sql_type = Float

    def value(self, cell: str) -> float:
        try:
            number = float(cell)
        except ValueError:
            number = -1.0
        if not 0 < number <= 1 or self.dump(number) != cell:
            raise CellError(f"'{cell}' is geen aandeel tussen 0 en 1 met hooguit vier decimalen")
        return number

    def dump(self, value: float | None) -> str:
        return "" if value is None else f"{round(value, 4):g}"


class Degrees(Field):
    """A latitude or longitude in decimal degrees between `lowest` and `highest`, at most four decimals (about ten metres)."""

    sql_type = Float

    def __init__(self, lowest: float, highest: float) -> None:
        super().__init__(required=True)
        self._lowest, self._highest = lowest, highest

    def value(self, cell: str) -> float:
        try:
            number = float(cell)
        except ValueError:
            number = float("nan")
        if not self._lowest <= number <= self._highest or self.dump(number) != cell:
            raise CellError(f"'{cell}' is geen getal tussen {self._lowest} en {self._highest} met hooguit vier decimalen")
        return number

    def dump(self, value: float | None) -> str:
        return "" if value is None else f"{round(value, 4):g}"


class Count(Field):
    """A whole number of at least 0."""

    sql_type = Integer

    def value(self, cell: str) -> int:
        if not cell.isdecimal() or str(int(cell)) != cell:
            raise CellError(f"'{cell}' is geen heel getal")
        return int(cell)


class Phone(Field):
    """A Dutch telephone number, kept as its source writes it; short numbers such as 112 count too."""

    def value(self, cell: str) -> str:
        if not re.fullmatch(r"[0-9 ()–-]+", cell) or not _is_dutch_number(re.sub(r"\D", "", cell)):
            raise CellError(f"'{cell}' is geen Nederlands telefoonnummer")
        return cell


class Email(Field):
    """An e-mail address of a desk, never of a person."""

    def value(self, cell: str) -> str:
        match = _EMAIL.fullmatch(cell)
        if not match or ".." in cell:
            raise CellError(f"'{cell}' is geen e-mailadres")
        if not MAILBOX_WORDS.intersection(re.split(r"[._+-]", match["mailbox"].lower())):
            raise CellError(
                f"'{cell}' lijkt het adres van een persoon; alleen adressen van een loket of steunpunt mogen"
            )
        return cell


class Website(Field):
    """A web address, with or without https://, as its source writes it."""

    def value(self, cell: str) -> str:
        if not _WEBSITE.fullmatch(cell):
            raise CellError(f"'{cell}' is geen webadres")
        return cell


def is_web_source(source: str) -> bool:
    """True when a source is a web address, False when it is a key of `bronnen.csv`."""
    return source.startswith(("http://", "https://"))


def _is_dutch_number(digits: str) -> bool:
    import phonenumbers  # only an import of the tables needs it, a lookup does not
    from phonenumbers import shortnumberinfo

    if digits in _NEW_SHORT_NUMBERS:
        return True
    try:
        number = phonenumbers.parse(digits, "NL")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, "NL") or shortnumberinfo.is_valid_short_number_for_region(
        number, "NL"
    )
