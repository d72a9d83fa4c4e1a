"""Webhooks as Meta documents them, one function per kind of message.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages and the pages below it
(text, interactive, button, location, image, video, audio, document, sticker, contacts, reaction, unsupported, revoke,
system, status; 2026-03-20 to 2026-08-11), and business-scoped-user-ids. Read on 2026-11-27. Invented people only.
"""

from __future__ import annotations

import itertools
import time
from typing import Any

NUMBER = "106540352242922"
USER_ID, PHONE = "NL.13491208655302741918", "31612345678"
_counter = itertools.count(1)
_FILE = {"mime_type": "image/jpeg", "sha256": "U0hBMjU2", "id": "1908647269898587"}


def new_id() -> str:
    """A message id that nothing else has."""
    return f"wamid.HBgLREHEARSAL{time.time_ns():x}{next(_counter):06d}"


def webhook(*items: dict[str, Any], number: str = NUMBER, user_id: str | None = USER_ID, phone: str | None = PHONE) -> dict:
    """A webhook with messages (without their sender: that is added), all from one person.

    Args:
        user_id, phone: what Meta tells about the person; since 2026 either may be absent.
    """
    contact: dict[str, Any] = {"profile": {"name": "Sam Voorbeeld"}}
    sender: dict[str, Any] = {}
    if phone:
        contact["wa_id"] = sender["from"] = phone
    if user_id:
        contact["user_id"] = sender["from_user_id"] = user_id
    return _envelope({"contacts": [contact], "messages": [{**sender, **item} for item in items]}, number)


def message(kind: str, part: Any = None, *, id: str | None = None, at: float | None = None) -> dict[str, Any]:
    """One message of a kind with its own part."""
    item = {"id": id or new_id(), "timestamp": str(int(time.time() if at is None else at)), "type": kind}
    return item if part is None else {**item, kind: part}


def text(body: str, **more: Any) -> dict[str, Any]:
    """A typed message."""
    return message("text", {"body": body}, **more)


def button_reply(payload: str, title: str, **more: Any) -> dict[str, Any]:
    """A pressed reply button."""
    return message("interactive", {"type": "button_reply", "button_reply": {"id": payload, "title": title}}, **more)


def list_reply(payload: str, title: str, description: str = "", **more: Any) -> dict[str, Any]:
    """A row chosen from a list."""
    row = {"id": payload, "title": title, "description": description}
    return message("interactive", {"type": "list_reply", "list_reply": row}, **more)


def location(latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    """A point on the map."""
    point = {"latitude": latitude, "longitude": longitude, "name": "School", "address": "Dorpsstraat 1"}
    return message("location", point, **more)


def media(kind: str, caption: str | None = None, **more: Any) -> dict[str, Any]:
    """A file: image, video, audio, document or sticker."""
    extra = {"document": {"filename": "brief.pdf"}, "audio": {"voice": True}, "sticker": {"animated": False}}
    return message(kind, {**_FILE, **extra.get(kind, {}), **({"caption": caption} if caption else {})}, **more)


def contacts(**more: Any) -> dict[str, Any]:
    """Somebody's contact card."""
    card = {"name": {"formatted_name": "Noor Voorbeeld"}, "phones": [{"phone": "+31 6 87654321", "type": "HOME"}]}
    return message("contacts", [card], **more)


def reaction(emoji: str | None = "\U0001f44d", **more: Any) -> dict[str, Any]:
    """An emoji on an earlier message; None takes it away."""
    return message("reaction", {"message_id": new_id(), **({"emoji": emoji} if emoji else {})}, **more)


def unsupported(**more: Any) -> dict[str, Any]:
    """A kind that the Cloud API does not pass on."""
    error = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown",
             "error_data": {"details": "Message type is currently not supported."}}  # fmt: skip
    return {**message("unsupported", **more), "errors": [error], "unsupported": {"type": "unknown"}}


def revoke(original: str, **more: Any) -> dict[str, Any]:
    """A message that was deleted by its writer."""
    return message("revoke", {"original_message_id": original}, **more)


def changed_number(phone: str | None, new_phone: str | None, user_id: str | None, new_user_id: str | None) -> dict[str, Any]:
    """A person who has another number or id from now on."""
    system = {"body": "User Sam Voorbeeld changed", "wa_id": new_phone, "user_id": new_user_id,
              "previous_user_id": user_id, "type": "user_changed_number" if new_phone else "user_changed_user_id"}
    item = {**message("system"), "system": {name: value for name, value in system.items() if value}}
    return _envelope({"messages": [{**item, **({"from": phone} if phone else {})}]}, NUMBER)


def status(
    identifier: str, state: str, body: dict[str, Any] | None = None, *, code: int | None = None, number: str = NUMBER
) -> dict[str, Any]:
    """What became of a message that we sent (`body`)."""
    body = body or {}
    item: dict[str, Any] = {"id": identifier, "status": state, "timestamp": str(int(time.time()))}
    for ours, theirs in (("to", "recipient_id"), ("recipient", "recipient_user_id"),
                         ("biz_opaque_callback_data", "biz_opaque_callback_data")):  # fmt: skip
        if body.get(ours):
            item[theirs] = body[ours]
    if code is not None:
        details = {"details": "rehearsed"}
        item["errors"] = [{"code": code, "title": "rehearsed", "message": "rehearsed", "error_data": details}]
    return _envelope({"statuses": [item]}, number)


def _envelope(value: dict[str, Any], number: str) -> dict[str, Any]:
    metadata = {"display_phone_number": "31850000000", "phone_number_id": number}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}
