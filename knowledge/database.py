"""The way to the database: an engine and sessions from a URL.

SQLite in a file by default, PostgreSQL by `WEGWIJZER_DATABASE_URL`; nothing here or in the models is particular to
either. Nothing is opened at import, and whoever makes an engine disposes of it. Errors do not show the values of a
statement, because some of them are what a parent wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.errors import DatabaseError

ENVIRONMENT_VARIABLE = "WEGWIJZER_DATABASE_URL"
DEFAULT_FILE = Path(__file__).resolve().parent.parent / "var" / "wegwijzer.sqlite"
CONNECT_TIMEOUT_SECONDS = 5


def database_url(url: str | None = None) -> str:
    """The URL to use: the argument, else the environment, else the SQLite file of the project."""
    return url or os.environ.get(ENVIRONMENT_VARIABLE) or f"sqlite:///{DEFAULT_FILE}"


def make_engine(url: str | None = None, *, for_writing: bool = False) -> Engine:
    """An engine for `database_url(url)`; makes the folder of a SQLite file when it is missing.

    Args:
        for_writing: every transaction may write. SQLite then waits for its turn at the beginning; a transaction that reads
            first and writes later is refused at once when another one wrote in between.

    Raises:
        DatabaseError: the URL cannot be read, its driver is missing, or the folder cannot be made.
    """
    try:
        parsed = make_url(database_url(url))
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(str(parsed), parsed.database, "BEGIN IMMEDIATE" if for_writing else "BEGIN")
        options = {"connect_timeout": CONNECT_TIMEOUT_SECONDS} if parsed.get_backend_name() == "postgresql" else {}
        return create_engine(parsed, future=True, pool_pre_ping=True, hide_parameters=True, connect_args=options)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseError(f"cannot use {ENVIRONMENT_VARIABLE}: {_first_line(error)}") from error
    except OSError as error:
        raise DatabaseError(f"cannot make the folder of the database: {error}") from error


def _sqlite_engine(url: str, file: str | None, begin: str) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, future=True, hide_parameters=True, connect_args={"timeout": CONNECT_TIMEOUT_SECONDS}
    )  # fmt: skip

    # pysqlite starts a transaction only at the first write, so a reader could see two states and DDL would commit by
    # itself; this is the remedy that SQLAlchemy documents ("Serializable isolation / Savepoints / Transactional DDL").
    @event.listens_for(engine, "connect")
    def _no_implicit_begin(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]

    return engine


def session_factory(engine: Engine) -> sessionmaker:
    """Sessions on `engine`; use one per question and close it."""
    return sessionmaker(engine, future=True, expire_on_commit=False)


@contextmanager
def open_session(engine: Engine) -> Iterator[Session]:
    """One session, closed at the end; a database that fails in between becomes a `DatabaseError`."""
    with translated_errors(engine), session_factory(engine)() as session:
        yield session


@contextmanager
def translated_errors(engine: Engine) -> Iterator[None]:
    """Turn what SQLAlchemy raises into one `DatabaseError` that names the database without its password."""
    try:
        yield
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseError(f"cannot use the database {where}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]
