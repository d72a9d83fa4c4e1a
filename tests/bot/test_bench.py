"""`wegwijzer bench nlu` through the command line: every system asked for has its row, and no message is lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bench import scoring, task
from bot.evaluation.rows import Message

PROJECT = Path(__file__).resolve().parents[2]
LIMIT = 8


def bench(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "bench", "nlu", "--limit", str(LIMIT), *arguments],
        capture_output=True, text=True, cwd=PROJECT, timeout=600, env={**os.environ, **env},
    )  # fmt: skip


def rows(markdown: str) -> dict[str, list[str]]:
    cells = [line.strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("| ")]
    return {name: rest for name, *rest in cells if name not in ("system", "---")}


def message(*accept: str) -> Message:
    return Message("m1", "tekst", accept, "vraag", None, None, "gewoon")


def test_each_system_has_a_row_and_counts_add_up(tmp_path: Path) -> None:
    report = tmp_path / "bench.json"
    result = bench("--peer", "ours", "--peer", "rasa-lr", "--report", str(report))
    assert result.returncode == 0, result.stderr
    found = rows(result.stdout)
    assert list(found) == ["ours", "rasa-lr"]
    for cells in found.values():
        assert sum(int(re.match(r"\d+", cell)[0]) for cell in cells[:3]) == LIMIT
    assert "(1×)" in found["ours"][6]
    data = json.loads(report.read_text(encoding="utf-8"))
    assert data["data"]["test"] == LIMIT
    for system in data["systems"]:
        figures = system["figures"]
        assert sum(figures["score"]["counts"].values()) == LIMIT
        assert min(figures["seconds"], figures["training_mb"], figures["model_mb"], figures["milliseconds"]) > 0
        assert figures["versions"]


def test_a_failing_system_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    """nlp.js without Node, and a system that is not done in time."""
    result = bench(
        "--peer", "nlpjs", "--peer", "spacy", "--peer", "ours", "--timeout", "spacy=0.01", PATH=str(tmp_path)
    )
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert result.stderr.strip().splitlines()[-1] == "wegwijzer: 2 of 3 systems failed: nlpjs, spacy"
    found = rows(result.stdout)
    assert found["nlpjs"][0] == found["spacy"][0] == "failed"
    assert found["ours"][0] != "failed"
    assert "nlpjs failed: node is not installed" in result.stdout
    assert "spacy failed: train: not done within the time-out" in result.stdout


@pytest.mark.parametrize("given", ["spacy", "spacy=soon", "somebody=3", "spacy=-1"])
def test_a_timeout_that_makes_no_sense_is_one_line(given: str) -> None:
    result = bench("--timeout", given)
    assert result.returncode == 2
    assert result.stderr.strip().count("\n") == 0 and "PEER=MINUTES" in result.stderr


def test_diet_runs_only_on_request() -> None:
    from bot.bench.systems import SYSTEMS

    assert [name for name, system in SYSTEMS.items() if system.on_request] == ["diet"]


def test_danger_and_other_languages_are_left_out() -> None:
    work = task.read()
    assert work.calibration and work.test
    assert not {row.kind for row in (*work.calibration, *work.test)} & {"nood", "taal"}


def test_follow_ups_give_way_to_the_next_candidate() -> None:
    topics = frozenset({"a", "b", "vervolg_kosten"})
    assert scoring.best([("vervolg_kosten", 0.7), ("b", 0.2)], topics) == ("b", 0.2)
    assert scoring.best([("vervolg_kosten", 0.7)], topics) == (None, 0.0)
    assert scoring.best([], topics) == (None, 0.0)
    assert scoring.best([("None", 1.0), ("a", 0.0)], topics) == (None, 1.0)


def test_the_threshold_costs_least_and_no_answer_suits_out_of_scope() -> None:
    messages = [message("a"), message("a"), message("buiten_bereik"), message("b")]
    choices = [("a", 0.9), ("b", 0.6), ("a", 0.3), ("b", 0.7)]
    # From 0.7: the wrong 0.6 is not given (1) and what is out of scope gets no answer (0).
    assert scoring.threshold(messages, choices) == 0.7
    assert scoring.count(messages, choices, 0.7) == {"right": 3, "wrong": 0, "no answer": 1}
    assert scoring.count(messages, choices, 0.0) == {"right": 2, "wrong": 2, "no answer": 0}
