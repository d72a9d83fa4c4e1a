"""From Meta's webhook to what we need of it. Pure: whatever the JSON holds, nothing is raised and nothing is kept.

Sources (developers.facebook.com/documentation/business-messaging/whatsapp/, read 2026-11-27): webhooks/reference/messages
(2026-06-17) with text, interactive, location, reaction, unsupported, revoke (2026-05-21), system (2026-08-11) and status
(2026-05-21); business-scoped-user-ids (2026-03-31).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.guard import clean, mask

_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+\Z")
_PHONE = re.compile(r"\d{4,20}\Z")
_MEDIA = frozenset({"image", "video", "audio", "document", "sticker", "contacts", "revoke"})
# No reply: a thumb on an earlier answer asks nothing, and "system" is Meta talking about a changed number.
_SILENT = frozenset({"reaction", "system", "request_welcome"})
# The guard refuses what is longer; more need not be kept.
_MOST_CHARACTERS = 5_000
_DECIMALS = 2  # of a location: about a kilometre, enough for a municipality


@dataclass(frozen=True)
class Person:
    """Who wrote. `user_id` is Meta's id within this business (BSUID), `wa_id` the number; at least one is there."""

    user_id: str | None
    wa_id: str | None

    @property
    def address(self) -> dict[str, str]:
        """Where a reply goes. The user id before the number, so that the number need not be kept at all."""
        return {"recipient": self.user_id} if self.user_id else {"to": self.wa_id or ""}


@dataclass(frozen=True)
class Message:
    """One message to answer.

    `content` is one of {"text": ...}, {"press": payload, "title": ...}, {"point": [latitude, longitude]} and
    {"media": kind}, the last with "text" when there was a caption. Personal data in a text is masked already.
    """

    id: str
    person: Person
    sent_at: float
    content: dict[str, Any]


@dataclass(frozen=True)
class Status:
    """What became of something we sent; `tag` is what we sent along, `codes` the error codes."""

    status: str
    tag: str | None
    codes: tuple[int, ...] = ()


@dataclass
class Received:
    """All that one webhook holds for us."""

    messages: list[Message] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    renamed: list[tuple[Person, Person]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    skipped: int = 0


def read(body: Any, phone_number_id: str, *, now: float | None = None) -> Received:
    """What is in a webhook for our number.

    Args:
        body: the parsed JSON.
        phone_number_id: values for another number of the same app are skipped and counted.
        now: a time stamp that cannot be read, or lies in the future, becomes this.
    """
    found, moment = Received(), time.time() if now is None else now
    for value in _values(body):
        if _text(_dict(value.get("metadata")).get("phone_number_id")) != phone_number_id:
            found.skipped += 1
            continue
        contacts = [_dict(item) for item in _list(value.get("contacts"))]
        for item in _list(value.get("messages")):
            _read_message(_dict(item), contacts, moment, found)
        found.statuses += [_status(_dict(item)) for item in _list(value.get("statuses"))]
        found.errors += _codes(value)
    return found


def _values(body: Any) -> Iterator[dict[str, Any]]:
    for entry in _list(_dict(body).get("entry")):
        for change in _list(_dict(entry).get("changes")):
            yield _dict(_dict(change).get("value"))


def _read_message(item: dict[str, Any], contacts: list[dict[str, Any]], now: float, found: Received) -> None:
    kind, identifier, person = _text(item.get("type")), _text(item.get("id")), _person(item, contacts)
    if kind == "system":
        _read_system(_dict(item.get("system")), person, found)
    if kind in _SILENT:
        return
    if not identifier or person is None or item.get("group_id"):
        found.skipped += 1
        return
    if kind == "revoke" and (original := _text(_dict(item.get("revoke")).get("original_message_id"))):
        found.withdrawn.append(original)
    found.messages.append(Message(identifier, person, _moment(item, now), _content(kind, item)))


def _content(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    part = _dict(item.get(kind))
    if kind == "text":
        return {"text": _safe(part.get("body"))}
    if kind == "interactive":
        reply = _dict(part.get("button_reply")) or _dict(part.get("list_reply"))
        if reply.get("id"):
            return {"press": _text(reply["id"])[:256], "title": _safe(reply.get("title"))}
    if kind == "button":  # the button of a template: only its words say anything to us
        return {"text": _safe(part.get("text"))}
    if kind == "location":
        point = [part.get("latitude"), part.get("longitude")]
        if all(isinstance(number, (int, float)) for number in point):
            return {"point": [round(float(number), _DECIMALS) for number in point]}
    caption = _safe(part.get("caption"))
    return {"media": kind if kind in _MEDIA else "unsupported", **({"text": caption} if caption else {})}


def _read_system(system: dict[str, Any], person: Person | None, found: Received) -> None:
    if not _text(system.get("type")).startswith("user_changed_"):
        return
    before = Person(
        _user_id(system.get("previous_user_id")) or (person.user_id if person else None),
        person.wa_id if person else None,
    )
    after = Person(_user_id(system.get("user_id")), _phone(system.get("wa_id")))
    if (before.user_id or before.wa_id) and (after.user_id or after.wa_id):
        found.renamed.append((before, after))


def _person(item: dict[str, Any], contacts: list[dict[str, Any]]) -> Person | None:
    sender, user_id = _text(item.get("from")), _user_id(item.get("from_user_id"))
    own = [c for c in contacts if sender and sender in (_text(c.get("wa_id")), _text(c.get("user_id")))]
    own += [c for c in contacts if user_id and user_id == _text(c.get("user_id"))]
    contact = (own or (contacts if len(contacts) == 1 else [{}]))[0]
    user_id = user_id or _user_id(contact.get("user_id")) or _user_id(sender) or _user_id(contact.get("wa_id"))
    wa_id = _phone(sender) or _phone(contact.get("wa_id"))
    return Person(user_id, wa_id) if user_id or wa_id else None


def _status(item: dict[str, Any]) -> Status:
    tag = _text(item.get("biz_opaque_callback_data")) or None
    return Status(_text(item.get("status")), tag, tuple(_codes(item)))


def _codes(item: dict[str, Any]) -> list[int]:
    codes = (_dict(error).get("code") for error in _list(item.get("errors")))
    return [code for code in codes if isinstance(code, int)]


def _moment(item: dict[str, Any], now: float) -> float:
    stamp = _text(item.get("timestamp"))
    return min(float(stamp), now) if stamp.isdecimal() and len(stamp) < 13 else now


def _safe(value: Any) -> str:
    return mask(clean(_text(value)[:_MOST_CHARACTERS]))


def _user_id(value: Any) -> str | None:
    text = _text(value)
    return text if _USER_ID.match(text) else None


def _phone(value: Any) -> str | None:
    digits = _text(value).removeprefix("+")
    return digits if _PHONE.match(digits) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
