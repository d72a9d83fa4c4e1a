"""`wegwijzer screens`: pictures of the website's main states, for the docs and for whoever wants to look."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import runtime
from bot.cli import engine, progress

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PHONE = {"width": 360, "height": 740}
_DESKTOP = {"width": 1000, "height": 760}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def screens(folder: Path) -> None:
    """Take screenshots of the main states of the website (needs Chromium) and put them in FOLDER as PNG."""
    runtime.prepare()
    from playwright.sync_api import sync_playwright

    from bot import training
    from bot.cli.browser import launch

    engine.fill_database()
    model = training.ensure_model(progress)
    folder.mkdir(parents=True, exist_ok=True)
    with served(model) as base, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, options, act in _STATES:
            context = browser.new_context(locale="nl-NL", **options)
            page = context.new_page()
            page.goto(base)
            page.locator(".launcher").wait_for()
            shown = act(page) or page
            shown.wait_for_timeout(200)
            shown.screenshot(path=str(folder / f"{name}.png"))
            click.echo(str(folder / f"{name}.png"))
            context.close()
        browser.close()


@contextlib.contextmanager
def served(model: Path, **parts: Any) -> Iterator[str]:
    """The website on a free port of loopback, from a thread; gives its address."""
    from bot.conversation import Conversations
    from bot.server import make_app
    from bot.settings import Settings

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loop, started = asyncio.new_event_loop(), threading.Event()

    async def start() -> None:
        conversations = Conversations.load(model, opening=False)
        app = make_app(model, Settings(port=port), conversations=conversations, **parts)
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(60):
        raise click.ClickException("the server did not start within a minute")
    yield f"http://127.0.0.1:{port}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def _open(page: Page) -> None:
    page.locator(".launcher").click()
    page.locator(".bot").first.wait_for()


def _asked(*questions: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        _open(page)
        for question in questions:
            before = page.locator(".bot").count()
            page.locator("textarea").fill(question)
            page.locator("textarea").press("Enter")
            page.locator(".bot").nth(before).wait_for()

    return act


def _offline(page: Page) -> None:
    _asked("wie betaalt de laptop")(page)
    page.context.set_offline(True)
    page.locator("textarea").fill("en als school nee zegt")
    page.locator("textarea").press("Enter")
    page.locator(".retry").wait_for()


def _printed(page: Page) -> Page:
    _asked("wie betaalt de laptop", "welk ziezon bureau hoort bij almere")(page)
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Bewaar of print").click()
    popup.value.locator("h1").wait_for()
    return popup.value


_ANSWER = _asked("wie betaalt de laptop")
_LOOKUP = _asked("wie betaalt de laptop", "welk steunpunt hoort bij een basisschool in almere")
_STATES: tuple[tuple[str, dict[str, Any], Callable[[Page], Page | None]], ...] = (
    ("dicht", {"viewport": _DESKTOP}, lambda page: None),
    ("begin", {"viewport": _DESKTOP}, _open),
    ("antwoord", {"viewport": _DESKTOP}, _ANSWER),
    ("opgezocht", {"viewport": _DESKTOP}, _LOOKUP),
    ("donker", {"viewport": _DESKTOP, "color_scheme": "dark"}, _ANSWER),
    ("contrast", {"viewport": _DESKTOP, "forced_colors": "active"}, _ANSWER),
    ("telefoon-dicht", {"viewport": _PHONE, "has_touch": True}, lambda page: None),
    ("telefoon", {"viewport": _PHONE, "has_touch": True}, _ANSWER),
    ("telefoon-donker", {"viewport": _PHONE, "has_touch": True, "color_scheme": "dark"}, _LOOKUP),
    ("zonder-internet", {"viewport": _PHONE, "has_touch": True}, _offline),
    ("zoom", {"viewport": {"width": 320, "height": 400}}, _ANSWER),
    ("print", {"viewport": _DESKTOP}, _printed),
)
