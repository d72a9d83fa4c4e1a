"""Debian's Chromium, for `bench web`, `screens` and the tests in a browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from knowledge.errors import BotError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Without these, Chromium calls home at every start.
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NoBrowser(BotError):
    """Chromium is not on this machine."""


def launch(playwright: Playwright) -> Browser:
    """Start headless Chromium.

    Raises:
        NoBrowser: it is not installed; says how to install it.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise NoBrowser("Chromium is not installed; on Debian: apt-get update && apt-get install -y chromium")
    return playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
