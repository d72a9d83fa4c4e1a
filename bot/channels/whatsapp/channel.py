"""The Rasa input channel: what Meta's webhook meets. It checks, stores and answers; the worker does the rest."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.rate import RateLimiter
from bot.channels.whatsapp import inbound, signature
from bot.channels.whatsapp.api import GraphApi
from bot.channels.whatsapp.identity import Names
from bot.channels.whatsapp.queue import Queue
from bot.channels.whatsapp.worker import CHANNEL, Worker
from bot.settings import Settings
from knowledge import answers

logger = logging.getLogger("wegwijzer.whatsapp")

MOST_BYTES = 3_000_000  # as much as Meta puts in one webhook
_PRIVACY_PAGE = "/privacy"


class Rejected(Exception):
    """The request is not for us; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class WhatsAppChannel(InputChannel):
    """Rasa input channel at /webhooks/whatsapp/webhook: GET to verify, POST for what Meta has to tell.

    Args:
        settings: with `whatsapp` and `secret` set.
    """

    def __init__(self, settings: Settings) -> None:
        assert settings.whatsapp is not None and settings.secret is not None
        self._settings, self._meta = settings, settings.whatsapp
        self._queue = Queue(settings.database_url, Names(settings.secret))
        self._worker: Worker | None = None
        self._open = AsyncExitStack()

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes, and the worker that lives as long as the server. Turns go to `app.ctx.conversations`."""
        routes = Blueprint(f"{CHANNEL}_channel", __name__)
        routes.listener("after_server_start")(self._start)
        routes.listener("before_server_stop")(self._stop)

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            given = request.args.get("hub.verify_token") or ""
            known = hmac.compare_digest(given.encode(), self._meta.verify_token.encode())
            if request.args.get("hub.mode") != "subscribe" or not known:
                return response.text("", status=403)
            return response.text(request.args.get("hub.challenge") or "")

        # Streaming, because this route takes more than the rest of the server does.
        @routes.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                await self._receive(request.headers.get(signature.HEADER), await _body(request))
            except Rejected as error:
                return response.text("", status=error.status)
            except SQLAlchemyError as error:
                logger.error("a webhook could not be stored: %s; Meta brings it again", type(error).__name__)
                return response.text("", status=503)
            return response.text("")

        return routes

    async def _receive(self, signed: str | None, body: bytes) -> None:
        if not signed:
            raise Rejected(401)
        if not signature.is_genuine(self._meta.app_secret, body, signed):
            raise Rejected(403)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise Rejected(400) from None
        received = inbound.read(data, self._meta.phone_number_id)
        for code in [*received.errors, *(code for status in received.statuses for code in status.codes)]:
            logger.warning("Meta reports code %s", code)
        await asyncio.to_thread(self._queue.receive, received, time.time())
        if self._worker is not None:
            self._worker.wake()

    async def _start(self, app: Sanic, _loop: Any) -> None:
        await asyncio.to_thread(self._queue.prepare)
        api = await self._open.enter_async_context(GraphApi(self._meta))
        self._worker = Worker(
            self._queue, api, app.ctx.conversations.opening_with(_opening(self._settings.public_url)),
            RateLimiter(self._settings.redis_url), register_url=self._settings.database_url,
        )  # fmt: skip
        self._worker.start()

    async def _stop(self, _app: Sanic, _loop: Any) -> None:
        if self._worker is not None:
            await self._worker.stop()
        await self._open.aclose()
        self._queue.close()


async def _body(request: Request) -> bytes:
    body, length = bytearray(), 0
    # What is too much is still read for a while, or the sender sees a broken connection instead of our answer.
    while length <= 4 * MOST_BYTES and (piece := await request.stream.read()) is not None:
        length += len(piece)
        if length <= MOST_BYTES:
            body += piece
    if length > MOST_BYTES:
        raise Rejected(413)
    return bytes(body)


def _opening(public_url: str) -> str:
    texts = answers.book().texts
    if not public_url:
        return texts["whatsapp_opening"]
    page = texts["whatsapp_privacy"].format(adres=f"{public_url}{_PRIVACY_PAGE}")
    return f"{texts['whatsapp_opening']}\n\n{page}"
