"""The web server that `wegwijzer start` runs: our own Sanic app, because Rasa's takes `/` and shows its version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.channels import channel as rasa_channel
from rasa.shared.core.domain import Domain
from sanic import Sanic, response
from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import paths
from bot.channels.tokens import Tokens
from bot.channels.website import WebsiteChannel
from bot.channels.whatsapp import whatsapp_channels
from bot.conversation import Conversations
from bot.settings import Settings
from bot.stores import PrivateSQLTrackerStore
from knowledge.database import database_url

_MAX_REQUEST_BYTES = 64_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_PAGES = {"/": "index.html", "/praat.js": "praat.js", "/stijl.css": "stijl.css"}


def make_app(model: Path, settings: Settings) -> Sanic:
    """The app with its pages and channels; the model is loaded when the server starts."""
    app = Sanic("wegwijzer", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _MAX_REQUEST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.MOTD = False

    @app.before_server_start
    async def load(app: Sanic, _loop: Any) -> None:
        store = PrivateSQLTrackerStore(
            Domain.empty(), database_url(settings.database_url), keep_text=settings.keep_text
        )
        app.ctx.conversations = Conversations.load(model, store, opening=False, redis_url=settings.redis_url)
        app.ctx.agent = app.ctx.conversations.agent

    @app.on_response
    async def secure(_request: Request, answer: HTTPResponse) -> None:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)

    @app.exception(NotFound)
    async def not_found(_request: Request, _error: SanicException) -> HTTPResponse:
        return response.text("Deze pagina bestaat niet.", status=404)

    for route, name in _PAGES.items():
        app.add_route(_page(name), route, name=f"page_{name.replace('.', '_')}")

    @app.get("/gezond")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok", "model": model.name})

    channels = [WebsiteChannel(Tokens(settings.secret)), *whatsapp_channels(settings)]
    rasa_channel.register(channels, app, route="/webhooks/")
    return app


def _page(name: str) -> Any:
    async def show(_request: Request) -> HTTPResponse:
        return await response.file(paths.WEB / name)

    return show
