"""`wegwijzer start`: everything a newcomer needs, in one command."""

from __future__ import annotations

import dataclasses
import socket

import click

from bot import runtime
from bot.cli import engine, progress
from knowledge.errors import BotError


class AddressTaken(BotError):
    """Something else already listens where the server should."""


@click.command()
@click.option("--host", help="Address to listen on (default: WEGWIJZER_HOST or 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port (default: WEGWIJZER_PORT or 5005).")
def start(host: str | None, port: int | None) -> None:
    """Train if needed, fill the database, and serve the assistant. Ctrl-C stops everything."""
    runtime.prepare()
    from bot import settings, training

    chosen = settings.from_environment()
    host, port = host or chosen.host, port or chosen.port
    _check_free(host, port)
    engine.fill_database()
    model = training.ensure_model(progress)
    if chosen.secret is None:
        progress("WEGWIJZER_SECRET is not set: conversations of the website end when the server stops")
    progress(
        f"WhatsApp is on (number {chosen.whatsapp.phone_number_id}); Meta's webhook goes to /webhooks/whatsapp/webhook"
        if chosen.whatsapp
        else "WhatsApp is off: WHATSAPP_PHONE_NUMBER_ID and the other WHATSAPP_ settings are not set"
    )
    if chosen.whatsapp and not chosen.public_url:
        progress("WEGWIJZER_PUBLIC_URL is not set: WhatsApp's first message cannot name the privacy page")
    progress("loading the model ...")

    from bot.server import make_app

    app = make_app(model, dataclasses.replace(chosen, host=host, port=port))

    @app.after_server_start
    async def ready(_app: object, _loop: object) -> None:
        address = chosen.public_url or f"http://{host}:{port}"
        progress(f"Wegwijzer is ready:  {address}/        (how to embed: {address}/inbedden, health: {address}/gezond)")
        progress("Ctrl-C stops it.")

    app.run(host=host, port=port, access_log=False, debug=False)


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressTaken(
                f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port or WEGWIJZER_PORT"
            ) from error
