"""The tables of the WhatsApp channel. Nothing of a parent stays in them longer than a reply is owed.

`whatsapp_inbox` and `whatsapp_outbox` hold words and addresses; a row goes as soon as it is answered or sent. What stays
are keyed hashes: of message ids (a week, so that nothing is answered twice) and of people (the retention term).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Float, Integer, MetaData, String, Table, Text

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts by itself in an INTEGER only

# One row per message that ever came in, under its hash: the first to insert it may put it in the inbox.
seen = Table(
    "whatsapp_seen", metadata,
    Column("message", String(64), primary_key=True),
    Column("day", Date, nullable=False, index=True),
)  # fmt: skip

# Who has something waiting. `due`: when to look; `send_after`: not to send before; `failures`: how often Meta was away.
# `owner` and `lease`: the worker that has this person, and until when.
people = Table(
    "whatsapp_people", metadata,
    Column("sender", String(64), primary_key=True),
    Column("due", Float, nullable=False, index=True),
    Column("send_after", Float, nullable=False, default=0.0),
    Column("failures", Integer, nullable=False, default=0),
    Column("owner", String(64)),
    Column("lease", Float, nullable=False, default=0.0),
)  # fmt: skip

inbox = Table(
    "whatsapp_inbox", metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("sender", String(64), nullable=False, index=True),
    Column("message_id", Text, nullable=False, index=True),
    Column("sent_at", Float, nullable=False),
    Column("content", Text, nullable=False),
    Column("address", Text, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

# `payload` is empty for the step "forget this conversation". `state`: waiting, sending (a worker is at it), unsure.
outbox = Table(
    "whatsapp_outbox", metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("sender", String(64), nullable=False, index=True),
    Column("tag", String(64), nullable=False, unique=True),
    Column("payload", Text),
    Column("address", Text, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

aliases = Table(
    "whatsapp_aliases", metadata,
    Column("alias", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("sender", String(64), nullable=False, index=True),
    Column("used", Date, nullable=False),
)  # fmt: skip

# How often something went wrong, per day and code; no row about a person.
counts = Table(
    "whatsapp_counts", metadata,
    Column("day", Date, primary_key=True),
    Column("what", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
)  # fmt: skip
