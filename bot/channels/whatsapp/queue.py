"""The durable queue: what came in, who is owed what, and which worker is at it. SQLite or PostgreSQL, several processes.

The stages of a message, each one transaction:

1. received: its hash is inserted (`ON CONFLICT DO NOTHING`), and only the first to do so puts it in the inbox;
2. answered: the turn is saved, the row of the inbox goes, and the payloads stand in the outbox;
3. per payload: marked as being sent, sent, and gone.

A worker has a person, not a message, so that one person's messages are handled one by one and in the order in which they
were written. Every transaction locks the row of the person before anything else of that person, or two would wait for each
other for ever. A worker has the person on a lease that it renews; every step first checks that the lease is still its own
(`LostLease` otherwise), so that a worker that was stopped for a while cannot do what another has taken over.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection, Engine

from bot.channels.whatsapp.identity import Names
from bot.channels.whatsapp.inbound import Message, Person, Received
from bot.channels.whatsapp.tables import aliases, counts, inbox, metadata, outbox, people, seen
from knowledge.database import make_engine

LEASE_SECONDS = 20.0
WINDOW_SECONDS = 24 * 3_600.0  # Meta takes a free reply until a day after the person's message
_SEEN_DAYS = 8  # Meta delivers again for up to seven days
_COUNTS_DAYS = 400
WAITING, SENDING, UNSURE = "waiting", "sending", "unsure"


class LostLease(Exception):
    """Another worker has this person now; whatever was being done must be left."""


@dataclass(frozen=True)
class Claim:
    """A person whom this worker has; `token` is on the lease."""

    sender: str
    token: str


@dataclass(frozen=True)
class Forget:
    """Next step: delete the conversation, before anything else is done for this person."""

    number: int


@dataclass(frozen=True)
class Send:
    """Next step: send one payload. It is marked as being sent; `state` is what it was before that."""

    number: int
    payload: dict[str, Any]
    address: dict[str, str]
    tag: str
    sent_at: float
    state: str


@dataclass(frozen=True)
class Handle:
    """Next step: have a turn about one message."""

    number: int
    message_id: str
    content: dict[str, Any]
    address: dict[str, str]
    sent_at: float


Step = Forget | Send | Handle


class Queue:
    """See the module. All methods block; call them from a thread.

    Args:
        url: database URL; None means the default of the project.
        names: makes the hashes.
    """

    def __init__(self, url: str | None, names: Names) -> None:
        self._engine = open_engine(url)
        self._names = names
        self._open: sqlite3.Connection | None = None
        self._turn = threading.Lock() if self._engine.dialect.name == "sqlite" else nullcontext()

    @property
    def engine(self) -> Engine:
        """The engine, for who translates its errors."""
        return self._engine

    def prepare(self) -> None:
        """Make the tables that are missing; several processes may do so at once."""
        try:
            metadata.create_all(self._engine)
        except sa.exc.DatabaseError:  # another process was making them at the same moment
            metadata.create_all(self._engine)
        if self._engine.dialect.name == "sqlite":
            # SQLite empties its log, which waits for the disk, whenever the last connection closes: this one stays.
            self._open = sqlite3.connect(self._engine.url.database, check_same_thread=False)
            self._open.execute("SELECT count(*) FROM whatsapp_people").fetchone()

    def close(self) -> None:
        """Give the connections back."""
        if self._open is not None:
            self._open.close()
        self._engine.dispose()

    # ------------------------------------------------------------------------------------------------------- coming in
    def receive(self, received: Received, now: float) -> int:
        """Store what a webhook brought; returns how many messages were new. A second delivery changes nothing."""
        new = sum(self._receive(message, now) for message in received.messages)
        for tag in filter(None, (status.tag for status in received.statuses)):
            self._confirm(tag, now)
        failed = [code for status in received.statuses if status.status == "failed" for code in status.codes or (0,)]
        what = [*(f"failed:{code}" for code in failed), *(f"error:{code}" for code in received.errors)]
        if received.renamed or received.withdrawn or what:
            with self._begin() as connection:
                for before, after in received.renamed:
                    self._rename(connection, before, after, _day(now))
                if received.withdrawn:
                    connection.execute(inbox.delete().where(inbox.c.message_id.in_(received.withdrawn)))
                _count(connection, sorted(what), now)
        return new

    def _receive(self, message: Message, now: float) -> bool:
        with self._begin() as connection:
            first = connection.execute(
                _insert(connection, seen)
                .values(message=self._names.message(message.id), day=_day(now))
                .on_conflict_do_nothing()
            )
            if not first.rowcount:
                return False
            sender, names = self._sender(connection, message.person)
            due = _insert(connection, people).values(sender=sender, due=now, send_after=0.0, failures=0, lease=0.0)
            connection.execute(due.on_conflict_do_update(index_elements=["sender"], set_={"due": now}))
            for kind, alias in names.items():
                self._alias(connection, alias, kind, sender, _day(now))
            connection.execute(
                inbox.insert().values(
                    sender=sender, message_id=message.id, sent_at=message.sent_at, content=json.dumps(message.content),
                    address=json.dumps(message.person.address),
                )  # fmt: skip
            )
        return True

    def _sender(self, connection: Connection, person: Person) -> tuple[str, dict[str, str]]:
        """The conversation of a person, by Meta's id, else by number; and the names to know the person by.

        A number that belongs to somebody with another id has a new owner, who must not get into the old conversation.
        """
        names = self._names.aliases(person)
        known = {kind: self._known(connection, alias) for kind, alias in names.items()}
        sender = known.get("user")
        if sender is None and (by_phone := known.get("phone")):
            taken = "user" in names and self._has_user_id(connection, by_phone)
            sender = None if taken else by_phone
        return sender or self._names.sender(person), names

    def _rename(self, connection: Connection, before: Person, after: Person, day: dt.date) -> None:
        known = (self._known(connection, alias) for alias in self._names.aliases(before).values())
        sender = next(filter(None, known), None)
        if sender is not None:
            for kind, alias in self._names.aliases(after).items():
                self._alias(connection, alias, kind, sender, day)

    def _known(self, connection: Connection, alias: str) -> str | None:
        return connection.execute(sa.select(aliases.c.sender).where(aliases.c.alias == alias)).scalar()

    def _has_user_id(self, connection: Connection, sender: str) -> bool:
        found = sa.select(aliases.c.alias).where(aliases.c.sender == sender, aliases.c.kind == "user")
        return connection.execute(found).first() is not None

    def _alias(self, connection: Connection, alias: str, kind: str, sender: str, day: dt.date) -> None:
        row = _insert(connection, aliases).values(alias=alias, kind=kind, sender=sender, used=day)
        connection.execute(
            row.on_conflict_do_update(index_elements=["alias"], set_={"sender": sender, "used": day})
        )

    def _confirm(self, tag: str, now: float) -> None:
        """Meta speaks of a message that carries our tag, so it has taken it: it must never be sent again."""
        with self._begin() as connection:
            sender = connection.execute(sa.select(outbox.c.sender).where(outbox.c.tag == tag)).scalar()
            if sender is not None:
                connection.execute(people.update().where(people.c.sender == sender).values(due=now, send_after=0.0))
                connection.execute(outbox.delete().where(outbox.c.tag == tag))

    # ------------------------------------------------------------------------------------------------------ the workers
    def claim(self, now: float) -> Claim | None:
        """Take the person who waits longest and whom no worker has; None when there is nobody."""
        token = uuid.uuid4().hex
        with self._begin() as connection:
            sender = connection.execute(
                sa.select(people.c.sender)
                .where(people.c.due <= now, people.c.lease <= now)
                .order_by(people.c.due)
                .limit(1)
                .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite the transaction has the whole file
            ).scalar()
            if sender is None:
                return None
            connection.execute(
                people.update().where(people.c.sender == sender).values(owner=token, lease=now + LEASE_SECONDS)
            )
        return Claim(sender, token)

    def renew(self, claims: Iterable[Claim], now: float) -> None:
        """Keep the leases of `claims`; one that is already lost stays lost."""
        for claim in claims:
            with self._begin() as connection:
                connection.execute(_own(people.update(), claim).values(lease=now + LEASE_SECONDS))

    def next_step(self, claim: Claim, now: float) -> Step | None:
        """What is to be done for this person now; None when nothing is.

        Turns go on while sending has to wait, so that words do not lie in the inbox because Meta is away.

        Raises:
            LostLease: see there.
        """
        with self._owned(claim, now) as connection:
            row = self._first(connection, outbox, claim, outbox.c.payload.is_(None))
            if row is not None:
                return Forget(row.number)
            send_after = connection.execute(
                sa.select(people.c.send_after).where(people.c.sender == claim.sender)
            ).scalar_one()
            row = self._first(connection, outbox, claim) if send_after <= now else None
            if row is not None:
                connection.execute(outbox.update().where(outbox.c.number == row.number).values(state=SENDING))
                return Send(row.number, json.loads(row.payload), json.loads(row.address), row.tag, row.sent_at, row.state)
            row = self._first(connection, inbox, claim, order=(inbox.c.sent_at, inbox.c.number))
            if row is not None:
                return Handle(
                    row.number, row.message_id, json.loads(row.content), json.loads(row.address), row.sent_at
                )
        return None

    def answered(
        self, connection: Connection, claim: Claim, step: Handle, payloads: Iterable[dict[str, Any]], *,
        forgets: bool = False, now: float,
    ) -> None:  # fmt: skip
        """Put what is owed for a message in the outbox, and its words away, inside somebody else's transaction.

        Args:
            connection: of the transaction that saves the turn.
            forgets: the conversation is to be deleted, and the names of the person with it.

        Raises:
            LostLease: the turn must not be saved either.
        """
        self._check(connection, claim, now)
        if not connection.execute(inbox.delete().where(inbox.c.number == step.number)).rowcount:
            return  # withdrawn in the meantime
        rows = [{"payload": None, "address": "{}"}] if forgets else []
        rows += [{"payload": json.dumps(item), "address": json.dumps(step.address)} for item in payloads]
        for row in rows:
            connection.execute(
                outbox.insert().values(
                    sender=claim.sender, tag=uuid.uuid4().hex, sent_at=step.sent_at, state=WAITING, **row
                )
            )
        if forgets:
            connection.execute(aliases.delete().where(aliases.c.sender == claim.sender))

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """A transaction. SQLite has one writer, and whoever finds it busy tries again at random: threads queue up here."""
        with self._turn, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of the queue's own, for `answered` when no turn was saved."""
        with self._begin() as connection:
            yield connection

    def done(self, claim: Claim, number: int, now: float, *, count: str | None = None) -> bool:
        """The step is over: sent, deleted, or dropped (then `count` says why). True when Meta had been away before."""
        with self._owned(claim, now) as connection:
            connection.execute(outbox.delete().where(outbox.c.number == number))
            away = connection.execute(sa.select(people.c.failures).where(people.c.sender == claim.sender)).scalar()
            connection.execute(_own(people.update(), claim).values(failures=0))
            _count(connection, [count] if count else [], now)
        return bool(away) and count is None

    def drop(self, claim: Claim, step: Handle, now: float, *, count: str) -> None:
        """A message that cannot be answered any more goes, and is counted."""
        with self._owned(claim, now) as connection:
            connection.execute(inbox.delete().where(inbox.c.number == step.number))
            _count(connection, [count], now)

    def postpone(self, claim: Claim, step: Send, until: float, now: float, *, state: str, away: bool = False) -> None:
        """Leave the payload in the outbox and send nothing to this person before `until`.

        Unless it is gone: Meta's word that it has the payload may come before our own end of the request.
        """
        with self._owned(claim, now) as connection:
            kept = connection.execute(outbox.update().where(outbox.c.number == step.number).values(state=state))
            if kept.rowcount:
                failures = people.c.failures + (1 if away else 0)
                connection.execute(_own(people.update(), claim).values(send_after=until, failures=failures))

    def failures(self, claim: Claim) -> int:
        """How often in a row Meta was away for this person."""
        with self._begin() as connection:
            found = connection.execute(sa.select(people.c.failures).where(people.c.sender == claim.sender)).scalar()
        return found or 0

    def hurry(self, now: float) -> None:
        """Meta is back: whoever waits for that is due now. Those whom a worker is busy with need not be told."""
        waiting = sa.select(people.c.sender).where(people.c.failures > 0).with_for_update(skip_locked=True)
        with self._begin() as connection:
            connection.execute(
                people.update().where(people.c.sender.in_(waiting)).values(due=now, send_after=0.0, failures=0)
            )

    def release(self, claim: Claim, now: float, *, wait: float = 0.0) -> None:
        """Let go of a person: until something comes in, until sending may go on, or for `wait` seconds."""
        with self._begin() as connection:
            # The row is locked before the boxes are looked at: what comes in meanwhile waits for it and is not missed.
            row = connection.execute(
                sa.select(people.c.send_after, people.c.due)
                .where(people.c.sender == claim.sender, people.c.owner == claim.token)
                .with_for_update()
            ).first()
            if row is None:
                return
            if self._first(connection, inbox, claim) is not None:
                due = now + wait
            elif self._first(connection, outbox, claim) is not None:
                due = max(row.send_after, now + wait)
            else:
                connection.execute(_own(people.delete(), claim))
                return
            connection.execute(_own(people.update(), claim).values(due=due, lease=0.0, owner=None))

    def tidy(self) -> None:
        """Leave nothing of what was deleted in SQLite's log."""
        from bot.stores import empty_log

        with self._turn:
            empty_log(self._engine)

    # ---------------------------------------------------------------------------------------------------------- looking
    def totals(self) -> dict[str, int]:
        """How much waits, and what was counted, for the operator."""
        with self._begin() as connection:
            rows = connection.execute(
                sa.select(counts.c.what, sa.func.sum(counts.c.number)).group_by(counts.c.what).order_by(counts.c.what)
            ).all()
            waiting = {
                name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for name, table in (("inbox", inbox), ("outbox", outbox))
            }
        return {**waiting, **{what: int(number) for what, number in rows}}

    def count(self, what: str, now: float) -> None:
        """Count something that went wrong."""
        with self._begin() as connection:
            _count(connection, [what], now)

    # ---------------------------------------------------------------------------------------------------------- helpers
    @contextmanager
    def _owned(self, claim: Claim, now: float) -> Iterator[Connection]:
        with self._begin() as connection:
            self._check(connection, claim, now)
            yield connection

    def _check(self, connection: Connection, claim: Claim, now: float) -> None:
        lease = connection.execute(
            sa.select(people.c.lease)
            .where(people.c.sender == claim.sender, people.c.owner == claim.token)
            .with_for_update()
        ).scalar()
        if lease is None:
            raise LostLease
        if lease < now + LEASE_SECONDS / 2:
            connection.execute(_own(people.update(), claim).values(lease=now + LEASE_SECONDS))

    def _first(self, connection: Connection, table: sa.Table, claim: Claim, *where: Any, order: Any = None) -> Any:
        rows = sa.select(table).where(table.c.sender == claim.sender, *where)
        return connection.execute(rows.order_by(*(order or (table.c.number,))).limit(1)).first()


