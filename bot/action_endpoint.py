"""Custom actions in the bot's own process: the one place where a failing action becomes an apology.

A drop-in for Rasa's HTTP action endpoint. Rasa calls `request()` with the same JSON it would post to an action server;
whatever happens inside, it gets a valid answer back, so a reply always comes.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from knowledge import answers

logger = logging.getLogger("wegwijzer.actions")

TIME_LIMIT_SECONDS = 5.0
_VALIDATION = "validate_"


@lru_cache(maxsize=1)
def executor() -> ActionExecutor:
    """rasa-sdk's executor with every action of the `actions` package."""
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    result = ActionExecutor()
    result.register_package("actions")
    return result


class InProcessActions(EndpointConfig):
    """Runs custom actions here instead of over HTTP.

    Args:
        time_limit: seconds after which an action is given up.
    """

    def __init__(self, time_limit: float = TIME_LIMIT_SECONDS, actions: ActionExecutor | None = None) -> None:
        super().__init__(url="in-process")
        self._time_limit = time_limit
        self._executor = actions or executor()

    async def request(self, method: str = "post", json: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:
        """Run the action named in `json["next_action"]`; never raises, an error becomes an apology."""
        name = (json or {}).get("next_action", "")
        try:
            result = await asyncio.wait_for(asyncio.to_thread(self._run, json or {}), self._time_limit)
        except TimeoutError:
            logger.error("action %s took longer than %s s", name, self._time_limit)
        except Exception as error:
            logger.error("action %s failed: %s", name, type(error).__name__)
        else:
            return result or {"events": [], "responses": []}
        return _apology(name)

    def _run(self, call: dict[str, Any]) -> dict[str, Any] | None:
        return asyncio.run(self._executor.run(call))


def _apology(name: str) -> dict[str, Any]:
    reply = {
        "text": answers.book().texts["storing"],
        "metadata": {"kind": "fallback", "topic": None, "sources": [], "options": [], "lang": "nl"},
    }
    # A validation that failed must also close the form, or the form would ask on with half its work done.
    events = [{"event": "active_loop", "name": None}, {"event": "slot", "name": "requested_slot", "value": None}]
    return {"events": events if name.startswith(_VALIDATION) else [], "responses": [reply]}
