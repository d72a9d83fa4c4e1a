"""Imports point one way: bot and actions know knowledge; knowledge knows neither, and lookup never loads Rasa."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "knowledge": {"bot", "actions", "rasa", "rasa_sdk", "sanic"},
    "actions": {"bot", "rasa", "sanic"},
    "bot": {"actions"},
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", FORBIDDEN)
def test_imports_point_one_way(room: str) -> None:
    files = sorted((PROJECT / room).rglob("*.py"))
    assert files
    wrong = {str(path.relative_to(PROJECT)): imported(path) & FORBIDDEN[room] for path in files}
    assert not {path: names for path, names in wrong.items() if names}


def test_no_action_uses_followup_action() -> None:
    """A FollowupAction to a response adds the default answer and reverts the turn (tried on 3.6.21)."""
    for path in (PROJECT / "actions").rglob("*.py"):
        assert "FollowupAction" not in path.read_text(encoding="utf-8"), path.name


def test_lookup_never_loads_rasa(register: str) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from bot.cli import main;"
        "result = CliRunner().invoke(main, ['lookup', 'Utrecht', '--json']); assert result.exit_code == 0, result.output;"
        "loaded = {name.split('.')[0] for name in sys.modules};"
        "assert not loaded & {'rasa', 'rasa_sdk', 'tensorflow', 'sanic'}, loaded & {'rasa', 'tensorflow'}"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stderr[-2000:]


def test_nothing_is_loaded_at_import() -> None:
    """Importing the libraries opens no database, reads no model and touches no network."""
    code = (
        "import socket, sqlite3\n"
        "def refuse(*a, **k): raise AssertionError('work at import')\n"
        "socket.socket.connect = refuse\n"
        "import sqlalchemy.engine.base\n"
        "sqlalchemy.engine.base.Engine.connect = refuse\n"
        "import knowledge.answers, knowledge.places, knowledge.lookup, knowledge.tables, actions.lookup, actions.talk\n"
        "assert not knowledge.answers.book.cache_info().currsize\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stderr[-2000:]
