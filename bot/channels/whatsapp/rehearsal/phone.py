"""What a phone shows of a message, as plain text."""

from __future__ import annotations

from typing import Any


def shown(body: dict[str, Any]) -> str:
    """One message to the API as its reader sees it."""
    if body["type"] == "text":
        return body["text"]["body"]
    part = body["interactive"]
    lines = [part["body"]["text"]]
    if part["type"] == "button":
        lines += [f"  ( {button['reply']['title']} )" for button in part["action"]["buttons"]]
    else:
        lines.append(f"  [ {part['action']['button']} ]")
        for row in (row for section in part["action"]["sections"] for row in section["rows"]):
            lines.append(f"    o {row['title']}" + (f" – {row['description']}" if row.get("description") else ""))
    return "\n".join(lines)
