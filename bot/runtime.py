"""Settles logging, telemetry and warnings before Rasa is imported.

Rasa prints the parent's text through structlog when nobody configures it, asks an outside service for permission to
send usage figures, and reports uncaught errors to another. `prepare()` closes all three, for every command.
"""

from __future__ import annotations

import logging
import os
import sys

# An allow-list: a key that a later Rasa adds is dropped until somebody has looked at it.
_SAFE_KEYS = frozenset({"event", "level", "action_name", "model_path", "step", "exc_info", "exception", "key", "table"})

_prepared = False


def _drop_conversation_content(_logger: object, _method: str, event_dict: dict) -> dict:
    """structlog processor: what a parent wrote never reaches a log, at any level."""
    return {key: value for key, value in event_dict.items() if key in _SAFE_KEYS}


def prepare(level: int | None = None) -> None:
    """Configure logging (stderr only, no conversation content) and switch telemetry off.

    Args:
        level: lowest level that is printed; default from `WEGWIJZER_LOG_LEVEL`, else WARNING.

    Must run before the first `import rasa`; calling it again changes nothing.
    """
    global _prepared
    if _prepared:
        return
    _prepared = True
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_TELEMETRY_DEBUG"] = "false"
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # we keep our own hash of what a model is made of
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # Rasa hides its progress bars at this level, and only then

    if level is None:
        level = getattr(logging, os.environ.get("WEGWIJZER_LOG_LEVEL", "WARNING").upper(), logging.WARNING)
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")

    # Rasa and TensorFlow reset the warning filters while they are imported, and their pins are full of deprecations.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(max(level, logging.ERROR))

    # Below WARNING Rasa's own modules log messages and slots through the standard library.
    for noisy in ("rasa", "rasa_sdk", "sanic", "apscheduler", "asyncio", "matplotlib", "tensorflow", "aiohttp"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))

    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            _drop_conversation_content,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
