"""What the commands that talk to the assistant share: an up-to-date model, a filled database, a loaded agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import runtime
from bot.cli import progress

if TYPE_CHECKING:
    from bot.conversation import Conversations


def ready(*, opening: bool = True, store: Any = None) -> Conversations:
    """Load the assistant; trains and fills the database first when needed, saying so on stderr.

    Raises:
        knowledge.errors.WegwijzerError: a model cannot be made, or the database cannot be used.
    """
    runtime.prepare()
    from bot import training
    from bot.conversation import Conversations

    fill_database()
    model = training.ensure_model(progress)
    return Conversations.load(model, store, opening=opening)


def fill_database() -> None:
    """Load the register into the database when it is not there yet or the tables changed."""
    from knowledge.database import make_engine
    from knowledge.loading import ensure_imported

    engine = make_engine()
    try:
        report = ensure_imported(engine)
    finally:
        engine.dispose()
    if report is not None:
        progress(f"register loaded: {report.changes} rows")
