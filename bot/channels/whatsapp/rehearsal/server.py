"""A real `wegwijzer start` in a process of its own, set up for the fake Graph API; it can be killed and started again."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bot import paths
from bot.channels.whatsapp.queue import open_engine
from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi
from bot.channels.whatsapp.signature import HEADER, sign
from bot.channels.whatsapp.tables import inbox, outbox
from knowledge.errors import BotError

SECRET = "rehearsal-secret"
VERIFY_TOKEN = "rehearsal-verify-token"
_START_SECONDS = 300  # a model may have to be trained first


class Server:
    """Use it as a context manager.

    Args:
        api: the fake it talks to; its `webhook` is pointed here.
        database_url: its database.
        errors: file for its stderr; None prints it.
        more: further environment variables.
    """

    def __init__(
        self, api: FakeGraphApi, database_url: str, *, errors: Path | None = None, more: dict[str, str] | None = None
    ) -> None:
        self._api, self._database, self._errors = api, database_url, errors
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._environment = {
            **os.environ, "WEGWIJZER_DATABASE_URL": database_url, "WEGWIJZER_SECRET": SECRET,
            "WEGWIJZER_PUBLIC_URL": "https://wegwijzer.example", "WHATSAPP_PHONE_NUMBER_ID": api.phone_number_id,
            "WHATSAPP_ACCESS_TOKEN": api.token, "WHATSAPP_APP_SECRET": api.app_secret,
            "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN, "WHATSAPP_API_URL": api.url, **(more or {}),
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}/webhooks/whatsapp/webhook"

    def __enter__(self) -> Server:
        self._api.webhook = self._api.webhook or self.url
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers.

        Raises:
            BotError: it stopped, or did not answer in time.
        """
        errors = self._errors.open("ab") if self._errors else None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "start", "--port", str(self._port)], cwd=paths.PROJECT,
            env=self._environment, stderr=errors,
        )  # fmt: skip
        if errors:
            errors.close()
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise BotError("the server of the rehearsal stopped; see the messages above")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self._port}/gezond", timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        raise BotError("the server of the rehearsal does not answer")

    def stop(self) -> None:
        """As an operator does; it may finish what it is doing."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)

    def kill(self) -> None:
        """As a crash does: kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=30)

    def post(self, body: dict[str, Any] | bytes, *, headers: dict[str, str] | None = None) -> int:
        """Deliver a webhook as Meta does, signed unless `headers` are given; returns the HTTP status."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        signed = {HEADER: sign(self._api.app_secret, raw)} if headers is None else headers
        request = urllib.request.Request(self.url, raw, {"Content-Type": "application/json", **signed})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def settled(self, seconds: float = 60.0) -> bool:
        """Wait until nothing waits in its queue any more, at most so long; whether it came true."""
        engine = open_engine(self._database)
        try:
            return self._api.wait_for(lambda: not _waiting(engine), seconds)
        finally:
            engine.dispose()


def _waiting(engine: Any) -> bool:
    with engine.connect() as connection:
        return any(connection.execute(table.select().limit(1)).first() is not None for table in (inbox, outbox))
