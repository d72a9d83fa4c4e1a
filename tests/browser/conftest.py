"""The product in a real browser: `wegwijzer start` as a process, a school's page on another origin, Chromium."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.cli.browser import launch

PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    """The running product: its address, the address of the school's page, and what it has stored."""

    base: str
    school: str
    database: Path

    def heard(self) -> int:
        """How many messages of parents are in the database."""
        with sqlite3.connect(self.database) as connection:
            query = "SELECT count(*) FROM events WHERE type_name = 'user'"
            return connection.execute(query).fetchone()[0]


@pytest.fixture(scope="package")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, school_port = free_port(), free_port()
    base, school = f"http://127.0.0.1:{port}", f"http://localhost:{school_port}"
    database = tmp_path_factory.mktemp("web") / "wegwijzer.sqlite"
    env = {
        **os.environ,
        "WEGWIJZER_DATABASE_URL": f"sqlite:///{database}",
        "WEGWIJZER_SECRET": "geheim-van-de-test",
        "WEGWIJZER_ALLOWED_ORIGINS": school,
    }
    command = [sys.executable, "-m", "bot", "start", "--port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, env=env, stderr=subprocess.PIPE, text=True)
    pages = school_site(school_port, base)
    try:
        for _ in range(180):
            try:
                urllib.request.urlopen(f"{base}/gezond", timeout=2).read()
                break
            except OSError:
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.5)
        yield Server(base, school, database)
    finally:
        pages.shutdown()
        process.terminate()
        process.wait(timeout=20)


def school_site(port: int, base: str) -> ThreadingHTTPServer:
    """A page of a school under exactly the policy that /inbedden gives."""
    policy = f"script-src 'self' {base}; style-src 'self' {base}; connect-src {base}"
    page = f"""<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>School</title>
        <script type="module" src="{base}/wegwijzer.js"></script></head>
        <body><main><h1>Onze school</h1><p><a href="/twee">Volgende pagina</a></p></main>
        <wegwijzer-chat titel="Vraag het" knoptekst="Stel een vraag" starttekst="Welkom bij onze school." positie="links">
        <p>Bel de school: <a href="tel:0123456789">012 345 67 89</a></p></wegwijzer-chat></body></html>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            pass

    pages = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    return pages


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Fails, and does not skip, on a machine without Chromium: these tests are part of the product's promise."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="nl-NL", viewport={"width": 1200, "height": 860})
    context.set_default_timeout(8_000)
    yield context
    context.close()


@dataclass
class Chat:
    """A page with the widget, driven as a parent does. Playwright's locators see into the open shadow root."""

    page: Page

    def open(self) -> None:
        self.page.locator(".launcher").click()
        self.page.locator(".bot").first.wait_for()

    def ask(self, text: str) -> None:
        """Type and send; waits until the answer is there."""
        before = self.replies.count()
        self.box.fill(text)
        self.page.keyboard.press("Enter")
        self.expect_more_than(before)

    def expect_more_than(self, count: int) -> None:
        self.page.wait_for_function(
            "count => document.querySelector('wegwijzer-chat').shadowRoot.querySelectorAll('.bot').length > count",
            arg=count,
        )

    @property
    def box(self) -> Any:
        return self.page.locator("textarea")

    @property
    def replies(self) -> Any:
        return self.page.locator(".bot")

    @property
    def last(self) -> Any:
        return self.replies.last

    def focused(self) -> str:
        """What has the focus inside the widget, as `tag.class` or its text."""
        return self.page.evaluate(
            "() => { const e = document.querySelector('wegwijzer-chat').shadowRoot.activeElement;"
            " return e ? (e.id || e.className || e.textContent.trim()) : '' }"
        )


@pytest.fixture
def chat(context: BrowserContext, server: Server) -> Chat:
    page = context.new_page()
    page.goto(server.base)
    page.locator(".launcher").wait_for()
    return Chat(page)
