"""The commands that need a browser, and what they say without one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.cli.browser import NoBrowser, launch
from tests.bot.test_cli import run


def test_without_chromium_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(NoBrowser, match="apt-get install -y chromium"):
        launch(None)


def test_screens_takes_every_state(tmp_path: Path, model: Path, register: Any) -> None:
    result = run("screens", str(tmp_path / "plaatjes"))
    assert result.returncode == 0, result.stderr[-2000:]
    pictures = [Path(line) for line in result.stdout.splitlines()]
    assert len(pictures) >= 10
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_bench_web_prints_its_tables(model: Path, register: Any) -> None:
    result = run("bench", "web", "--messages", "20", "--seconds", "5", "--without-rasa")
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.count("| website channel") == 3
    assert "bytes gzipped" in result.stdout and "launcher ready" in result.stdout


def test_bench_lists_what_it_can_measure() -> None:
    assert "web" in run("bench", "--help").stdout
    assert run("bench", "bestaatniet").returncode != 0
