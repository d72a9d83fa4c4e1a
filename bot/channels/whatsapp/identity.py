"""Under which names people and messages are known here: keyed hashes that say nothing without WEGWIJZER_SECRET.

Meta's message ids are hashed too, because a telephone number can be read from them.
"""

from __future__ import annotations

import hashlib
import hmac

from bot.channels.whatsapp.inbound import Person

_CHARACTERS = 40


class Names:
    """Makes the hashes.

    Args:
        secret: WEGWIJZER_SECRET; another secret makes strangers of everybody.
    """

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def aliases(self, person: Person) -> dict[str, str]:
        """The names of a person by kind: `user` (Meta's id within this business) and `phone`, as far as Meta gave them."""
        values = {"user": person.user_id, "phone": person.wa_id}
        return {kind: self._hash(kind, value) for kind, value in values.items() if value}

    def sender(self, person: Person) -> str:
        """The conversation id of somebody who is not known yet."""
        aliases = self.aliases(person)
        return f"wa-{aliases.get('user') or aliases['phone']}"

    def message(self, message_id: str) -> str:
        """The name under which a message is remembered, so that it is not answered twice."""
        return self._hash("message", message_id)

    def _hash(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"whatsapp {purpose} {value}".encode(), hashlib.sha256).hexdigest()[:_CHARACTERS]
