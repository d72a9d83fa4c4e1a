"""Training, and whether the model is up to date.

Rasa's own cache sees only the source of a component's class, and `Agent.load` of a missing file silently loads a
neighbour; so a model is named after our own hash over everything it is made of.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot import paths
from knowledge import answers
from knowledge.answers import AnswerBook
from knowledge.errors import BotError

_SOURCES = (
    (paths.PROJECT / "bot", ("*.py", "*.yml")),
    (paths.PROJECT / "data", ("*.yml",)),
    (paths.ANSWERS, ("*.yml",)),
    (paths.PROJECT / "knowledge", ("answers.py",)),
)
# The measurements, the command line and the channels do not change a model.
_NOT_IN_MODEL = (
    "bot/bench", "bot/cli", "bot/channels", "bot/web", "bot/endpoints.yml", "bot/credentials.yml",
)  # fmt: skip
_KEPT_MODELS = 2
Progress = Callable[[str], None]


class ModelError(BotError):
    """The model is missing, or was made from something else than the files in this checkout."""


def fingerprint() -> str:
    """Hash (16 hex characters) over every file that a model is made of."""
    digest = hashlib.sha256()
    for folder, patterns in _SOURCES:
        for path in sorted(file for pattern in patterns for file in folder.rglob(pattern)):
            name = path.relative_to(paths.PROJECT).as_posix()
            if not name.startswith(_NOT_IN_MODEL):
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Where the model of this checkout is, whether it exists or not."""
    return paths.MODELS / f"wegwijzer-{fingerprint()}.tar.gz"


def ensure_model(progress: Progress) -> Path:
    """The up-to-date model; trains it first when there is none.

    Args:
        progress: called with one line per step.

    Raises:
        ModelError: training failed or the result does not know every topic.
    """
    path = model_path()
    return path if path.exists() else train(progress)


def train(progress: Progress) -> Path:
    """Train a model from the files of this checkout and return its path.

    The model appears under its name only when it is complete and holds every topic; then all but the last few older
    models are removed.

    Raises:
        ModelError: training failed or the result does not know every topic.
        knowledge.errors.AnswerError: an answer file breaks its contract.
    """
    import rasa.model_training  # here, because importing Rasa takes seconds

    from bot.nlu import embedding

    book = answers.load()
    progress(f"training: {len(book)} topics, three to four minutes on two cores")
    started, path = time.perf_counter(), model_path()
    paths.MODELS.mkdir(exist_ok=True)
    unfinished = path.with_name("unfinished-" + path.name)
    with contextlib.redirect_stdout(sys.stderr):
        result = rasa.model_training.train(
            domain=str(paths.DOMAIN), config=str(paths.CONFIG), training_files=[str(paths.DATA)],
            output=str(paths.MODELS), fixed_model_name=unfinished.name.removesuffix(".tar.gz"), force_training=True,
        )  # fmt: skip
    embedding.forget_training()
    if result.code != 0 or not result.model:
        raise ModelError("training failed; see the messages above")
    check_topics(Path(result.model), book)
    unfinished.replace(path)
    _remove_old(keep=path)
    size = path.stat().st_size / 1e6
    progress(f"trained in {time.perf_counter() - started:.0f} s; model of {size:.1f} MB: {path.name}")
    return path


def _remove_old(keep: Path) -> None:
    """Leave the last few models: another process may be about to load the one that was current a moment ago."""
    others = [path for path in paths.MODELS.glob("*wegwijzer-*.tar.gz") if path != keep]
    for old in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT_MODELS:]:
        old.unlink(missing_ok=True)


def check_topics(model: Path, book: AnswerBook | None = None) -> None:
    """Refuse a model whose domain lacks a topic (a broken importer trains without a word about it).

    Raises:
        ModelError: naming the topics that are missing.
    """
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    domain = LocalModelStorage.metadata_from_archive(model).domain
    known = set(domain.intents)
    said = set(domain.action_names_or_texts) | set(domain.form_names)
    missing = [
        answer.key
        for answer in book or answers.load()
        if answer.key not in known or (answer.action or f"utter_{answer.key}") not in said
    ]
    if missing:
        model.unlink(missing_ok=True)
        raise ModelError(
            f"the model lacks {len(missing)} topics ({', '.join(missing[:5])}); is the importer in config.yml right?"
        )
