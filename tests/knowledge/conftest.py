"""Fixtures for the knowledge tests: one imported register for all, and a copy for tests that break something."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.database import make_engine, open_session
from knowledge.loading import import_tables
from knowledge.tables import REGISTER


@pytest.fixture(scope="session")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the committed register; do not write to it, copy it."""
    path = tmp_path_factory.mktemp("database") / "register.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    import_tables(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def engine(database_file: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{database_file}")
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with open_session(engine) as opened:
        yield opened


@pytest.fixture
def own_database(database_file: Path, tmp_path: Path) -> Iterator[tuple[Path, Engine]]:
    """A copy of the imported database, for this test only."""
    path = tmp_path / "own.sqlite"
    shutil.copyfile(database_file, path)
    made = make_engine(f"sqlite:///{path}")
    yield path, made
    made.dispose()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A copy of the tables, for this test only."""
    folder = tmp_path / "register"
    shutil.copytree(REGISTER, folder)
    return folder


@pytest.fixture
def change(register: Path) -> Callable[[str, str, str, str], int]:
    """`change(file, start_of_line, old, new)`: replace text in the one line that starts so; gives its number."""

    def _change(file: str, start: str, old: str, new: str) -> int:
        path = register / file
        lines = path.read_text(encoding="utf-8").split("\n")
        numbers = [number for number, line in enumerate(lines) if line.startswith(start)]
        assert len(numbers) == 1 and lines[numbers[0]].count(old) >= 1, (file, start, old)
        lines[numbers[0]] = lines[numbers[0]].replace(old, new, 1)
        path.write_text("\n".join(lines), encoding="utf-8", newline="")
        return numbers[0] + 1

    return _change
