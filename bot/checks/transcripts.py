"""Whole conversations through the real agent, in the design's format (JSON lines).

Row: {"id", "turns": [{"user", "expect_topic": [...] | null, "expect_text_any": [regex], "expect_text_none": [regex]}]},
with, in transcripts, also "press" (a button's payload instead of "user"), "expect_kind" and "expect_slots".
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.conversation import Conversations, Turn
from knowledge.errors import BotError

_TURN_KEYS = frozenset(
    {"user", "press", "expect_topic", "expect_kind", "expect_slots", "expect_text_any", "expect_text_none"}
)


class TranscriptError(BotError):
    """A transcript file that cannot be read; names file and line."""


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The conversations of one file.

    Raises:
        TranscriptError: not JSON, no "id" and "turns", or a turn with an unknown key.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = row["turns"]
            unknown = {key for turn in turns for key in turn} - _TURN_KEYS
            if not row["id"] or not turns:
                raise KeyError("id, turns")
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise TranscriptError(f"{path.name} line {number}: {error}") from error
        if unknown:
            raise TranscriptError(f"{path.name} line {number}: unknown key {sorted(unknown)[0]!r}")
        yield row


async def run_all(conversations: Conversations, folder: Path) -> tuple[int, list[str]]:
    """Run every `*.jsonl` in `folder`.

    Returns:
        how many conversations were wholly as expected, and one line for each expectation that was not met.
    """
    passed, failures = 0, []
    for path in sorted(folder.glob("*.jsonl")):
        for row in read(path):
            missed = [f"{path.name} {line}" for line in await run(conversations, row)]
            failures += missed
            passed += not missed
    return passed, failures


async def run(conversations: Conversations, row: dict[str, Any]) -> list[str]:
    """Play one conversation; one line for each expectation that was not met."""
    conversation = f"transcript-{uuid.uuid4().hex}"
    problems: list[str] = []
    for number, expected in enumerate(row["turns"], start=1):
        if "press" in expected:
            turn = await conversations.press(conversation, expected["press"])
        else:
            turn = await conversations.say(conversation, expected["user"])
        problems += [f"{row['id']} turn {number} ({turn.text[:40]!r}): {text}" for text in unmet(turn, expected)]
    await conversations.forget(conversation)
    return problems


def unmet(turn: Turn, expected: dict[str, Any]) -> list[str]:
    """Which expectations of one turn are not met, in words."""
    problems = []
    text = "\n".join(reply.text for reply in turn.replies)
    topics = expected.get("expect_topic")
    if topics and turn.topic not in topics and not (turn.kind == "fallback" and "buiten_bereik" in topics):
        problems.append(f"topic {turn.topic} ({turn.kind}, options {turn.options}), expected {' or '.join(topics)}")
    kind = expected.get("expect_kind")
    if kind and turn.kind != kind:
        problems.append(f"kind {turn.kind}, expected {kind}")
    for name, value in (expected.get("expect_slots") or {}).items():
        if turn.slots.get(name) != value:
            problems.append(f"slot {name} is {turn.slots.get(name)!r}, expected {value!r}")
    patterns = expected.get("expect_text_any") or []
    if patterns and not any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns):
        problems.append(f"none of {patterns} in {text[:60]!r}...")
    for pattern in expected.get("expect_text_none") or []:
        if re.search(pattern, text, re.IGNORECASE):
            problems.append(f"{pattern!r} should not be in the reply")
    return problems
