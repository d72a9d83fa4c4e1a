"""Every kind of fault in a table is found, with file, line, column and reason, and leaves the database as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from knowledge.errors import InvalidTables
from knowledge.loading import import_tables
from knowledge.tables import read_tables

Change = Callable[[str, str, str, str], int]

# file, start of the line, what stands there, what is put there, column, reason
FAULTS = {
    "wrong header": (
        "steunpunten_po.csv", "swv_code,", "steunpunt_telefoon", "telefoon", "steunpunt_telefoon",
        "kopregel: verwacht 'steunpunt_telefoon', gevonden 'telefoon'",
    ),
    "header with a column too many": (
        "ziezon_gebied.csv", "bureau_id,", ",twijfel", ",twijfel,extra", "extra", "kopregel: onbekende kolom 'extra'",
    ),
    "unknown municipality in an area": (
        "swv_gebied.csv", "PO2001,PO,Oldambt,", "Oldambt", "Oldampt", "gemeente",
        "gemeente 'Oldampt' is onbekend (staat niet in gemeenten.csv)",
    ),
    "unknown municipality of a bureau": (
        "ziezon_gebied.csv", "obd-noordwest,gemeente,Texel,", "Texel", "Tessel", "gebied",
        "gemeente 'Tessel' is onbekend",
    ),
    "unknown province of a bureau": (
        "ziezon_gebied.csv", "ozl-noord,provincie,Drenthe,", "Drenthe", "Drente", "gebied",
        "provincie 'Drente' is onbekend",
    ),
    "bad phone": (
        "steunpunten_po.csv", "PO2806,", "010-303 14 00", "010-303 14", "steunpunt_telefoon",
        "'010-303 14' is geen Nederlands telefoonnummer",
    ),
    "phone with words": (
        "ziezon_bureaus.csv", "lumc,", "071-526 28 30", "bel 071-526 28 30", "telefoon",
        "is geen Nederlands telefoonnummer",
    ),
    "bad e-mail": (
        "steunpunten_vo.csv", "VO2403,", "info@swvvo-lelystad.nl", "info@swvvo-lelystad", "steunpunt_email",
        "'info@swvvo-lelystad' is geen e-mailadres",
    ),
    "e-mail with initial and surname": (
        "steunpunten_vo.csv", "VO2403,", "info@swvvo", "p.jansen@swvvo", "steunpunt_email",
        "lijkt het adres van een persoon",
    ),
    "e-mail with first name and surname": (
        "landelijke_organisaties.csv", "balans,", "info@", "piet.jansen@", "email", "lijkt het adres van een persoon",
    ),
    "e-mail with a surname only": (
        "ziezon_bureaus.csv", "ozl-ijsselgroep,", "ozl.info@", "jansen@", "email", "lijkt het adres van een persoon",
    ),
    "missing source": (
        "ziezon_bureaus.csv", "umcg,", ",https://ziezon.nl/consulenten/umcg/,,,2026", ",,,,2026", "bron",
        "bron ontbreekt",
    ),
    "bad certainty": (
        "steunpunten_vo.csv", "VO2810,", ",hoog,", ",zeker,", "zekerheid",
        "onbekende zekerheid 'zeker' (kan zijn: hoog, middel, laag)",
    ),
    "dangling samenwerkingsverband": (
        "steunpunten_po.csv", "PO3103,", "PO3103,", "PO3199,", "swv_code",
        "samenwerkingsverband 'PO3199' is onbekend (staat niet in swv_namen.csv)",
    ),
    "dangling bureau": (
        "ziekenhuis_namen.csv", "WKZ,", "umcu-wkz", "umcu-wkx", "bureau_id", "bureau 'umcu-wkx' is onbekend",
    ),
    "dangling source": (
        "swv_gebied.csv", "PO2001,PO,Oldambt,", "regio-indeling-swv-2015", "regio-indeling-swv-2016", "bron",
        "bron 'regio-indeling-swv-2016' is onbekend (staat niet in bronnen.csv)",
    ),
    "bad date": (
        "landelijke_organisaties.csv", "balans,", "2026-11-22", "22-11-2026", "opgehaald", "'22-11-2026' is geen datum",
    ),
    "bad partial date": (
        "steunpunten_po.csv", "PO2509,", ",2026-01-06,", ",2026-13,", "bron_datum", "'2026-13' is geen datum",
    ),
    "validity that ends before it starts": (
        "ziezon_bureaus.csv", "lumc,", "middel,,,", "middel,2026-01-01,2025-12-31,", "geldig_tot",
        "ligt voor geldig_van",
    ),
    "bad website": (
        "swv_namen.csv", "PO2601,", "swvutrechtpo.nl,", "swv utrecht po,", "website",
        "'swv utrecht po' is geen webadres",
    ),
    "part that cannot be read": (
        "swv_gebied.csv", "PO2709,PO,Amsterdam,", "Weesp (1381-1383)", "Weesp 1381-1383", "deel",
        "is geen plaats met postcodes",
    ),
    "part with descending postcodes": (
        "swv_gebied.csv", "PO2709,PO,Amsterdam,", "1381-1383", "1383-1381", "deel", "lopen niet op",
    ),
    "part without the flag": (
        "swv_gebied.csv", "PO2709,PO,Amsterdam,", ",ja,", ",nee,", "deel",
        "hoort ingevuld te zijn als gedeeltelijk 'ja'",
    ),
    "sector that does not fit the code": (
        "swv_gebied.csv", "PO2001,PO,Oldambt,", ",PO,", ",VO,", "sector", "hoort niet bij de code",
    ),
    "phone without an owner": (
        "steunpunten_po.csv", "PO2806,", "14 00,steunpunt,", "14 00,,", "telefoon_van", "horen samen ingevuld of leeg",
    ),
    "cell with spaces around it": (
        "gemeenten.csv", "GM0034,", "Almere,", "Almere ,", "naam", "begint of eindigt met een spatie",
    ),
    "cell too many": (
        "postcodes.csv", "1011,", "1011,", "1011,1012,", "twijfel", "rij heeft 12 cellen, verwacht 11",
    ),
    "cell missing": (
        "postcodes.csv", "1011,", ",hoog,,,", ",hoog,,", "geldig_tot", "rij heeft 10 cellen, verwacht 11",
    ),
    "share above one": (
        "postcodes.csv", "1216,GM0402,", "0.9963", "1.9963", "aandeel", "is geen aandeel tussen 0 en 1",
    ),
    "code of a municipality": ("postcodes.csv", "1011,", "GM0363", "GM9363", "gemeente_code",
        "gemeente 'GM9363' is onbekend"),
    "swv without name and region": (
        "swv_namen.csv", "VO2302,", "Twente Oost", "", "streek", "zonder naam is een streek nodig",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "start", "old", "new", "column", "reason"), FAULTS.values(), ids=FAULTS)
def test_fault_is_located_and_changes_nothing(
    register: Path, change: Change, own_database: tuple[Path, Engine],
    file: str, start: str, old: str, new: str, column: str, reason: str,
) -> None:  # fmt: skip
    path, engine = own_database
    before = path.read_bytes()
    line = change(file, start, old, new)
    with pytest.raises(InvalidTables) as caught:
        import_tables(engine, register)
    problem = caught.value.problems[0]
    assert (problem.path.name, problem.line, problem.column) == (file, line, column)
    assert reason in problem.reason
    assert str(problem).startswith(f"{file}, regel {line}, kolom {column}: ")
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def _fails(register: Path, own_database: tuple[Path, Engine]) -> tuple[str, int, object, str]:
    path, engine = own_database
    before = path.read_bytes()
    with pytest.raises(InvalidTables) as caught:
        import_tables(engine, register)
    assert path.read_bytes() == before
    problem = caught.value.problems[0]
    return problem.path.name, problem.line, problem.column, problem.reason


def _append(register: Path, file: str, start: str, *replacements: tuple[str, str]) -> tuple[int, int]:
    """Repeat the line that starts so at the end of the file, changed; gives the numbers of both lines."""
    path = register / file
    lines = path.read_text(encoding="utf-8").split("\n")
    original = next(number for number, line in enumerate(lines) if line.startswith(start))
    copy = lines[original]
    for old, new in replacements:
        assert old in copy
        copy = copy.replace(old, new, 1)
    path.write_text("\n".join([*lines[:-1], copy, ""]), encoding="utf-8", newline="")
    return original + 1, len(lines)


def test_duplicate_key(register: Path, own_database: tuple[Path, Engine]) -> None:
    first, second = _append(register, "steunpunten_po.csv", "PO2806,")
    file, line, column, reason = _fails(register, own_database)
    assert (file, line, column) == ("steunpunten_po.csv", second, "swv_code")
    assert reason == f"dubbele sleutel 'PO2806' (ook op regel {first})"


def test_overlapping_validity(register: Path, own_database: tuple[Path, Engine]) -> None:
    first, second = _append(register, "ziezon_bureaus.csv", "lumc,", ("middel,,,", "middel,2027-08-01,,"))
    file, line, column, reason = _fails(register, own_database)
    assert (file, line, column) == ("ziezon_bureaus.csv", second, "geldig_van")
    assert reason == f"geldigheid van 'lumc' overlapt met regel {first}"


def test_a_key_may_return_in_another_period(register: Path, change: Change) -> None:
    change("ziezon_bureaus.csv", "lumc,", "middel,,,", "middel,,2027-07-31,")
    _append(register, "ziezon_bureaus.csv", "lumc,", ("middel,,2027-07-31,", "middel,2027-08-01,,"))
    read_tables(register)


def test_broken_encoding(register: Path, own_database: tuple[Path, Engine]) -> None:
    path = register / "gemeenten.csv"
    data = path.read_bytes()
    assert data.count("Súdwest-Fryslân,Fryslân".encode()) == 1
    path.write_bytes(data.replace("Súdwest-Fryslân,Fryslân".encode(), "Súdwest-Fryslân,".encode() + b"Frysl\xe2n"))
    line = data[: data.index("Súdwest-Fryslân,Fryslân".encode())].count(b"\n") + 1
    assert _fails(register, own_database) == ("gemeenten.csv", line, "provincie", "geen geldige UTF-8 (byte 0xe2)")


def test_missing_file(register: Path, own_database: tuple[Path, Engine]) -> None:
    (register / "steunpunten_vo.csv").unlink()
    assert _fails(register, own_database) == ("steunpunten_vo.csv", None, None, "bestand ontbreekt")


def test_empty_file(register: Path, own_database: tuple[Path, Engine]) -> None:
    (register / "swv_namen.csv").write_bytes(b"")
    file, line, column, _ = _fails(register, own_database)
    assert (file, line, column) == ("swv_namen.csv", 1, "swv_code")


def test_quote_that_is_not_closed(register: Path, own_database: tuple[Path, Engine]) -> None:
    path = register / "ziezon_gebied.csv"
    path.write_bytes(path.read_bytes() + b'marant,"gemeente')
    file, _, _, reason = _fails(register, own_database)
    assert file == "ziezon_gebied.csv" and reason.startswith("geen geldige CSV")


def test_postcode_in_two_parts(register: Path, change: Change, own_database: tuple[Path, Engine]) -> None:
    line = change("swv_gebied.csv", "PO2709,PO,Amsterdam,", "1381-1383", "1105-1106")
    file, found, column, reason = _fails(register, own_database)
    assert (file, found, column) == ("swv_gebied.csv", line, "deel")
    assert reason.startswith("postcode 1105 staat ook op regel ")


def test_whole_municipality_in_two_swv(register: Path, own_database: tuple[Path, Engine]) -> None:
    first, second = _append(register, "swv_gebied.csv", "PO2001,PO,Oldambt,", ("PO2001", "PO2201"))
    assert _fails(register, own_database)[:3] == ("swv_gebied.csv", second, "deel")


def test_municipality_without_swv(register: Path, own_database: tuple[Path, Engine]) -> None:
    path = register / "swv_gebied.csv"
    kept = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("VO2401,VO,Almere")]
    path.write_text("\n".join(kept), "utf-8")
    file, _, column, reason = _fails(register, own_database)
    assert (file, column) == ("gemeenten.csv", "naam")
    assert reason == "'Almere' heeft geen samenwerkingsverband voor VO"


def test_all_faults_are_reported_at_once(register: Path, change: Change) -> None:
    change("steunpunten_po.csv", "PO2806,", "010-303 14 00", "010")
    change("gemeenten.csv", "GM0034,", "hoog", "misschien")
    with pytest.raises(InvalidTables) as caught:
        read_tables(register)
    assert [problem.path.name for problem in caught.value.problems] == ["gemeenten.csv", "steunpunten_po.csv"]
    assert str(caught.value).endswith("(en nog 1 andere)")