def open_engine(url: str | None) -> Engine:
    """An engine for the tables of this channel, which on SQLite overwrites what it deletes."""
    from bot.stores import set_up_sqlite

    engine = make_engine(url, for_writing=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", set_up_sqlite)
    return engine


def purge(engine: Engine, now: float, retention_days: int) -> int:
    """Delete what is past its term; returns how many messages and replies went that nobody can be sent any more.

    Args:
        retention_days: how long the names of somebody who does not write any more are kept.
    """
    if not sa.inspect(engine).has_table(people.name):
        return 0
    today = _day(now)
    with engine.begin() as connection:
        expired = sum(
            connection.execute(box.delete().where(box.c.sent_at < now - WINDOW_SECONDS)).rowcount
            for box in (inbox, outbox)
        )
        _count(connection, ["dropped:window"] * expired, now)
        connection.execute(seen.delete().where(seen.c.day < today - dt.timedelta(days=_SEEN_DAYS)))
        connection.execute(aliases.delete().where(aliases.c.used < today - dt.timedelta(days=retention_days)))
        connection.execute(counts.delete().where(counts.c.day < today - dt.timedelta(days=_COUNTS_DAYS)))
    return expired


def _insert(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that can have an ON CONFLICT, which SQLAlchemy has per database."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite_dialect).insert(table)


def _count(connection: Connection, what: Iterable[str], now: float) -> None:
    for name in what:
        row = _insert(connection, counts).values(day=_day(now), what=name, number=1)
        more = {"number": counts.c.number + 1}
        connection.execute(row.on_conflict_do_update(index_elements=["day", "what"], set_=more))


def _own(statement: Any, claim: Claim) -> Any:
    return statement.where(people.c.sender == claim.sender, people.c.owner == claim.token)


def _day(now: float) -> dt.date:
    return dt.datetime.fromtimestamp(now, tz=dt.UTC).date()
