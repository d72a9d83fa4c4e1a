"""Settings from the environment (contract: the WEGWIJZER_* names of the README)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.errors import WegwijzerError


class SettingsError(WegwijzerError):
    """An environment variable holds something that cannot be used."""


@dataclass(frozen=True)
class WhatsAppSettings:
    """How to reach and recognise the organisation's own number at Meta.

    phone_number_id: the number's id. access_token: of a system user, to send with. app_secret: signs what Meta sends.
    verify_token: chosen by the operator, given back when the webhook is set up. api_url: Meta's, with the version.
    """

    phone_number_id: str
    access_token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    api_url: str = "https://graph.facebook.com/v26.0"


@dataclass(frozen=True)
class Settings:
    """What an operator can set.

    database_url: None means the SQLite file in `var/`. trusted_proxies: how many proxies stand in front of the server, whose
    `X-Forwarded-For` entries are believed. redis_url: where several workers share locks and rate limits. whatsapp: None
    means that channel is off.
    """

    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 5005
    public_url: str = ""
    secret: str | None = None
    retention_days: int = 30
    keep_text: bool = False
    allowed_origins: tuple[str, ...] = field(default=())
    trusted_proxies: int = 0
    redis_url: str | None = None
    whatsapp: WhatsAppSettings | None = None


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value that is not what it should be, with the name of the variable and what it can be.
    """
    return Settings(
        database_url=env.get("WEGWIJZER_DATABASE_URL") or None,
        host=env.get("WEGWIJZER_HOST") or "127.0.0.1",
        port=_number(env, "WEGWIJZER_PORT", 5005, 1, 65_535),
        public_url=(env.get("WEGWIJZER_PUBLIC_URL") or "").rstrip("/"),
        secret=env.get("WEGWIJZER_SECRET") or None,
        retention_days=_number(env, "WEGWIJZER_RETENTION_DAYS", 30, 1, 3_650),
        keep_text=_switch(env, "WEGWIJZER_KEEP_TEXT"),
        allowed_origins=tuple((env.get("WEGWIJZER_ALLOWED_ORIGINS") or "").replace(",", " ").split()),
        trusted_proxies=_number(env, "WEGWIJZER_TRUSTED_PROXIES", 0, 0, 20),
        redis_url=env.get("WEGWIJZER_REDIS_URL") or None,
        whatsapp=_whatsapp(env),
    )


def _whatsapp(env: Mapping[str, str]) -> WhatsAppSettings | None:
    names = {name: f"WHATSAPP_{name.upper()}" for name in ("phone_number_id", "access_token", "app_secret", "verify_token")}
    values = {name: env[variable] for name, variable in names.items() if env.get(variable)}
    if not values:
        return None
    missing = [variable for name, variable in names.items() if name not in values]
    # Without it the names under which conversations are kept could be traced back to telephone numbers.
    missing += [] if env.get("WEGWIJZER_SECRET") else ["WEGWIJZER_SECRET"]
    if missing:
        raise SettingsError(f"WhatsApp is half set: {', '.join(missing)} is missing")
    if env.get("WHATSAPP_API_URL"):
        values["api_url"] = env["WHATSAPP_API_URL"].rstrip("/")
    return WhatsAppSettings(**values)


def _number(env: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    raw = env.get(name) or str(default)
    if not raw.isdigit() or not lowest <= int(raw) <= highest:
        raise SettingsError(f"{name} must be a whole number from {lowest} to {highest}, not {raw!r}")
    return int(raw)


def _switch(env: Mapping[str, str], name: str) -> bool:
    raw = (env.get(name) or "no").lower()
    if raw not in ("yes", "no", "true", "false", "1", "0"):
        raise SettingsError(f"{name} must be yes or no, not {raw!r}")
    return raw in ("yes", "true", "1")
