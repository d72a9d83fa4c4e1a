"""The website channel: a page talks JSON with it. Typed text and pressed buttons arrive as different things."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.tokens import Tokens
from bot.conversation import Conversations, Turn
from knowledge import answers

NAME = "website"


class BadRequest(Exception):
    """What came in cannot be used; `status` and the message go to the caller."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class WebsiteChannel(InputChannel):
    """Rasa input channel under /webhooks/website.

    POST gesprek -> {"token", "opening"}; POST bericht {"token", "text" | "button"} -> {"replies", "kind", "topic"};
    POST wissen {"token"} -> {"gewist": true}.

    Args:
        tokens: makes and checks conversation tokens; the client can't choose one.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Messages go to `app.ctx.conversations`, which locks, guards and assembles the whole turn."""
        routes = Blueprint(f"{NAME}_channel", __name__)

        @routes.post("/gesprek")
        async def begin(request: Request) -> HTTPResponse:
            return _json({"token": self._tokens.new(), "opening": answers.book().texts["opening"]})

        @routes.post("/bericht")
        async def message(request: Request) -> HTTPResponse:
            try:
                body = _body(request)
                conversation = self._conversation(body)
                conversations: Conversations = request.app.ctx.conversations
                if isinstance(body.get("button"), str):
                    turn = await conversations.press(conversation, body["button"], channel=NAME)
                elif isinstance(body.get("text"), str):
                    turn = await conversations.say(conversation, body["text"], channel=NAME)
                else:
                    raise BadRequest("Stuur 'text' of 'button' mee.")
            except BadRequest as error:
                return _json({"fout": str(error)}, error.status)
            return _json(_as_json(turn))

        @routes.post("/wissen")
        async def forget(request: Request) -> HTTPResponse:
            try:
                await request.app.ctx.conversations.forget(self._conversation(_body(request)))
            except BadRequest as error:
                return _json({"fout": str(error)}, error.status)
            return _json({"gewist": True})

        return routes

    def _conversation(self, body: dict[str, Any]) -> str:
        token = body.get("token")
        conversation = self._tokens.conversation(token) if isinstance(token, str) else None
        if conversation is None:
            raise BadRequest("Dit gesprek is niet bekend. Begin opnieuw.", 403)
        return conversation


def _body(request: Request) -> dict[str, Any]:
    if not (request.content_type or "").startswith("application/json"):
        raise BadRequest("Stuur JSON (Content-Type: application/json).", 415)
    try:
        body = json.loads(request.body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise BadRequest("Dit is geen geldige JSON.")
    return body


def _as_json(turn: Turn) -> dict[str, Any]:
    return {
        "kind": turn.kind,
        "topic": turn.topic,
        "replies": [
            {
                "text": reply.text,
                "buttons": reply.buttons,
                "lang": reply.metadata.get("lang") or "nl",
                "dir": reply.metadata.get("dir") or "ltr",
                "sources": reply.metadata.get("sources") or [],
            }
            for reply in turn.replies
        ],
    }


def _json(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    return response.json(body, status=status, dumps=lambda data: json.dumps(data, ensure_ascii=False))
