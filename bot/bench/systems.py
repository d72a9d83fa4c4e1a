"""Who takes part, and how each is set up; what is not a dependency of ours is installed once, pinned, under var/bench."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot import paths
from knowledge.errors import BotError

CACHE = paths.PROJECT / "var" / "bench"
_PEERS = Path(__file__).parent / "peers"
_INSTALL_SECONDS = 600
Progress = Callable[[str], None]


class SetUpFailed(BotError):
    """A system could not be installed."""


@dataclass(frozen=True)
class Program:
    """How to start a peer: the step and its files come after `command`; `env` is added to the environment."""

    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """One system. `minutes`: after these it is ended; `on_request`: only measured when it is named."""

    name: str
    about: str
    set_up: Callable[[Progress], Program]
    minutes: float = 30
    on_request: bool = False


def _module(name: str, *arguments: str) -> Callable[[Progress], Program]:
    return lambda progress: Program((sys.executable, "-m", f"bot.bench.peers.{name}", *arguments))


def _fasttext(progress: Progress) -> Program:
    """An environment of its own, because its numpy must be older or newer than ours as it pleases."""
    pinned = _PEERS / "requirements-fasttext.txt"

    def install(folder: Path) -> None:
        uv = _tool("uv")
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        _run([uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "-r", str(pinned)])

    folder = _installed("fasttext", [pinned], install, progress)
    return Program((str(folder / "bin" / "python"), "-m", "bot.bench.peers.fast_text"))


def _nlpjs(progress: Progress) -> Program:
    source = _PEERS / "nlpjs"
    pinned = [source / "package.json", source / "package-lock.json"]
    node = _tool("node")

    def install(folder: Path) -> None:
        npm = _tool("npm")
        folder.mkdir()
        for path in pinned:
            shutil.copy(path, folder)
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])

    folder = _installed("nlpjs", pinned, install, progress)
    # Node's default heap (2 to 4 GB) is less than this machine has to give.
    program = (node, "--max-old-space-size=8192", str(source / "peer.js"))
    return Program(program, {"NODE_PATH": str(folder / "node_modules")})


SYSTEMS = {
    system.name: system
    for system in (
        System("ours", "our topic classifier, settings of bot/config.yml", _module("ours")),
        System(
            "diet", "Rasa's default pipeline (`rasa init`): DIET, 100 epochs", _module("rasa_nlu", "diet"),
            minutes=180, on_request=True,
        ),
        System(
            "rasa-lr", "Rasa: the n-gram counts of the default pipeline, LogisticRegressionClassifier",
            _module("rasa_nlu", "rasa-lr"),
        ),
        System("nlpjs", "nlp.js with Dutch", _nlpjs),
        System("fasttext", "fastText supervised, word pairs and letters 2-5", _fasttext),
        # Every step updates 262,144 weights for each of 86 intents: about 0.2 s, some 6,000 steps for 30,000 sentences.
        System(
            "spacy", "spaCy blank Dutch, quickstart textcat (efficiency: bag of words)", _module("spacy_textcat"),
            minutes=60,
        ),
    )
}  # fmt: skip


def _installed(name: str, pinned: list[Path], install: Callable[[Path], None], progress: Progress) -> Path:
    """The folder that `install` filled, once for each content of `pinned`; a broken installation is done again."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in pinned)).hexdigest()[:12]
    folder = CACHE / f"{name}-{digest}"
    complete = CACHE / f"{folder.name}.complete"
    if not complete.exists():
        progress(f"{name}: installing")
        CACHE.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        install(folder)
        complete.touch()
    return folder


def _tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise SetUpFailed(f"{name} is not installed")
    return found


def _run(command: list[str]) -> None:
    # Another environment must not look like ours to uv.
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS, env=env)
    except subprocess.TimeoutExpired:
        raise SetUpFailed(f"installing took more than {_INSTALL_SECONDS} s") from None
    if run.returncode:
        said = (run.stderr or run.stdout).strip().splitlines() or ["nothing said"]
        raise SetUpFailed(f"{Path(command[0]).name} {command[1]}: {said[-1]}")
