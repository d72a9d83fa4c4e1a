"""The web server that `wegwijzer start` runs: our own Sanic app, because Rasa's takes `/` and shows its version."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from rasa.core.channels import channel as rasa_channel
from rasa.shared.core.domain import Domain
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.origins import Origins
from bot.channels.rate import RateLimiter
from bot.channels.tokens import Tokens
from bot.channels.website import MAX_BODY_BYTES, PATH, WebsiteChannel
from bot.channels.whatsapp import whatsapp_channels
from bot.conversation import Conversations
from bot.settings import Settings
from bot.stores import PrivateSQLTrackerStore
from bot.web import site
from knowledge.database import database_url


def make_app(
    model: Path, settings: Settings, *, conversations: Conversations | None = None, limiter: RateLimiter | None = None
) -> Sanic:
    """The app with its pages and channels; the model is loaded when the server starts.

    Args:
        conversations: an assistant that is loaded already, instead of `model` with a store of its own.
        limiter: other limits than those a parent meets.
    """
    # Sanic refuses a name that another app in this process has had.
    app = Sanic(f"wegwijzer-{uuid.uuid4().hex[:8]}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.MOTD = False

    @app.before_server_start
    async def load(app: Sanic, _loop: Any) -> None:
        app.ctx.conversations = conversations or _load(model, settings)
        app.ctx.agent = app.ctx.conversations.agent

    @app.get("/gezond")
    async def health(request: Request) -> HTTPResponse:
        ready = await request.app.ctx.conversations.store_answers()
        body = {"status": "ok" if ready else "database", "ready": ready, "model": model.name}
        return response.json(body, 200 if ready else 503)

    origins = Origins(settings.allowed_origins, (PATH, *site.OPEN_PATHS))
    site.add_to(app, settings, origins)
    limiter = limiter or RateLimiter(settings.redis_url)
    channels = [WebsiteChannel(Tokens(settings.secret), limiter, origins), *whatsapp_channels(settings)]
    rasa_channel.register(channels, app, route="/webhooks/")
    return app


def _load(model: Path, settings: Settings) -> Conversations:
    store = PrivateSQLTrackerStore(Domain.empty(), database_url(settings.database_url), keep_text=settings.keep_text)
    return Conversations.load(model, store, opening=False, redis_url=settings.redis_url)
