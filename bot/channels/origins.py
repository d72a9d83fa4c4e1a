"""Which other websites may use the widget and its channel (CORS): those of WEGWIJZER_ALLOWED_ORIGINS, no others."""

from __future__ import annotations

from collections.abc import Collection

from sanic.request import Request
from sanic.response import HTTPResponse, empty

_PREFLIGHT_SECONDS = "600"


class Origins:
    """Answers a browser's question whether a page of another site may read what we send.

    No cookies are used, so no credentials are ever allowed.

    Args:
        allowed: origins as browsers send them (`https://www.school.nl`, without a path).
        paths: beginnings of the paths that other sites need.
    """

    def __init__(self, allowed: Collection[str], paths: tuple[str, ...]) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)
        self._paths = paths

    def mark(self, request: Request, answer: HTTPResponse) -> None:
        """Add the headers to `answer`. `Vary` is there for every caller, or a cache would mix up the sites."""
        if not request.path.startswith(self._paths):
            return
        vary = answer.headers.get("Vary")
        answer.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
        if self._allows(request):
            answer.headers["Access-Control-Allow-Origin"] = request.headers["origin"]
            answer.headers["Access-Control-Expose-Headers"] = "Retry-After"

    async def preflight(self, request: Request) -> HTTPResponse:
        """Answer an OPTIONS request: 204 for an allowed site, else 403."""
        if not self._allows(request):
            return empty(status=403)
        return empty(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "POST",
                "Access-Control-Allow-Headers": "Content-Type",
                "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
            },
        )

    def _allows(self, request: Request) -> bool:
        return request.headers.get("origin", "").lower() in self._allowed
