"""What Meta refuses in a message, from its documentation: the error a body gets, or None.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/messages/ (text 2026-07-02, interactive lists and
reply buttons 2026-05-21), business-scoped-user-ids (2026-03-31), typing-indicators (2026-06-17). Read on 2026-11-27.
"""

from __future__ import annotations

import re
from typing import Any

UNKNOWN_PARAMETER, INVALID_VALUE = 100, 131009
Problem = tuple[int, str] | None

_COMMON = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}
_NUMBER = re.compile(r"\+?\d{5,20}\Z")
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}\Z")


class _Wrong(Exception):
    def __init__(self, text: str, code: int = UNKNOWN_PARAMETER) -> None:
        super().__init__(text)
        self.code = code


def problem(body: Any) -> Problem:
    """The code and text with which Meta refuses `body`; None when it takes it."""
    try:
        if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
            raise _Wrong("messaging_product is required")
        if "status" in body:
            _read_mark(body)
        else:
            _message(body)
    except _Wrong as wrong:
        return wrong.code, str(wrong)
    return None


def _read_mark(body: dict[str, Any]) -> None:
    _only(body, {"messaging_product", "status", "message_id", "typing_indicator"})
    if body["status"] != "read" or not str(body.get("message_id", "")).startswith("wamid."):
        raise _Wrong("status or message_id")
    if "typing_indicator" in body and body["typing_indicator"] != {"type": "text"}:
        raise _Wrong("typing_indicator")


def _message(body: dict[str, Any]) -> None:
    kind = body.get("type", "text")
    if kind not in ("text", "interactive"):
        raise _Wrong("type")
    _only(body, _COMMON | {kind})
    if body.get("recipient_type", "individual") != "individual":
        raise _Wrong("recipient_type")
    if "to" in body and not _NUMBER.match(str(body["to"])):
        raise _Wrong("to is not a number")
    if "recipient" in body and not _USER_ID.match(str(body["recipient"])):
        raise _Wrong("recipient is not a user id")
    if "to" not in body and "recipient" not in body:
        raise _Wrong("to or recipient is required")
    _length(body, "biz_opaque_callback_data", 512, required=False)
    part = body.get(kind)
    if not isinstance(part, dict):
        raise _Wrong(f"{kind} is required")
    if kind == "text":
        _only(part, {"body", "preview_url"})
        _length(part, "body", 4_096)
        if not isinstance(part.get("preview_url", False), bool):
            raise _Wrong("preview_url")
    else:
        _interactive(part)


def _interactive(part: dict[str, Any]) -> None:
    _only(part, {"type", "header", "body", "footer", "action"})
    _only(part.get("body") or {}, {"text"})
    _length(part.get("body") or {}, "text", 1_024)
    if "footer" in part:
        _length(part["footer"], "text", 60)
    action = part.get("action") or {}
    if part.get("type") == "button":
        _only(action, {"buttons"})
        _buttons(action.get("buttons") or [])
    elif part.get("type") == "list":
        _only(action, {"button", "sections"})
        _length(action, "button", 20)
        _sections(action.get("sections") or [])
    else:
        raise _Wrong("interactive type")


def _buttons(buttons: list[dict[str, Any]]) -> None:
    if not 1 <= len(buttons) <= 3:
        raise _Wrong("between 1 and 3 buttons", INVALID_VALUE)
    for button in buttons:
        _only(button, {"type", "reply"})
        _only(button.get("reply") or {}, {"id", "title"})
        if button.get("type") != "reply":
            raise _Wrong("button type")
        _length(button["reply"], "id", 256)
        _length(button["reply"], "title", 20)
    for name in ("id", "title"):
        _unique([button["reply"][name] for button in buttons], name)


def _sections(sections: list[dict[str, Any]]) -> None:
    if not 1 <= len(sections) <= 10:
        raise _Wrong("between 1 and 10 sections", INVALID_VALUE)
    for section in sections:
        _only(section, {"title", "rows"})
        _length(section, "title", 24, required=len(sections) > 1)
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= 10:
        raise _Wrong("between 1 and 10 rows", INVALID_VALUE)
    for row in rows:
        _only(row, {"id", "title", "description"})
        _length(row, "id", 200)
        _length(row, "title", 24)
        _length(row, "description", 72, required=False)
    _unique([row["id"] for row in rows], "row id")


def _only(part: dict[str, Any], allowed: set[str]) -> None:
    if extra := set(part) - allowed:
        raise _Wrong(f"unexpected key {sorted(extra)[0]}")


def _length(part: dict[str, Any], name: str, most: int, *, required: bool = True) -> None:
    value = part.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise _Wrong(f"{name} must be text of 1 to {most} characters", INVALID_VALUE)


def _unique(values: list[str], name: str) -> None:
    if len(set(values)) != len(values):
        raise _Wrong(f"duplicated {name}", INVALID_VALUE)
