"""All exceptions of Wegwijzer: one tree, one module.

    WegwijzerError                 anything a user of the command line should read as one line
    ├── KnowledgeError             something is wrong with what the assistant knows
    │   ├── LocatedError           ... at one spot in one file (path, line, column, reason)
    │   │   ├── TableError         a cell, a row or a header of a register table (CSV)
    │   │   └── AnswerError        an entry of an answer file (YAML)
    │   └── InvalidTables          one or more TableErrors; nothing was imported
    ├── DatabaseError              the database cannot be reached or used
    ├── LookupFailed               a question to the register that has no answer
    │   ├── UnknownPlace           no municipality, place, postcode, region or hospital of that name
    │   └── UnknownMunicipality    not one of the official municipality names (a programming error upstream)
    └── BotError                   the bot side: model, training, channels (its children live with the bot)

`str(error)` is one line for a human, without a traceback; `error.exit_code` is what a command ends with. Texts about
tables, answers and places are Dutch, because editors and parents read them; texts for operators are English.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class WegwijzerError(Exception):
    """Base of every error that a command turns into one clear line on stderr."""

    exit_code = 1


class KnowledgeError(WegwijzerError):
    """Something is wrong with the tables, the answers or the sources."""


class LocatedError(KnowledgeError):
    """A fault at one spot in one file.

    Args:
        reason: what is wrong, in one line of Dutch.
        path: the file; its name is shown, the whole path is kept.
        line: line in the file, counted from 1.
        column: name of the column (tables) or character position from 1 (YAML).
    """

    def __init__(
        self, reason: str, *, path: Path | None = None, line: int | None = None, column: str | int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = [self.path.name] if self.path is not None else []
        if self.line is not None:
            where.append(f"regel {self.line}")
        if self.column is not None:
            where.append(f"kolom {self.column}")
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class TableError(LocatedError):
    """A register table breaks its schema. `column` is the name of the column."""


class AnswerError(LocatedError):
    """An answer file breaks its contract."""


class InvalidTables(KnowledgeError):
    """At least one table breaks its schema; `problems` holds every fault that was found, in file order."""

    def __init__(self, problems: Sequence[TableError]) -> None:
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        first = str(self.problems[0])
        others = len(self.problems) - 1
        return f"{first} (en nog {others} andere)" if others else first


class DatabaseError(WegwijzerError):
    """The database named by WEGWIJZER_DATABASE_URL cannot be reached or used."""

    exit_code = 2


class LookupFailed(WegwijzerError):
    """The register has no answer to this question."""


class UnknownPlace(LookupFailed):
    """What was typed is not a place (or region, or hospital) that the register knows."""


class UnknownMunicipality(LookupFailed):
    """A name that is not one of the official municipality names."""


class BotError(WegwijzerError):
    """Something is wrong on the side of the bot: model, training, channel."""
