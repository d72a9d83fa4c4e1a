"""The website channel: a page talks JSON with it. Typed text and pressed buttons arrive as different things."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import buttons
from bot.channels.addresses import sender
from bot.channels.origins import Origins
from bot.channels.rate import RateLimiter
from bot.channels.replays import Replays
from bot.channels.tokens import Tokens
from bot.conversation import Conversations, Reply, Turn
from bot.dialogue import CONTENT_KINDS
from bot.guard import MAX_CHARACTERS
from knowledge import answers

logger = logging.getLogger("wegwijzer.website")

NAME = "website"
PATH = f"/webhooks/{NAME}/"
# 4,000 characters are at most 48 kB as JSON (every one of them an escaped pair).
MAX_BODY_BYTES = 64_000
_MESSAGE_ID = re.compile(r"[\w-]{1,64}\Z", re.ASCII)
_FORGETTING = frozenset({"gegevens_wissen", "opnieuw"})

Handler = Callable[[Request], Awaitable[HTTPResponse]]


class Refused(Exception):
    """A request that cannot be used; `status` and the Dutch message go to the caller."""

    def __init__(self, message: str, status: int = 400, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}


class WebsiteChannel(InputChannel):
    """Rasa input channel under /webhooks/website.

    POST gesprek -> {"token", "opening", "buttons", "max_characters"};
    POST bericht {"token", "text" | "button", "id"?} -> {"replies", "kind", "topic"}; a repeated `id` gets the same reply;
    POST wissen {"token"} -> {"gewist": true}.
    What cannot be used gets {"fout": a Dutch sentence} with status 400, 403, 413, 415 or 429.

    Args:
        tokens: makes and checks conversation tokens; the client can't choose one.
        limiter: how many messages a conversation and an address may send.
        origins: the other websites whose pages may talk with this channel.
    """

    def __init__(self, tokens: Tokens, limiter: RateLimiter, origins: Origins) -> None:
        self._tokens = tokens
        self._limiter = limiter
        self._origins = origins
        self._replays = Replays()

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Messages go to `app.ctx.conversations`, which locks, guards and assembles the whole turn."""
        routes = Blueprint(f"{NAME}_channel", __name__)
        for path, handle in (("/gesprek", self._begin), ("/bericht", self._message), ("/wissen", self._forget)):
            name = path.strip("/")
            routes.add_route(_answering(handle), path, methods=["POST"], name=name)
            routes.add_route(_answering(self._origins.preflight), path, methods=["OPTIONS"], name=f"{name}_preflight")
        return routes

    async def _begin(self, request: Request) -> HTTPResponse:
        await self._limit(address=self._address(request))
        return _json(
            {
                "token": self._tokens.new(),
                "opening": answers.book().texts["opening"],
                "buttons": buttons.opening(),
                "max_characters": MAX_CHARACTERS,
            }
        )

    async def _message(self, request: Request) -> HTTPResponse:
        body, conversation = await self._received(request)
        message_id = body.get("id", uuid.uuid4().hex)
        if not isinstance(message_id, str) or not _MESSAGE_ID.match(message_id):
            raise Refused("Het veld 'id' is een tekst van 1 tot 64 letters, cijfers of streepjes.")
        button, text = body.get("button"), body.get("text")
        if not isinstance(button, str) and not isinstance(text, str):
            raise Refused("Stuur 'text' of 'button' mee.")
        conversations: Conversations = request.app.ctx.conversations

        async def talk() -> dict[str, Any]:
            if isinstance(button, str):
                turn = await conversations.press(conversation, button, channel=NAME)
            else:
                turn = await conversations.say(conversation, text, channel=NAME)
            if turn.topic in _FORGETTING:
                self._replays.forget(conversation, but=message_id)
            return _as_json(turn)

        try:
            return _json(await self._replays.once(conversation, message_id, talk))
        except Exception as error:
            logger.error("a message got an apology: %s", type(error).__name__)
            apology = Reply(answers.book().texts["storing"], metadata={"kind": "fallback"})
            return _json({"kind": "fallback", "topic": None, "replies": [_reply_as_json(apology)]})

    async def _forget(self, request: Request) -> HTTPResponse:
        _, conversation = await self._received(request)
        conversations: Conversations = request.app.ctx.conversations

        async def forget() -> dict[str, Any]:
            await conversations.forget(conversation)
            self._replays.forget(conversation)
            return {"gewist": True}

        return _json(await self._replays.in_order(conversation, forget))

    async def _received(self, request: Request) -> tuple[dict[str, Any], str]:
        """The body and the conversation it belongs to, counted against both limits."""
        address = self._address(request)
        await self._limit(address=address)
        body = _body(request)
        token = body.get("token")
        conversation = self._tokens.conversation(token) if isinstance(token, str) else None
        if conversation is None:
            raise Refused("Dit gesprek is niet bekend. Begin opnieuw.", 403)
        await self._limit(conversation=conversation)
        return body, conversation

    async def _limit(self, **who: str) -> None:
        if not await self._limiter.allows(**who):
            raise Refused(
                "Er kwamen veel berichten kort na elkaar. Wacht even en probeer het dan opnieuw.", 429,
                retry_after=await self._limiter.wait(**who),
            )  # fmt: skip

    def _address(self, request: Request) -> str:
        return self._tokens.hashed(sender(request))


def _answering(handle: Handler) -> Handler:
    """`handle` that words a refusal as JSON."""

    async def answer(request: Request) -> HTTPResponse:
        try:
            return await handle(request)
        except Refused as refusal:
            return _json({"fout": str(refusal)}, refusal.status, refusal.headers)

    return answer


def _body(request: Request) -> dict[str, Any]:
    if not (request.content_type or "").startswith("application/json"):
        raise Refused("Stuur JSON (Content-Type: application/json).", 415)
    if len(request.body) > MAX_BODY_BYTES:
        raise Refused("Uw bericht is te groot. Kunt u uw vraag in een paar zinnen stellen?", 413)
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused("Dit is geen geldige JSON.")
    return body


def _as_json(turn: Turn) -> dict[str, Any]:
    return {"kind": turn.kind, "topic": turn.topic, "replies": [_reply_as_json(reply) for reply in turn.replies]}


def _reply_as_json(reply: Reply) -> dict[str, Any]:
    kind = reply.metadata.get("kind")
    return {
        "text": reply.text,
        "kind": kind,
        "buttons": reply.buttons,
        "about": buttons.about_an_answer() if kind in CONTENT_KINDS else [],
        "lang": reply.metadata.get("lang") or "nl",
        "dir": reply.metadata.get("dir") or "ltr",
        "sources": reply.metadata.get("sources") or [],
    }


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    # What is said in a conversation stays out of every cache on the way.
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return response.json(body, status, headers, dumps=lambda data: json.dumps(data, ensure_ascii=False))
