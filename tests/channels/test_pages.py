"""The pages, the widget's files and the headers, over HTTP."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from bot import paths
from bot.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
Visit = Any


@pytest.mark.parametrize(
    "path", ["", "inbedden", "privacy", "toegankelijkheid", "gezond", "bestaat-niet", "wegwijzer.js"]
)
def test_security_headers_are_everywhere(visit: Visit, path: str) -> None:
    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/{path}") as answer:
            assert answer.status == (404 if path == "bestaat-niet" else 200)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
            assert "Server" not in answer.headers or "rasa" not in answer.headers["Server"].lower()

    visit(scenario)


def test_pages_answer_head(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        for path in ("", "privacy", "wegwijzer.js"):
            async with site.http.head(f"{site.base}/{path}") as answer:
                assert answer.status == 200 and await answer.read() == b""

    visit(scenario)


def test_errors_are_dutch_pages_without_insides(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_(*_: Any) -> None:
        raise RuntimeError("het binnenste")

    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/<script>alert(1)</script>") as answer:
            text = await answer.text()
            assert answer.status == 404 and "bestaat niet" in text and "<script" not in text
        monkeypatch.setattr(site.app.ctx.conversations, "store_answers", break_)
        async with site.http.get(f"{site.base}/gezond") as answer:
            text = await answer.text()
            assert answer.status == 500 and "088 605 01 01" in text and "binnenste" not in text
            assert answer.headers["X-Frame-Options"] == "DENY"
        monkeypatch.setattr("bot.buttons.opening", break_)
        status, body, _ = await site.post("gesprek")
        assert status == 500 and "088 605 01 01" in body["fout"] and "binnenste" not in str(body)

    visit(scenario)


def test_a_header_that_is_too_large_is_refused_in_dutch(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rsplit(":", 1)[1]))
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Lang: " + b"x" * 40_000 + b"\r\n\r\n")
        answer = (await reader.read(4_000)).decode()
        writer.close()
        assert " 413 " in answer.splitlines()[0] and "te groot" in answer

    visit(scenario)


def test_pages_say_what_this_server_does(visit: Visit) -> None:
    settings = Settings(public_url="https://chat.voorbeeld.nl", retention_days=12)

    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/inbedden") as answer:
            text = await answer.text()
            assert 'src="https://chat.voorbeeld.nl/wegwijzer.js"' in text
            host = settings.public_url
            policy = f"script-src 'self' {host}; style-src 'self' {host}; connect-src {host}"
            assert policy in text
        async with site.http.get(f"{site.base}/privacy") as answer:
            text = await answer.text()
            assert "na 12 dagen" in text and "wordt niet bewaard" in text and "sessie-opnames" in text

    visit(scenario, settings)


def test_the_privacy_page_admits_it_when_words_are_kept(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/privacy") as answer:
            assert "heeft aangezet dat ook bewaard wordt wat u typt" in await answer.text()

    visit(scenario, Settings(keep_text=True))


def test_health_says_whether_it_is_ready(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/gezond") as answer:
            assert answer.status == 200 and (await answer.json())["ready"] is True

        async def gone(_sender: str) -> None:
            raise OSError

        monkeypatch.setattr(site.app.ctx.conversations._store(), "retrieve", gone)
        async with site.http.get(f"{site.base}/gezond") as answer:
            assert answer.status == 503 and (await answer.json())["ready"] is False

    visit(scenario)


def test_files_are_packed_and_not_sent_twice(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/wegwijzer.js") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Content-Type"].startswith("text/javascript")
            tag = answer.headers["ETag"]
        async with site.http.get(f"{site.base}/wegwijzer.js", headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
            assert "Origin" in answer.headers["Vary"]
        async with site.http.get(f"{site.base}/wegwijzer.js", headers={"Accept-Encoding": "identity"}) as answer:
            assert await answer.read() == (paths.WEB / "wegwijzer.js").read_bytes()

    visit(scenario)


@pytest.mark.parametrize(
    "path", ["/../server.py", "/widget/../../server.py", "/%2e%2e/server.py", "/site.py", "/pages/demo.html"]
)
def test_only_the_files_that_are_meant_are_served(visit: Visit, path: str) -> None:
    async def scenario(site: Any) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rsplit(":", 1)[1]))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = (await reader.read(4_000)).decode()
        writer.close()
        assert " 404 " in answer.splitlines()[0]

    visit(scenario)


def test_the_widget_is_small() -> None:
    files = [paths.WEB / "wegwijzer.js", *(paths.WEB / "widget").iterdir()]
    assert len(files) > 5
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= 15_000


def test_the_widget_makes_no_markup_from_text_and_loads_nothing_else() -> None:
    for file in [paths.WEB / "wegwijzer.js", *(paths.WEB / "widget").glob("*.js")]:
        text = file.read_text(encoding="utf-8")
        for banned in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
                       "import(", "http://", "localStorage", "document.cookie"):  # fmt: skip
            assert banned not in text, (file.name, banned)
