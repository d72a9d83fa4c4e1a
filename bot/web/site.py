"""Serves the pages and the widget's files, and words every error as a page or as JSON, with the security headers."""

from __future__ import annotations

import gzip
import hashlib
import html
import string
from pathlib import Path
from typing import Any

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import paths
from bot.channels.origins import Origins
from bot.settings import Settings

SCRIPT = "/wegwijzer.js"
# What pages of other sites load.
OPEN_PATHS = (SCRIPT, "/widget/")

_READING = ("GET", "HEAD")
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PAGES = {
    "/inbedden": "De chatbot op uw website",
    "/privacy": "Privacy",
    "/toegankelijkheid": "Toegankelijkheid",
}
_ERRORS = {
    404: "Deze pagina bestaat niet.",
    405: "Dat kan hier niet.",
    413: "Uw bericht is te groot. Kunt u uw vraag in een paar zinnen stellen?",
}
_ERROR = "Er ging iets mis. Probeer het zo nog eens, of bel Ouders & Onderwijs: 088 605 01 01."


def add_to(app: Sanic, settings: Settings, origins: Origins) -> None:
    """Give `app` its pages, files, error answers and headers."""
    values = _values(settings)
    app.add_route(_page(_filled("demo.html", values)), "/", methods=_READING, name="page_demo")
    for route, title in _PAGES.items():
        page = _page(_in_frame(f"{route[1:]}.html", title, values))
        app.add_route(page, route, methods=_READING, name=f"page_{route[1:]}")
    for path in sorted(paths.WEB.rglob("*")):
        if path.suffix in _TYPES:
            route = "/" + path.relative_to(paths.WEB).as_posix()
            app.add_route(_file(path), route, methods=_READING, name=route.replace("/", "_").replace(".", "_"))

    @app.on_response
    async def secure(request: Request, answer: HTTPResponse) -> None:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        shared = request.path.startswith(OPEN_PATHS)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin")
        origins.mark(request, answer)

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        words = _ERRORS.get(status, _ERROR)
        if request.path.startswith("/webhooks/"):
            return response.json({"fout": words}, status=status)
        content = f"<h1>Niet gelukt</h1><p>{html.escape(words)}</p><p><a href='/'>Naar de startpagina</a></p>"
        return response.html(_frame("Niet gelukt", content, values), status=status)


def _values(settings: Settings) -> dict[str, str]:
    """What the texts of the pages have blanks for."""
    kept = (
        "Deze organisatie heeft aangezet dat ook bewaard wordt wat u typt en wat de chatbot antwoordt."
        if settings.keep_text
        else "Wat u typt, wordt niet bewaard. Wat de chatbot antwoordt ook niet."
    )
    server = settings.public_url or f"http://{settings.host}:{settings.port}"
    blanks = {"server": server, "retention_days": str(settings.retention_days), "kept_text": kept}
    return {name: html.escape(value) for name, value in blanks.items()}


def _filled(name: str, values: dict[str, str]) -> str:
    return string.Template((paths.WEB / "pages" / name).read_text(encoding="utf-8")).substitute(values)


def _in_frame(name: str, title: str, values: dict[str, str]) -> str:
    return _frame(title, _filled(name, values), values)


def _frame(title: str, content: str, values: dict[str, str]) -> str:
    return _filled("frame.html", {**values, "title": html.escape(title), "content": content})


def _page(text: str) -> Any:
    async def show(_request: Request) -> HTTPResponse:
        return response.html(text)

    return show


def _file(path: Path) -> Any:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0)
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    # The modules belong together, so a browser asks each time whether its copy is still the right one.
    common = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}

    async def send(request: Request) -> HTTPResponse:
        if tag in request.headers.get("if-none-match", ""):
            return response.empty(304, headers=dict(common))
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {**common, "Content-Encoding": "gzip"}
            return response.raw(packed, headers=headers, content_type=_TYPES[path.suffix])
        return response.raw(body, headers=dict(common), content_type=_TYPES[path.suffix])

    return send
