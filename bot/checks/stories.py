"""Rasa's story tests, with the count checked: Rasa itself is silent about a story file it did not read."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from knowledge.errors import BotError

_REPORT, _FAILED = "story_report.json", "failed_test_stories.yml"


class StoriesNotRun(BotError):
    """Fewer story tests ran than the files hold."""


@dataclass(frozen=True)
class StoryResult:
    """How many story tests passed, and the names of those that failed."""

    passed: int
    failed: tuple[str, ...]


def names(folder: Path) -> list[str]:
    """Names of the stories in all `test_*.yml` files of `folder`."""
    return [item["story"] for item in all_stories(folder)]


def all_stories(folder: Path) -> list[dict[str, Any]]:
    """The stories in all `test_*.yml` files of `folder`, as they are written."""
    return [item for path in sorted(folder.glob("test_*.yml")) for item in _stories(path)]


async def run(model: Path, folder: Path) -> StoryResult:
    """What `rasa test core --e2e` does on `folder`, going on after a failure so that all failures are named.

    Raises:
        StoriesNotRun: there are no story tests, or fewer ran than exist.
    """
    import rasa.core.test
    from rasa.core.agent import Agent

    wanted = names(folder)
    if not wanted:
        raise StoriesNotRun(f"no story tests (test_*.yml) in {folder}")
    agent = Agent.load(model)
    with tempfile.TemporaryDirectory() as output:
        await rasa.core.test.test(str(folder), agent, out_directory=output, e2e=True, disable_plotting=True)
        counts = json.loads(Path(output, _REPORT).read_text())["conversation_accuracy"]
        failed = tuple(item["story"] for item in _stories(Path(output, _FAILED)))
    if counts["total"] < len(wanted):
        raise StoriesNotRun(f"{len(wanted)} story tests exist, {counts['total']} ran")
    return StoryResult(counts["correct"], failed)


def _stories(path: Path) -> list[dict[str, Any]]:
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.exists() else None
    return (data or {}).get("stories") or []
