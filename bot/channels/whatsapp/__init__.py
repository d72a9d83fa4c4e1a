"""The WhatsApp channel, straight on Meta's Cloud API.

How a message travels: `channel` checks the signature and answers 200 once `queue` has it; a `worker` takes one person at
a time, has the turn done and the outgoing payloads stored in one transaction, and hands them one by one to `api`.
`inbound` reads Meta's JSON, `payloads` writes it, `identity` makes the names under which people are known here.
`rehearsal` is a stand-in for Meta, for the tests, `wegwijzer whatsapp try` and `wegwijzer bench whatsapp`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rasa.core.channels.channel import InputChannel

    from bot.settings import Settings


def whatsapp_channels(settings: Settings) -> list[InputChannel]:
    """The channel when it is set up, else nothing. Imports late: the queue is also read by commands without Rasa."""
    if settings.whatsapp is None:
        return []
    from bot.channels.whatsapp.channel import WhatsAppChannel

    return [WhatsAppChannel(settings)]
