"""The two evaluation formats (contract), read strictly: a bad row names file, line and field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import answers
from knowledge.errors import BotError

KINDS = ("vraag", "gesprek", "buiten", "nood", "taal", "dubbel")
SCHOOL_TYPES = (None, "po", "vo", "so", "mbo")


class RowError(BotError):
    """A row of an evaluation file that breaks the format."""


@dataclass(frozen=True)
class Message:
    """One labelled message. `accept` holds the topics that are right, best first."""

    id: str
    text: str
    accept: tuple[str, ...]
    kind: str
    gemeente: str | None
    onderwijssoort: str | None
    voice: str


def read(path: Path) -> tuple[list[Message], list[dict[str, Any]]]:
    """The messages and the conversations of a file (either may be empty).

    Raises:
        RowError: the file cannot be read, holds nothing, or a row breaks the format.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RowError(f"cannot read {path}: {error}") from error
    messages: list[Message] = []
    conversations: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path.name} line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise RowError(f"{where}: not valid JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise RowError(f"{where}: not an object")
        if "turns" in row:
            conversations.append(_conversation(row, where))
        else:
            messages.append(_message(row, where))
    if not messages and not conversations:
        raise RowError(f"{path.name} holds no rows")
    return messages, conversations


def _message(row: dict[str, Any], where: str) -> Message:
    for name in ("id", "text", "kind", "voice"):
        if not isinstance(row.get(name), str):
            raise RowError(f"{where}: '{name}' must be text")
    accept = row.get("accept")
    if not isinstance(accept, list) or not accept:
        raise RowError(f"{where}: 'accept' must be a list of topic keys")
    for key in accept:
        if key not in answers.book():
            raise RowError(f"{where}: unknown topic {key!r} in 'accept'")
    if row["kind"] not in KINDS:
        raise RowError(f"{where}: 'kind' is one of {', '.join(KINDS)}")
    if row.get("onderwijssoort") not in SCHOOL_TYPES:
        raise RowError(f"{where}: 'onderwijssoort' is null, po, vo, so or mbo")
    return Message(
        row["id"], row["text"], tuple(accept), row["kind"], row.get("gemeente"), row.get("onderwijssoort"), row["voice"]
    )


def _conversation(row: dict[str, Any], where: str) -> dict[str, Any]:
    turns = row["turns"]
    if not isinstance(row.get("id"), str) or not isinstance(turns, list) or not turns:
        raise RowError(f"{where}: a conversation has 'id' and 'turns'")
    for turn in turns:
        if not isinstance(turn, dict) or not isinstance(turn.get("user"), str):
            raise RowError(f"{where}: every turn has 'user'")
    return row
