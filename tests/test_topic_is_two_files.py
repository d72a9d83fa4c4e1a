"""Adding a topic touches exactly two files: an answer and its sentences. Proved in a copy of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bot import paths

ANSWER = """
  schoolfoto:
    titel: De schoolfoto bij ziekte
    knop: Kan mijn kind op de schoolfoto?
    knop_kort: Schoolfoto
    tekst: |
      Ja, de school kan de foto op een ander moment laten maken.
    eenvoudig: |
      Ja. De foto kan later.
    bronnen:
      - {document: ocw-digitaal-afstandsonderwijs-ouders-2023, plaats: "1"}
    nagekeken: "2026-11-23"
    vervolg: [contact_klasgenoten]
    vervolgvragen: {wie_regelt: hulp_van_school}
"""
SENTENCES = """
- intent: schoolfoto
  metadata: {voice: gewoon, batch: t}
  examples: |
    - staat mijn dochter nog op de schoolfoto
    - de fotograaf komt en hij ligt ziek thuis, mist hij de klassenfoto
    - schoolfoto ziek
    - kan de schoolfotograaf later terugkomen voor onze zoon
    - ze was er niet toen de klassenfoto werd gemaakt
    - klassenfoto inhalen
    - hoe moet het met de schoolfoto als ze niet op school is
    - kan er nog een schoolfoto gemaakt worden
"""


def in_copy(copy: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(copy), "WEGWIJZER_DATABASE_URL": f"sqlite:///{copy / 'var' / 'w.sqlite'}"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=copy,
        env=env,
        timeout=600,
    )


def test_a_topic_is_two_files(tmp_path: Path) -> None:
    copy = tmp_path / "wegwijzer"
    shutil.copytree(
        paths.PROJECT,
        copy,
        ignore=shutil.ignore_patterns(".venv", ".git", "models", "var", "__pycache__", "evaluation"),
    )
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    subprocess.run(["git", "add", "-A"], cwd=copy, check=True)
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "before"], cwd=copy, check=True
    )

    with (copy / "knowledge" / "antwoorden" / "recht.yml").open("a", encoding="utf-8") as stream:
        stream.write(ANSWER)
    with (copy / "data" / "nlu" / "recht.yml").open("a", encoding="utf-8") as stream:
        stream.write(SENTENCES)

    asked = in_copy(copy, "ask", "--json", text="kan mijn zoon later op de schoolfoto\n")
    assert asked.returncode == 0, asked.stderr[-2000:]
    turn = json.loads(asked.stdout)
    assert (turn["kind"], turn["topic"]) == ("answer", "schoolfoto")
    checked = in_copy(copy, "knowledge", "check")
    assert checked.returncode == 0, checked.stderr
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=copy, capture_output=True, text=True, check=True)
    assert [line[3:] for line in changed.stdout.splitlines()] == [
        "data/nlu/recht.yml",
        "knowledge/antwoorden/recht.yml",
    ]
