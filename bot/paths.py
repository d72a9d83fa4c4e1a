"""Where things are, resolved from this file so that no command depends on the working directory."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = PROJECT / "bot" / "config.yml"
DOMAIN = PROJECT / "bot" / "domain"
DATA = PROJECT / "data"
STORY_TESTS = PROJECT / "tests" / "stories"
TRANSCRIPTS = PROJECT / "tests" / "conversations"
EVALUATION = PROJECT / "tests" / "evaluation"
ANSWERS = PROJECT / "knowledge" / "antwoorden"
MODELS = PROJECT / "models"
WEB = PROJECT / "bot" / "web"
