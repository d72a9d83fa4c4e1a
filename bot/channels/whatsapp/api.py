"""The client of Meta's Cloud API: one connection pool, time-outs, and what every answer means for the message.

Error codes: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (read 2026-11-27).
"""

from __future__ import annotations

import asyncio
import json
import logging
from types import SimpleNamespace
from typing import Any

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from bot.settings import WhatsAppSettings

logger = logging.getLogger("wegwijzer.whatsapp")

_TOTAL_SECONDS, _CONNECT_SECONDS, _READ_MARK_SECONDS = 15, 5, 3
_ATTEMPTS = 3
# Too fast, for the app, the account, the number, or this person; 131048 is the limit after many blocks.
RATE_CODES = frozenset({4, 80007, 130429, 131048, 131056})
# Meta's own trouble: unknown, down, overloaded, being upgraded.
_PASSING_CODES = frozenset({1, 2, 131000, 131016, 131057, 133004})
# Our access is closed. Nothing is wrong with the message: it waits for the operator to renew the token.
_ACCESS_CODES = frozenset({0, 190})
_LONGEST_WAIT = 3_600.0


class NotSent(Exception):
    """Meta has not taken the message. `code` is Meta's, or the HTTP status, or 0 when there was no connection."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


class Refused(NotSent):
    """Sending the same again would be refused again."""


class TryLater(NotSent):
    """It may work later. `wait`: seconds Meta asked for; `away`: Meta is down or cannot be reached, for everybody."""

    def __init__(self, code: int, *, wait: float = 0.0, away: bool = False) -> None:
        super().__init__(code)
        self.wait, self.away = wait, away


class Unsure(Exception):
    """The request went out and no answer came: Meta may or may not have taken it."""


class GraphApi:
    """Sends messages from one number.

    Args:
        settings: address, number and token.
        first_wait: seconds before the first repetition of a request, which then doubles.
    """

    def __init__(self, settings: WhatsAppSettings, *, first_wait: float = 0.5) -> None:
        self._url = f"{settings.api_url}/{settings.phone_number_id}/messages"
        self._headers = {"Authorization": f"Bearer {settings.access_token}"}
        self._first_wait = first_wait
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> GraphApi:
        trace = aiohttp.TraceConfig(trace_config_ctx_factory=_noted)
        trace.on_request_headers_sent.append(_note_sent)
        self._session = aiohttp.ClientSession(
            headers=self._headers, trace_configs=[trace],
            timeout=aiohttp.ClientTimeout(total=_TOTAL_SECONDS, connect=_CONNECT_SECONDS),
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, payload: dict[str, Any], address: dict[str, str], tag: str) -> None:
        """Send one message. Repeats by itself a few times while Meta is away, never what it may have taken.

        Args:
            payload: from `payloads.py`.
            address: {"recipient": user id} or {"to": number}.
            tag: comes back in Meta's status callbacks.

        Raises:
            Refused, TryLater: not sent.
            Unsure: nobody knows.
        """
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **address, **payload,
                "biz_opaque_callback_data": tag}  # fmt: skip
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, TryLater) and error.away),
            stop=stop_after_attempt(_ATTEMPTS), reraise=True,
            wait=wait_exponential_jitter(initial=self._first_wait, max=4, jitter=self._first_wait),
        ):  # fmt: skip
            with attempt:
                await self._post(body)

    async def mark_read(self, message_id: str, *, typing: bool) -> None:
        """Show that the message was read, with `typing` also that an answer is coming. Failing is no harm.

        Source: .../whatsapp/typing-indicators (2026-06-17).
        """
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        try:
            await asyncio.wait_for(self._post(body), _READ_MARK_SECONDS)
        except (NotSent, Unsure, TimeoutError) as error:
            logger.debug("could not mark a message as read: %s", error)

    async def _post(self, body: dict[str, Any]) -> None:
        assert self._session is not None, "use the client as a context manager"
        request = SimpleNamespace(sent=False)
        try:
            async with self._session.post(self._url, json=body, trace_request_ctx=request) as answer:
                if answer.status < 300:
                    return
                raise _meaning(answer.status, await answer.text(), answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if request.sent:
                raise Unsure(type(error).__name__) from error
            raise TryLater(0, away=True) from error


def _meaning(status: int, text: str, retry_after: str) -> Exception:
    wait = min(float(retry_after), _LONGEST_WAIT) if retry_after.isdecimal() else 0.0
    code = _error_code(text)
    if code is None and status in (502, 504):  # a gateway gave up; what stands behind it may not have
        return Unsure(f"status {status}")
    if status == 429 or code in RATE_CODES:
        return TryLater(code if code in RATE_CODES else 4, wait=wait)
    if status >= 500 or code in _PASSING_CODES:
        return TryLater(code or status, wait=wait, away=True)
    if code in _ACCESS_CODES:
        return TryLater(code or status, wait=60.0)
    return Refused(code or status)


def _error_code(text: str) -> int | None:
    try:
        code = json.loads(text)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def _noted(trace_request_ctx: SimpleNamespace | None = None) -> SimpleNamespace:
    return trace_request_ctx or SimpleNamespace(sent=False)


async def _note_sent(_session: Any, context: SimpleNamespace, _parameters: Any) -> None:
    context.sent = True
