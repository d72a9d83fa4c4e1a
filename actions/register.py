"""The way of the actions to the register: one engine per process, one short session per question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.database import make_engine, open_session


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return make_engine()


@contextmanager
def session() -> Iterator[Session]:
    """A session on the register, closed at the end.

    Raises:
        knowledge.errors.DatabaseError: the database cannot be reached; the caller's turn becomes an apology.
    """
    with open_session(_engine()) as opened:
        yield opened
