"""`wegwijzer test` inside pytest: data, story tests (all of them ran), transcripts; and that those checks can fail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot import paths
from bot.checks import data, stories, transcripts

_QUOTED = re.compile(r"[\w ,.:'-]+")


def test_the_data_passes_its_checks() -> None:
    assert data.check() == []


def test_the_data_checks_can_fail(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n'
        "- intent: bestaat_niet\n  metadata: {voice: gewoon, batch: a}\n  examples: |\n    - een zin\n"
        "- intent: balans\n  metadata: {voice: zingend, batch: a}\n  examples: |\n    - een zin\n",
        encoding="utf-8",
    )
    problems = "\n".join(data.check(tmp_path, tmp_path))
    assert "intent 'bestaat_niet' is no topic" in problems
    assert "stands under balans and bestaat_niet" in problems
    assert "voice 'zingend'" in problems
    assert "laptop_kosten: 0 sentences" in problems


def test_a_leak_between_training_and_evaluation_is_found(tmp_path: Path) -> None:
    sentence = next(item for item in data.sentences() if len(item.text.split()) > 6)
    row = {"id": "x1", "text": f"{sentence.text}!", "accept": ["balans"], "kind": "vraag", "voice": "gewoon"}
    (tmp_path / "lek.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert any("x1" in problem for problem in data.check(evaluation=tmp_path))


def test_all_story_tests_pass(model: Path, event_loop_: Any) -> None:
    result = event_loop_.run_until_complete(stories.run(model, paths.STORY_TESTS))
    assert result.failed == ()
    assert result.passed >= len(stories.names(paths.STORY_TESTS))


def test_stories_that_do_not_run_are_a_failure(model: Path, tmp_path: Path, event_loop_: Any) -> None:
    with pytest.raises(stories.StoriesNotRun):
        event_loop_.run_until_complete(stories.run(model, tmp_path))


def test_there_are_enough_story_tests_and_most_are_conversations() -> None:
    single = [story["story"] for story in stories.all_stories(paths.STORY_TESTS) if _user_turns(story) <= 1]
    assert len(stories.names(paths.STORY_TESTS)) >= 60
    assert len(single) <= 15, single


@pytest.mark.parametrize("lookup", ["ziezon", "steunpunt", "samenwerkingsverband"])
@pytest.mark.parametrize(
    "kind",
    ["asked", "everything at once", "two questions in between", "another place than said first", "the parent stops",
     "danger stops the form"],
)  # fmt: skip
def test_every_lookup_has_its_story_tests(lookup: str, kind: str) -> None:
    assert any(name.startswith(f"{lookup}: ") and kind in name for name in stories.names(paths.STORY_TESTS))


def test_there_are_enough_transcripts_of_enough_turns_without_long_quotes() -> None:
    """A transcript asserts topic, kind, slots and short patterns; a long quote would pin the wording of an answer."""
    rows = [row for path in paths.TRANSCRIPTS.glob("*.jsonl") for row in transcripts.read(path)]
    turns = [turn for row in rows for turn in row["turns"]]
    patterns = [
        pattern for turn in turns for key in ("expect_text_any", "expect_text_none") for pattern in turn.get(key) or []
    ]
    assert len(rows) >= 80
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(turns) / len(rows) >= 4
    assert not [quote for pattern in patterns for quote in _QUOTED.findall(pattern) if len(quote) > 40]


def _user_turns(story: dict[str, Any]) -> int:
    return sum("user" in step or "intent" in step for step in story["steps"])


@pytest.mark.parametrize("path", sorted(paths.TRANSCRIPTS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_transcripts(path: Path, assistant: Any, event_loop_: Any) -> None:
    async def run() -> list[str]:
        return [line for row in transcripts.read(path) for line in await transcripts.run(assistant, row)]

    assert event_loop_.run_until_complete(run()) == []


def test_a_transcript_can_fail(assistant: Any, event_loop_: Any) -> None:
    row = {
        "id": "mislukt",
        "turns": [
            {
                "user": "wie betaalt de laptop", "expect_topic": ["balans"], "expect_kind": "lookup",
                "expect_slots": {"gemeente": "Best"}, "expect_text_any": ["olifant"], "expect_text_none": ["lenen"],
            }
        ],
    }  # fmt: skip
    assert len(event_loop_.run_until_complete(transcripts.run(assistant, row))) == 5
