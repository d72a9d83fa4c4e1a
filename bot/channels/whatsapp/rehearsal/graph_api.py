"""The fake Graph API: a real HTTP server on loopback that takes, refuses, is slow, breaks off, or is not there."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from bot.channels.whatsapp.rehearsal import rules, webhooks
from bot.channels.whatsapp.signature import HEADER, sign

_STATUS_TRIES, _STATUS_WAIT = 120, 0.5


@dataclass
class Fault:
    """How one request for a message ends.

    status, code: the answer (status 200: it is taken). delay: seconds before it. take: the message is taken all the same.
    breaks: the connection is closed without an answer.
    """

    status: int = 200
    code: int | None = None
    delay: float = 0.0
    take: bool = False
    breaks: bool = False
    retry_after: int | None = None


@dataclass
class Taken:
    """A message that the API took: the phone shows it."""

    at: float
    body: dict[str, Any]

    @property
    def to(self) -> str:
        """The address it went to."""
        return self.body.get("to") or self.body.get("recipient") or ""


@dataclass
class FakeGraphApi:
    """Use it as a context manager; it runs in a thread of its own.

    Args:
        token: the access token it accepts.
        webhook: where status callbacks go, signed with `app_secret`; None sends none.
        tells: whether status callbacks are sent.
    """

    phone_number_id: str = "106540352242922"
    token: str = "rehearsal-token"
    app_secret: str = "rehearsal-app-secret"
    webhook: str | None = None
    tells: bool = True
    taken: list[Taken] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    requests: int = 0
    faults: deque[Fault] = field(default_factory=deque)
    always: Fault | None = None

    def __enter__(self) -> FakeGraphApi:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._port, self._runner, self._telling = 0, None, set()
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()
        self._call(self._hush())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The value for WHATSAPP_API_URL."""
        return f"http://127.0.0.1:{self._port}/v26.0"

    def up(self) -> None:
        """Listen; after `down` on the same port."""
        self._call(self._up())

    def down(self) -> None:
        """Be gone: connections are refused."""
        if self._runner is not None:
            self._call(self._runner.cleanup())
            self._runner = None

    def wait_for(self, enough: Callable[[], bool], seconds: float = 60.0) -> bool:
        """Wait until `enough()`, at most so long; whether it came true."""
        end = time.monotonic() + seconds
        while not enough() and time.monotonic() < end:
            time.sleep(0.01)
        return enough()

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _up(self) -> None:
        app = web.Application()
        app.router.add_post("/v26.0/{number}/messages", self._messages)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _hush(self) -> None:
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return self._error(401, 190, "Invalid OAuth access token")
        if request.match_info["number"] != self.phone_number_id:
            return self._error(400, 100, "Unsupported post request")
        try:
            body = await request.json()
        except json.JSONDecodeError:
            return self._error(400, 100, "not JSON")
        if (problem := rules.problem(body)) is not None:
            return self._error(400, *problem)
        if "status" in body:
            self.marks.append(body)
            return web.json_response({"success": True})
        return await self._message(request, body)

    async def _message(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        fault = self.faults.popleft() if self.faults else self.always or Fault()
        identifier = f"wamid.{uuid.uuid4().hex}"
        if fault.take or (fault.status == 200 and not fault.breaks):
            self.taken.append(Taken(time.time(), body))
            if self.webhook and self.tells:
                task = asyncio.get_running_loop().create_task(self._tell(identifier, body))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)
        await asyncio.sleep(fault.delay)
        if fault.breaks:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault.status != 200:
            return self._error(fault.status, fault.code, "rehearsed", retry_after=fault.retry_after)
        to = body.get("to") or body.get("recipient")
        return web.json_response(
            {"messaging_product": "whatsapp", "contacts": [{"input": to}], "messages": [{"id": identifier}]}
        )

    def _error(self, status: int, code: int | None, text: str, *, retry_after: int | None = None) -> web.Response:
        self.refused.append((code or status, text))
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        if code is None:
            return web.Response(status=status, text="<html>gateway</html>", headers=headers)
        error = {"message": f"(#{code}) {text}", "type": "OAuthException", "code": code, "fbtrace_id": "rehearsal"}
        return web.json_response({"error": error}, status=status, headers=headers)

    async def _tell(self, identifier: str, body: dict[str, Any]) -> None:
        """Status callbacks as Meta sends them: again and again until the webhook answers 200."""
        async with ClientSession(timeout=ClientTimeout(total=5)) as session:
            for status in ("sent", "delivered"):
                text = json.dumps(webhooks.status(identifier, status, body, number=self.phone_number_id)).encode()
                for _ in range(_STATUS_TRIES):
                    try:
                        signed = {HEADER: sign(self.app_secret, text)}
                        async with session.post(str(self.webhook), data=text, headers=signed) as answer:
                            if answer.status == 200:
                                break
                    except (OSError, TimeoutError):
                        pass
                    except Exception as error:
                        if type(error).__module__.split(".")[0] != "aiohttp":
                            raise
                    await asyncio.sleep(_STATUS_WAIT)
