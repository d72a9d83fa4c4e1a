"""`wegwijzer test` inside pytest: data, story tests (all of them ran), transcripts; and that those checks can fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot import paths
from bot.checks import data, stories, transcripts


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
