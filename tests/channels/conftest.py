"""The real server on loopback, in the event loop of the test run, with the assistant that is loaded already."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from bot.channels.rate import RateLimiter
from bot.conversation import Conversations
from bot.server import make_app
from bot.settings import Settings


@dataclass
class Site:
    """A page that talks with the website channel. `post` returns status, body and headers."""

    http: aiohttp.ClientSession
    base: str
    app: Sanic
    token: str | None = None

    async def post(self, path: str, body: Any = None, **more: Any) -> tuple[int, Any, Any]:
        async with self.http.post(f"{self.base}/webhooks/website/{path}", json=body or {}, **more) as answer:
            return answer.status, await answer.json(), answer.headers

    async def begin(self) -> str:
        status, body, _ = await self.post("gesprek")
        assert status == 200
        return body["token"]

    async def say(self, text: str, **more: Any) -> Any:
        """Typed in the conversation of this site; starts one when there is none."""
        self.token = self.token or await self.begin()
        return await self.send(self.token, text=text, **more)

    async def press(self, payload: str, **more: Any) -> Any:
        self.token = self.token or await self.begin()
        return await self.send(self.token, button=payload, **more)

    async def send(self, token: str, **message: Any) -> Any:
        status, body, _ = await self.post("bericht", {"token": token, **message})
        assert status == 200, body
        return body


@pytest.fixture
def visit(
    assistant: Conversations, register: str, event_loop_: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """`visit(scenario, settings=..., limiter=..., conversations=...)`: run `await scenario(site)` against the server."""
    monkeypatch.setattr(Sanic, "test_mode", True)  # several apps of one name, one after the other

    @asynccontextmanager
    async def serving(settings: Settings, **parts: Any) -> AsyncIterator[Site]:
        parts.setdefault("conversations", Conversations(assistant.agent, opening=False))
        parts.setdefault("limiter", RateLimiter(per_conversation=10_000, per_address=10_000))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        from bot.paths import MODELS

        app = make_app(MODELS / "geladen.tar.gz", settings, **parts)
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        async with aiohttp.ClientSession() as http:
            yield Site(http, f"http://127.0.0.1:{port}", app)
        await server.close()

    def run(scenario: Callable[[Site], Any], settings: Settings | None = None, **parts: Any) -> Any:
        async def whole() -> Any:
            async with serving(settings or Settings(secret="geheim-van-de-test"), **parts) as site:
                return await scenario(site)

        return event_loop_.run_until_complete(asyncio.wait_for(whole(), 120))

    return run
