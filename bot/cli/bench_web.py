"""`wegwijzer bench web`: the website channel beside Rasa's own REST channel, and the widget's size and start.

Both servers run as processes of their own on loopback, one after the other, and get the same load from here.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import paths, runtime
from bot.cli import progress
from knowledge.errors import BotError

if TYPE_CHECKING:
    import aiohttp

ANSWERS = (
    "wie betaalt de laptop",
    "wat is een opp",
    "mijn kind mag niet naar school",
    "wat kost een onderwijsconsulent",
)
LOOKUP = "welk steunpunt hoort bij een basisschool in almere"
RASAS_OWN = ("hello", "I am very sad", "are you a bot?", "bye")
_RATE = 20
_UNLIMITED = 1_000_000
_START_SECONDS = 120
_PAGE_LOADS = 15

# Asks something in one conversation and returns when the reply is there.
Ask = Callable[[str], Awaitable[None]]


class BenchError(BotError):
    """A server to measure did not start, or answered something else than a reply."""


@click.command()
@click.option("--messages", default=200, show_default=True, type=click.IntRange(20, 2_000), help="One at a time.")
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(5, 300), help=f"At {_RATE} a second.")
@click.option("--without-rasa", is_flag=True, help="Leave out Rasa's own REST channel (its training takes minutes).")
def web(messages: int, seconds: int, without_rasa: bool) -> None:
    """Time from POST to reply, one at a time and at 20 messages a second; the widget's bytes and start."""
    runtime.prepare()
    from bot import training

    model = training.ensure_model(progress)
    rows = []
    with tempfile.TemporaryDirectory() as scratch, _ours(model, Path(scratch)) as base:
        progress("measuring the website channel ...")
        rows += asyncio.run(_measure_ours(base, messages, seconds))
        ready = _launcher_ready(base)
    if not without_rasa:
        with tempfile.TemporaryDirectory() as scratch, _rasas_own(Path(scratch)) as base:
            progress("measuring Rasa's REST channel ...")
            rows += asyncio.run(_measure_rasas(base, messages, seconds))
    click.echo("| POST to reply | messages | median | p99 |\n| --- | ---: | ---: | ---: |")
    for name, times in rows:
        click.echo(f"| {name} | {len(times)} | {_ms(statistics.median(times))} | {_ms(_percentile(times, 99))} |")
    click.echo(f"\nWidget, all files together: {widget_bytes():,} bytes gzipped.")
    click.echo(f"Page load to launcher ready, cold cache, {len(ready)} loads: median {_ms(statistics.median(ready))}.")


def widget_bytes() -> int:
    """Gzipped size of everything the widget can load."""
    files = [paths.WEB / "wegwijzer.js", *(paths.WEB / "widget").iterdir()]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


Rows = list[tuple[str, list[float]]]


