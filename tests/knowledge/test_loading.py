"""Import and export: idempotent, all or nothing, and the files come back byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Engine

from knowledge import loading
from knowledge.database import make_engine, open_session
from knowledge.errors import DatabaseError
from knowledge.loading import ensure_imported, export_tables, import_tables
from knowledge.models import TABLES, SteunpuntPo, SwvDeel
from knowledge.tables import REGISTER


def test_second_import_changes_nothing(own_database: tuple[Path, Engine]) -> None:
    path, engine = own_database
    before = path.read_bytes()
    report = import_tables(engine)
    assert report.changes == 0
    assert path.read_bytes() == before


def test_up_to_date_database_is_left_alone(own_database: tuple[Path, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "read_tables", lambda folder: pytest.fail("read the tables again"))
    assert ensure_imported(own_database[1]) is None


def test_export_equals_the_committed_files(engine: Engine, tmp_path: Path) -> None:
    with open_session(engine) as session:
        written = export_tables(session, tmp_path)
    assert {path.name for path in written} == {path.name for path in REGISTER.glob("*.csv")}
    for path in written:
        assert path.read_bytes() == (REGISTER / path.name).read_bytes(), path.name


def test_changed_added_and_removed_rows(
    own_database: tuple[Path, Engine], register: Path, change: Callable[[str, str, str, str], int]
) -> None:
    change("steunpunten_po.csv", "PO2806,", "010-303 14 00", "010-303 14 01")
    path = register / "ziekenhuis_namen.csv"
    lines = path.read_text("utf-8").split("\n")
    lines = [line for line in lines if not line.startswith("AMC,")]
    lines.insert(-1, "Nieuw Ziekenhuis,,nee,eigen-aanvulling,,,2026-11-22,middel,,,")
    path.write_text("\n".join(lines), "utf-8")
    report = ensure_imported(own_database[1], register)
    changed = {one.file: (one.added, one.changed, one.removed) for one in report.tables if report}
    assert changed["steunpunten_po.csv"] == (0, 1, 0)
    assert changed["ziekenhuis_namen.csv"] == (1, 0, 1)
    assert report.changes == 3
    with open_session(own_database[1]) as session:
        phone = session.scalars(select(SteunpuntPo.steunpunt_telefoon).where(SteunpuntPo.swv_code == "PO2806")).one()
    assert phone == "010-303 14 01"
    assert ensure_imported(own_database[1], register) is None


def test_failure_halfway_rolls_everything_back(
    own_database: tuple[Path, Engine], register: Path, change: Callable[[str, str, str, str], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    change("gemeenten.csv", "GM0034,", ",Almere,Flevoland,,", ",Almere,Flevoland,Almere Stad,")
    path, engine = own_database
    before = path.read_bytes()
    monkeypatch.setattr(loading, "_bring_parts", lambda connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_tables(engine, register)
    engine.dispose()
    assert path.read_bytes() == before


def test_parts_follow_the_areas(own_database: tuple[Path, Engine], register: Path, change: Callable) -> None:
    change("swv_gebied.csv", "PO2709,PO,Amsterdam,", "Weesp (1381-1383)", "Weesp (1381-1384)")
    ensure_imported(own_database[1], register)
    with open_session(own_database[1]) as session:
        assert set(session.scalars(select(SwvDeel.pc4_tot).where(SwvDeel.plaats == "Weesp"))) == {"1383", "1384"}


def test_older_schema_is_replaced(own_database: tuple[Path, Engine]) -> None:
    _, engine = own_database
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE register_gemeenten DROP COLUMN twijfel"))
        connection.execute(text("UPDATE register_stand SET waarde = 'older' WHERE sleutel = 'schema'"))
        connection.execute(text("CREATE TABLE conversations (id INTEGER)"))
    assert ensure_imported(engine) is not None
    assert ensure_imported(engine) is None
    names = inspect(engine).get_table_names()
    assert "conversations" in names and all(model.__tablename__ in names for model in TABLES)


def test_unreachable_database_is_one_line(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}")  # a folder
    with pytest.raises(DatabaseError) as caught:
        ensure_imported(engine)
    engine.dispose()
    assert "\n" not in str(caught.value) and "cannot use the database" in str(caught.value)


def test_password_is_not_shown() -> None:
    engine = make_engine("postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(DatabaseError) as caught:
        ensure_imported(engine)
    engine.dispose()
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "strangedb://localhost/x"])
def test_unusable_url_is_one_line(url: str) -> None:
    with pytest.raises(DatabaseError, match="cannot use WEGWIJZER_DATABASE_URL"):
        make_engine(url)


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("this is not a database, it is a text of more than one hundred bytes" * 20)
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises(DatabaseError):
        ensure_imported(engine)
    engine.dispose()


def test_postgresql_holds_the_same(tmp_path: Path, postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    ensure_imported(engine)
    assert import_tables(engine).changes == 0
    with open_session(engine) as session:
        for path in export_tables(session, tmp_path):
            assert path.read_bytes() == (REGISTER / path.name).read_bytes(), path.name
    engine.dispose()
