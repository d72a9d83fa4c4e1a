"""Plain Rasa works with the README's flags: data validate, train, and the story tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import paths

FLAGS = ["-c", "bot/config.yml", "-d", "bot/domain", "--data", "data"]


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        capture_output=True,
        text=True,
        cwd=paths.PROJECT,
        timeout=600,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )


def test_data_validate_passes_without_warnings() -> None:
    result = rasa("data", "validate", *FLAGS, "--fail-on-warnings")
    assert result.returncode == 0, (result.stdout + result.stderr)[-2500:]


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("modellen")
    result = rasa("train", *FLAGS, "--out", str(out))
    assert result.returncode == 0, (result.stdout + result.stderr)[-2500:]
    return next(out.glob("*.tar.gz"))


def test_story_tests_pass_with_plain_rasa(plain_model: Path, tmp_path: Path) -> None:
    result = rasa(
        "test", "core", "--e2e", "--fail-on-prediction-errors", "-m", str(plain_model), "-s", "tests/stories",
        "--out", str(tmp_path), "--endpoints", "bot/endpoints.yml",
    )  # fmt: skip
    assert result.returncode == 0, (result.stdout + result.stderr)[-2500:]