async def _measure_ours(base: str, messages: int, seconds: int) -> Rows:
    import aiohttp

    async with aiohttp.ClientSession(base) as http:

        def ask_in(token: str) -> Ask:
            async def send(text: str) -> None:
                body = await _json(http, "/webhooks/website/bericht", {"token": token, "text": text})
                if not body["replies"]:
                    raise BenchError("the website channel gave no reply")

            return send

        async def opened() -> Ask:
            return ask_in((await _json(http, "/webhooks/website/gesprek", {}))["token"])

        await (await opened())(LOOKUP)
        mixed = (*ANSWERS, LOOKUP)
        return [
            ("website channel, answer", await _one_at_a_time(opened, ANSWERS, messages)),
            ("website channel, lookup", await _one_at_a_time(opened, (LOOKUP,), messages // 2)),
            (f"website channel, {_RATE}/s, one in five a lookup", await _steadily(opened, mixed, seconds)),
        ]


async def _measure_rasas(base: str, messages: int, seconds: int) -> Rows:
    import aiohttp

    numbers = iter(range(10**9))
    async with aiohttp.ClientSession(base) as http:

        async def opened() -> Ask:
            sender = f"bench-{next(numbers)}"

            async def send(text: str) -> None:
                if not await _json(http, "/webhooks/rest/webhook", {"sender": sender, "message": text}):
                    raise BenchError("Rasa's REST channel gave no reply")

            return send

        await (await opened())(RASAS_OWN[0])
        return [
            ("Rasa REST, `rasa init`, answer", await _one_at_a_time(opened, RASAS_OWN, messages)),
            (f"Rasa REST, `rasa init`, {_RATE}/s", await _steadily(opened, RASAS_OWN, seconds)),
        ]


async def _one_at_a_time(opened: Callable[[], Awaitable[Ask]], texts: Sequence[str], count: int) -> list[float]:
    """Conversations of as many turns as there are texts, after each other."""
    times: list[float] = []
    while len(times) < count:
        ask = await opened()
        for text in texts[: count - len(times)]:
            times.append(await _timed(ask, text))
    return times


async def _steadily(opened: Callable[[], Awaitable[Ask]], texts: Sequence[str], seconds: int) -> list[float]:
    """New conversations at a fixed rate, whether earlier replies are there or not; timed from when each was due."""
    asks = [await opened() for _ in range(_RATE * seconds)]
    start = time.perf_counter() + 0.1

    async def one(number: int) -> float:
        due = start + number / _RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asks[number](texts[number % len(texts)])
        return time.perf_counter() - due

    return await asyncio.gather(*(one(number) for number in range(len(asks))))


async def _timed(ask: Ask, text: str) -> float:
    began = time.perf_counter()
    await ask(text)
    return time.perf_counter() - began


async def _json(http: aiohttp.ClientSession, path: str, body: dict[str, str]) -> Any:
    async with http.post(path, json=body) as answer:
        if answer.status != 200:
            raise BenchError(f"{path} answered {answer.status}")
        return await answer.json()


def _launcher_ready(base: str) -> list[float]:
    """Seconds from navigation to a launcher that can be pressed, each time in a browser that has seen nothing yet."""
    from playwright.sync_api import sync_playwright

    from bot.cli.browser import launch

    times = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(_PAGE_LOADS):
            page = browser.new_context().new_page()
            page.goto(base)
            page.locator(".launcher").wait_for()
            times.append(page.evaluate("() => performance.getEntriesByName('wegwijzer-ready')[0].startTime") / 1_000)
            page.context.close()
        browser.close()
    return times


# ------------------------------------------------------------------------------------------------------ the two servers
@contextlib.contextmanager
def _ours(model: Path, scratch: Path) -> Iterator[str]:
    port = _free_port()
    url = f"sqlite:///{scratch / 'bench.sqlite'}"
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(model, port, url), daemon=True)
    server.start()
    try:
        _wait(f"http://127.0.0.1:{port}/gezond", server.is_alive)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.join(20)


def _serve(model: Path, port: int, url: str) -> None:
    os.environ["WEGWIJZER_DATABASE_URL"] = url
    runtime.prepare()
    from bot.channels.rate import RateLimiter
    from bot.cli import engine
    from bot.server import make_app
    from bot.settings import Settings

    engine.fill_database()
    limiter = RateLimiter(per_conversation=_UNLIMITED, per_address=_UNLIMITED)
    app = make_app(model, Settings(database_url=url, port=port), limiter=limiter)
    app.run(host="127.0.0.1", port=port, access_log=False, debug=False)


@contextlib.contextmanager
def _rasas_own(project: Path) -> Iterator[str]:
    """`rasa init`'s project with its default configuration, its own small data, and nothing but the REST channel."""
    rasa = [sys.executable, "-m", "rasa"]
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "SANIC_HOST": "127.0.0.1"},
    }
    progress("training `rasa init`'s project with its default configuration (minutes) ...")
    made = subprocess.run([*rasa, "init", "--no-prompt", "--init-dir", str(project)], **quiet)
    if made.returncode:
        raise BenchError("`rasa init` failed")
    (project / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    port = _free_port()
    server = subprocess.Popen([*rasa, "run", "-i", "127.0.0.1", "-p", str(port)], cwd=project, **quiet)
    try:
        _wait(f"http://127.0.0.1:{port}/", lambda: server.poll() is None)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, alive: Callable[[], bool]) -> None:
    for _ in range(_START_SECONDS * 2):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        if not alive():
            raise BenchError(f"the server for {url} stopped while starting")
        time.sleep(0.5)
    raise BenchError(f"{url} did not answer within {_START_SECONDS} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _percentile(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.0f} ms"
