"""The curated answers: everything the assistant may say about a topic, read from `knowledge/antwoorden/*.yml`.

One file per theme; one entry per topic. The key of an entry is the topic key, and so the name of the intent and of the
Rasa response. `load()` validates while it reads and stops at the first file that breaks the contract, with file, line
and column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.errors import AnswerError

FOLDER = Path(__file__).resolve().parent / "antwoorden"
REGISTER = Path(__file__).resolve().parent / "register"
TEXTS_FILE = "teksten.yml"
LANGUAGES_FILE = "talen.yml"

KINDS = ("answer", "lookup", "control", "safety")
FOLLOW_UPS = (
    "kosten", "wie_betaalt", "wie_regelt", "hoe_regelen", "weigeren", "verplicht", "hoe_lang", "contact", "kind",
    "vertrouwelijk", "wat_is", "wie_mag_mee", "thuis", "school_soort", "elke_school", "leeftijd", "wie_beslist",
)  # fmt: skip
_KEY = re.compile(r"[a-z][a-z_]*\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_REQUIRED = ("titel", "knop", "knop_kort", "tekst", "eenvoudig", "nagekeken")
_OPTIONAL = ("leerling", "bronnen", "vervolg", "vervolgvragen", "actie", "soort", "eindigt_opzoeking")
_LIMITS = {"titel": 60, "knop": 40, "knop_kort": 20}
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}\Z")
_LANGUAGE_KEYS = {"naam", "dir", "andere_taal", "noodgeval"}
_DIRECTIONS = ("ltr", "rtl")
_ALWAYS_NAMED = frozenset({"112", "113"})
_NUMBER = re.compile(r"\d[\d -]*\d(?:\.nl)?")


@dataclass(frozen=True)
class Source:
    """Where a fact stands: a document of `bronnen.csv` (or a register table), the place in it, and its date.

    `date` is "YYYY", "YYYY-MM", "YYYY-MM-DD" or "" when the document carries none.
    """

    document: str
    place: str
    date: str
    title: str

    def as_dict(self) -> dict[str, str]:
        """The form in which a reply carries it (contract: document, place, date)."""
        return {"document": self.document, "place": self.place, "date": self.date, "title": self.title}


@dataclass(frozen=True)
class Answer:
    """One topic: its texts for a parent, a plainer version, a version for a pupil, and what may come next."""

    key: str
    theme: str
    title: str
    button: str
    short_button: str
    text: str
    plain: str
    pupil: str
    sources: tuple[Source, ...]
    reviewed: str
    next_topics: tuple[str, ...]
    follow_ups: Mapping[str, str]
    action: str | None
    kind: str
    ends_lookup: bool


@dataclass(frozen=True)
class ForeignTexts:
    """What is said in one other language (`talen.yml`): that the chatbot speaks Dutch, and the danger answer.

    `texts` holds them by the key of the Dutch answer (`andere_taal`, `noodgeval`); `direction` is "ltr" or "rtl".
    """

    code: str
    name: str
    direction: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class AnswerBook:
    """All answers by key, the themes with their titles, the loose texts (`teksten.yml`), other languages by ISO code."""

    answers: Mapping[str, Answer]
    themes: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, ForeignTexts] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Answer:
        return self.answers[key]

    def __contains__(self, key: object) -> bool:
        return key in self.answers

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers.values())

    def __len__(self) -> int:
        return len(self.answers)


def load(folder: Path = FOLDER, register: Path = REGISTER) -> AnswerBook:
    """Read and validate every answer file in `folder`.

    Raises:
        AnswerError: a file cannot be read, or an entry breaks the contract; names file, line and column.
    """
    documents = _documents(register)
    answers: dict[str, Answer] = {}
    themes: dict[str, str] = {}
    seen_in: dict[str, tuple[Path, int, int]] = {}
    files = sorted(path for path in folder.glob("*.yml") if path.name not in (TEXTS_FILE, LANGUAGES_FILE))
    if not files:
        raise AnswerError(f"geen antwoordbestanden (*.yml) in {folder}", path=folder)
    for path in files:
        data = _read(path)
        _expect(path, data, {"thema", "titel", "antwoorden"}, {"thema", "titel", "antwoorden"})
        themes[str(data["thema"])] = str(data["titel"])
        if not hasattr(data["antwoorden"], "items"):
            raise _at(path, data, "antwoorden", "verwacht sleutels met een antwoord eronder")
        for key, entry in data["antwoorden"].items():
            where = _position(data["antwoorden"], key)
            if key in answers:
                first = seen_in[key][0].name
                raise AnswerError(f"onderwerp '{key}' staat al in {first}", path=path, line=where[0], column=where[1])
            answers[key] = _answer(path, str(data["thema"]), key, entry, where, documents)
            seen_in[key] = (path, *where)
    _check_references(answers, seen_in)
    return AnswerBook(answers, themes, _texts(folder / TEXTS_FILE), _languages(folder / LANGUAGES_FILE, answers))


@lru_cache(maxsize=4)
def book(folder: Path = FOLDER, register: Path = REGISTER) -> AnswerBook:
    """`load()`, once per process and folder."""
    return load(folder, register)


def check(folder: Path = FOLDER, register: Path = REGISTER) -> list[str]:
    """Validate all answers for `wegwijzer knowledge check`.

    Returns:
        one line per file read, for the report.

    Raises:
        AnswerError: the first violation.
    """
    loaded = load(folder, register)
    counts: dict[str, int] = {}
    for answer in loaded:
        counts[answer.theme] = counts.get(answer.theme, 0) + 1
    lines = [f"antwoorden {theme}: {count} onderwerpen" for theme, count in sorted(counts.items())]
    return [*lines, f"antwoorden in andere talen: {', '.join(loaded.languages) or 'geen'}"]


def _read(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise AnswerError("geen geldige UTF-8", path=path) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise AnswerError(
            f"geen geldige YAML: {error.problem}", path=path, line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        ) from error  # fmt: skip
    except YAMLError as error:
        raise AnswerError("geen geldige YAML", path=path) from error


def _documents(register: Path) -> dict[str, tuple[str, str]]:
    """Title and date of every document an answer may name: the brochures, and register rows as `table.csv#id`."""
    documents: dict[str, tuple[str, str]] = {}
    with (register / "bronnen.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            date = row["datum"]
            documents[row["sleutel"]] = (row["titel"], date if date[:1].isdigit() else "")
    with (register / "landelijke_organisaties.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            documents[f"kennis/landelijke_organisaties.csv#{row['id']}"] = (row["naam"], row["bron_datum"])
    for path in register.glob("*.csv"):
        documents[f"kennis/{path.name}"] = (f"register van Wegwijzer ({path.stem})", "")
    return documents


def _answer(
    path: Path, theme: str, key: str, entry: Any, where: tuple[int, int], documents: Mapping[str, tuple[str, str]]
) -> Answer:
    def fail(name: str, reason: str) -> AnswerError:
        return _at(path, entry, name, f"{key}: {reason}")

    if not _KEY.match(str(key)):
        raise AnswerError(f"'{key}' is geen sleutel (a-z en _)", path=path, line=where[0], column=where[1])
    _expect(path, entry, set(_REQUIRED), set(_REQUIRED) | set(_OPTIONAL), name=key, where=where)
    for name in _REQUIRED:
        if not isinstance(entry[name], str) or not entry[name].strip():
            raise fail(name, f"'{name}' moet tekst zijn (zet een datum tussen aanhalingstekens)")
    for name, limit in _LIMITS.items():
        if len(entry[name].strip()) > limit:
            raise fail(name, f"'{name}' is langer dan {limit} tekens")
    for name in ("tekst", "eenvoudig", "leerling"):
        if "{" in entry.get(name, "") or "}" in entry.get(name, ""):
            raise fail(name, f"accolades in '{name}': Rasa leest die als een slot")
    if not _DATE.match(entry["nagekeken"]):
        raise fail("nagekeken", "'nagekeken' moet een datum zijn als \"2026-11-23\"")
    kind = entry.get("soort") or ("control" if theme == "gesprek" else "answer")
    if kind not in KINDS:
        raise fail("soort", f"'soort' is een van {', '.join(KINDS)}")
    sources = tuple(_source(path, key, item, documents) for item in entry.get("bronnen") or ())
    if theme != "gesprek" and not sources:
        raise AnswerError(f"{key}: geen bron", path=path, line=where[0], column=where[1])
    follow_ups = dict(entry.get("vervolgvragen") or {})
    for name in follow_ups:
        if name not in FOLLOW_UPS:
            raise fail("vervolgvragen", f"onbekende vervolgvraag '{name}' (kan zijn: {', '.join(FOLLOW_UPS)})")
    return Answer(
        key=key, theme=theme, title=entry["titel"].strip(), button=entry["knop"].strip(),
        short_button=entry["knop_kort"].strip(), text=_clean(entry["tekst"]), plain=_clean(entry["eenvoudig"]),
        pupil=_clean(entry.get("leerling") or ""), sources=sources, reviewed=entry["nagekeken"],
        next_topics=tuple(entry.get("vervolg") or ()), follow_ups=follow_ups, action=entry.get("actie"), kind=kind,
        ends_lookup=kind == "safety" or bool(entry.get("eindigt_opzoeking")),
    )  # fmt: skip


def _source(path: Path, key: str, item: Any, documents: Mapping[str, tuple[str, str]]) -> Source:
    if not hasattr(item, "get") or not item.get("document") or not item.get("plaats"):
        line, column = _position(item, None)
        raise AnswerError(f"{key}: een bron heeft document en plaats", path=path, line=line, column=column)
    document, place = str(item["document"]), str(item["plaats"])
    known = documents.get(f"{document}#{place}") or documents.get(document)
    if known is None:
        raise _at(path, item, "document", f"{key}: onbekende bron '{document}'")
    return Source(document, place, known[1], known[0])


def _check_references(answers: Mapping[str, Answer], seen_in: Mapping[str, tuple[Path, int, int]]) -> None:
    short: dict[str, str] = {}
    for answer in answers.values():
        path, line, column = seen_in[answer.key]
        for target in (*answer.next_topics, *answer.follow_ups.values()):
            if target not in answers:
                raise AnswerError(
                    f"{answer.key}: verwijst naar '{target}', dat niet bestaat", path=path, line=line, column=column
                )
        other = short.setdefault(answer.short_button.casefold(), answer.key)
        if other != answer.key:
            raise AnswerError(
                f"{answer.key}: knop_kort '{answer.short_button}' is ook die van {other}", path=path, line=line,
                column=column,
            )  # fmt: skip


def _texts(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    data = _read(path)
    for name, value in data.items():
        if not isinstance(value, str) or not value.strip():
            raise _at(path, data, name, f"'{name}' moet tekst zijn")
    return {str(name): _clean(value) for name, value in data.items()}


def _languages(path: Path, answers: Mapping[str, Answer]) -> dict[str, ForeignTexts]:
    if not path.exists():
        return {}
    data = _read(path)
    if not hasattr(data, "items"):
        raise AnswerError("verwacht talen met hun teksten", path=path, line=1, column=1)
    return {str(code): _language(path, str(code), data[code], _position(data, code), answers) for code in data}


def _language(path: Path, code: str, entry: Any, where: tuple[int, int], answers: Mapping[str, Answer]) -> ForeignTexts:
    def fail(name: str, reason: str) -> AnswerError:
        return _at(path, entry, name, f"{code}: {reason}")

    if not _LANGUAGE_CODE.match(code):
        raise AnswerError(f"'{code}' is geen taalcode (zoals en of pap)", path=path, line=where[0], column=where[1])
    _expect(path, entry, _LANGUAGE_KEYS, _LANGUAGE_KEYS, name=code, where=where)
    for name in sorted(_LANGUAGE_KEYS):
        if not isinstance(entry[name], str) or not entry[name].strip():
            raise fail(name, f"'{name}' moet tekst zijn")
        if "{" in entry[name] or "}" in entry[name]:
            raise fail(name, f"accolades in '{name}': Rasa leest die als een slot")
    if entry["dir"] not in _DIRECTIONS:
        raise fail("dir", f"'dir' is een van {', '.join(_DIRECTIONS)}")
    texts = {name: _clean(entry[name]) for name in ("andere_taal", "noodgeval")}
    for name, text in texts.items():
        wanted = numbers(answers[name].text) if name in answers else numbers(text)
        if name == "andere_taal":
            wanted |= _ALWAYS_NAMED  # danger in a language that the chatbot does not speak may go unseen
        if numbers(text) != wanted:
            raise fail(
                name,
                f"de nummers in '{name}' moeten die van het Nederlandse antwoord zijn: {', '.join(sorted(wanted))}",
            )
    if entry["dir"] == "rtl":
        texts = {name: _isolated(text) for name, text in texts.items()}
    return ForeignTexts(code, entry["naam"].strip(), entry["dir"], texts)


def numbers(text: str) -> set[str]:
    """The phone numbers in `text` as written (and 113.nl, which is one more way to reach somebody)."""
    return set(_NUMBER.findall(text))


def _isolated(text: str) -> str:
    """`text` with its numbers in Unicode isolates: in Arabic, "0800-0113" is otherwise shown as "0113-0800"."""
    return _NUMBER.sub(lambda match: f"\u2066{match.group()}\u2069", text)


def _clean(text: str) -> str:
    return re.sub(r"[ \t]+\n", "\n", text).strip()


def _expect(
    path: Path, data: Any, required: set[str], allowed: set[str], name: str = "", where: tuple[int, int] | None = None
) -> None:
    prefix = f"{name}: " if name else ""
    line, column = where or (1, 1)
    if not hasattr(data, "items"):
        raise AnswerError(f"{prefix}verwacht sleutels met waarden", path=path, line=line, column=column)
    for missing in sorted(required - set(data)):
        raise AnswerError(f"{prefix}'{missing}' ontbreekt", path=path, line=line, column=column)
    for extra in data:
        if extra not in allowed:
            raise _at(path, data, extra, f"{prefix}onbekende sleutel '{extra}'")


def _at(path: Path, data: Any, name: str, reason: str) -> AnswerError:
    line, column = _position(data, name)
    return AnswerError(reason, path=path, line=line, column=column)


def _position(data: Any, name: str | None) -> tuple[int, int]:
    try:
        line, column = data.lc.key(name) if name is not None else (data.lc.line, data.lc.col)
    except (AttributeError, KeyError, TypeError):
        return 1, 1
    return line + 1, column + 1
