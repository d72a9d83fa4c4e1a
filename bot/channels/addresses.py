"""Who sends a request, as far as a rate limit needs to know."""

from __future__ import annotations

import ipaddress

from sanic.request import Request

_IPV6_HOUSEHOLD = 64


def sender(request: Request) -> str:
    """The network address a request came from; an IPv6 one as its /64, because a single household has all of that.

    Believes `X-Forwarded-For` only for as many proxies as the app's PROXIES_COUNT says.
    """
    raw = (request.remote_addr or request.ip).strip("[]")
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_HOUSEHOLD), strict=False))
