"""The queue, on SQLite and on a real PostgreSQL: once each, in order, one worker per person, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.whatsapp import inbound, queue, tables
from bot.channels.whatsapp.identity import Names
from bot.channels.whatsapp.queue import (
    LEASE_SECONDS,
    SENDING,
    UNSURE,
    WAITING,
    Claim,
    Forget,
    Handle,
    LostLease,
    Queue,
    Send,
)
from bot.channels.whatsapp.rehearsal import webhooks

NOW = 1_790_000_000.0
PAYLOAD = {"type": "text", "text": {"body": "antwoord"}}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'q.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def open_queue(url: str) -> Iterator[Callable[[], Queue]]:
    """Each call is as another process: an engine of its own."""
    opened: list[Queue] = []

    def another() -> Queue:
        opened.append(Queue(url, Names("geheim")))
        opened[-1].prepare()
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def deliver(one: Queue, *items: dict[str, Any], now: float = NOW, **person: Any) -> int:
    return one.receive(inbound.read(webhooks.webhook(*items, **person), webhooks.NUMBER, now=now), now)


def answer(one: Queue, claim: Claim, count: int = 1, *, forgets: bool = False, now: float = NOW) -> Handle:
    step = one.next_step(claim, now)
    assert isinstance(step, Handle)
    with one.writing() as connection:
        one.answered(connection, claim, step, [PAYLOAD] * count, forgets=forgets, now=now)
    return step


def rows(one: Queue, table: sa.Table) -> list[Any]:
    with one.engine.connect() as connection:
        return connection.execute(sa.select(table)).all()


def test_a_message_goes_through_its_stages(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    assert deliver(one, webhooks.text("hoi", id="wamid.1")) == 1
    claim = one.claim(NOW)
    assert claim is not None
    assert answer(one, claim, 2).message_id == "wamid.1"
    for _ in range(2):
        step = one.next_step(claim, NOW)
        assert isinstance(step, Send) and step.address == {"recipient": webhooks.USER_ID}
        one.done(claim, step.number, NOW)
    assert one.next_step(claim, NOW) is None
    one.release(claim, NOW)
    assert not any(rows(one, table) for table in (tables.inbox, tables.outbox, tables.people))
    assert len(rows(one, tables.seen)) == 1


def test_duplicates_in_parallel_are_one(open_queue: Callable[[], Queue]) -> None:
    queues = [open_queue() for _ in range(4)]
    items = [webhooks.text("hoi", id=f"wamid.{number}") for number in range(5)]
    together = threading.Barrier(16)

    def send(number: int) -> int:
        together.wait()
        return deliver(queues[number % 4], *items)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(send, range(16))) == 5
    assert len(rows(queues[0], tables.inbox)) == 5


def test_a_message_that_was_answered_is_not_taken_again(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("hoi", id="wamid.1"))
    claim = one.claim(NOW)
    answer(one, claim)
    assert deliver(one, webhooks.text("hoi", id="wamid.1"), now=NOW + 6 * 86_400) == 0


def test_messages_are_handled_in_the_order_they_were_written(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("drie", at=NOW - 1))
    deliver(one, webhooks.text("twee", at=NOW - 2), webhooks.text("een", at=NOW - 3))
    claim = one.claim(NOW)
    said = []
    while isinstance(step := one.next_step(claim, NOW), Handle):
        said.append(step.content["text"])
        one.drop(claim, step, NOW, count="test")
    assert said == ["een", "twee", "drie"]


def test_one_worker_per_person(open_queue: Callable[[], Queue]) -> None:
    first, second = open_queue(), open_queue()
    deliver(first, webhooks.text("a"), webhooks.text("b"))
    assert first.claim(NOW) is not None
    assert second.claim(NOW) is None
    deliver(second, webhooks.text("c"))
    assert second.claim(NOW) is None
    deliver(first, webhooks.text("d"), user_id="NL.2", phone=None)
    assert second.claim(NOW) is not None


def test_many_workers_take_everybody_once(open_queue: Callable[[], Queue]) -> None:
    queues = [open_queue() for _ in range(4)]
    for number in range(40):
        deliver(queues[0], webhooks.text("hoi"), user_id=f"NL.{number}", phone=None)
    together = threading.Barrier(4)

    def take(one: Queue) -> list[str]:
        together.wait()
        return [claim.sender for claim in iter(lambda: one.claim(NOW), None)]

    with ThreadPoolExecutor(4) as pool:
        taken = [sender for senders in pool.map(take, queues) for sender in senders]
    assert len(taken) == len(set(taken)) == 40


def test_what_a_dead_worker_had_goes_to_another_after_its_lease(open_queue: Callable[[], Queue]) -> None:
    dead, other = open_queue(), open_queue()
    deliver(dead, webhooks.text("hoi"))
    lost = dead.claim(NOW)
    assert other.claim(NOW + LEASE_SECONDS - 1) is None
    dead.renew([lost], NOW + 10)
    assert other.claim(NOW + LEASE_SECONDS + 1) is None
    claim = other.claim(NOW + 10 + LEASE_SECONDS)
    assert isinstance(other.next_step(claim, NOW + 40), Handle)


def test_a_worker_that_wakes_up_late_can_do_nothing_any_more(open_queue: Callable[[], Queue]) -> None:
    slow, other = open_queue(), open_queue()
    deliver(slow, webhooks.text("hoi"))
    lost = slow.claim(NOW)
    step = slow.next_step(lost, NOW)
    later = NOW + LEASE_SECONDS + 1
    answer(other, other.claim(later), now=later)
    with pytest.raises(LostLease), slow.writing() as connection:
        slow.answered(connection, lost, step, [PAYLOAD], now=later)
    with pytest.raises(LostLease):
        slow.next_step(lost, later)
    slow.release(lost, later)
    assert len(rows(other, tables.outbox)) == 1
    assert len(rows(other, tables.people)) == 1


def test_something_that_comes_in_at_the_last_moment_is_not_missed(open_queue: Callable[[], Queue]) -> None:
    one, other = open_queue(), open_queue()
    for _ in range(30):
        deliver(one, webhooks.text("hoi"))
        claim = one.claim(NOW)
        one.drop(claim, one.next_step(claim, NOW), NOW, count="test")
        with ThreadPoolExecutor(2) as pool:
            pool.submit(one.release, claim, NOW)
            pool.submit(deliver, other, webhooks.text("en nog iets"))
        again = other.claim(NOW)
        other.drop(again, other.next_step(again, NOW), NOW, count="test")
        other.release(again, NOW)


def test_words_are_answered_while_sending_has_to_wait(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("een", at=NOW - 2), webhooks.text("twee", at=NOW - 1))
    claim = one.claim(NOW)
    answer(one, claim)
    step = one.next_step(claim, NOW)
    one.postpone(claim, step, NOW + 60, NOW, state=WAITING, away=True)
    answer(one, claim)
    assert one.next_step(claim, NOW) is None
    one.release(claim, NOW)
    assert one.claim(NOW + 59) is None
    claim = one.claim(NOW + 61)
    assert one.next_step(claim, NOW + 61).number == step.number
    assert one.failures(claim) == 1


def test_when_meta_is_back_all_are_due(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("hoi"))
    claim = one.claim(NOW)
    answer(one, claim)
    one.postpone(claim, one.next_step(claim, NOW), NOW + 60, NOW, state=WAITING, away=True)
    one.release(claim, NOW)
    one.hurry(NOW + 1)
    assert isinstance(one.next_step(one.claim(NOW + 1), NOW + 1), Send)


def test_metas_word_settles_a_payload_that_may_have_been_sent(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("hoi"))
    claim = one.claim(NOW)
    answer(one, claim, 2)
    step = one.next_step(claim, NOW)
    assert step.state == WAITING
    later = NOW + LEASE_SECONDS + 1
    claim = one.claim(later)
    found = one.next_step(claim, later)
    assert (found.number, found.state) == (step.number, SENDING)
    one.postpone(claim, found, later + 60, later, state=UNSURE)
    one.release(claim, later)
    sent = webhooks.status("wamid.x", "sent", {"biz_opaque_callback_data": step.tag})
    one.receive(inbound.read(sent, webhooks.NUMBER), later + 1)
    claim = one.claim(later + 1)
    assert claim is not None, "what comes after it need not wait any longer"
    assert one.next_step(claim, later + 1).number != step.number


def test_metas_word_may_come_before_the_end_of_our_request(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("hoi"))
    claim = one.claim(NOW)
    answer(one, claim, 2)
    step = one.next_step(claim, NOW)
    sent = webhooks.status("wamid.x", "sent", {"biz_opaque_callback_data": step.tag})
    one.receive(inbound.read(sent, webhooks.NUMBER), NOW)
    one.postpone(claim, step, NOW + 60, NOW, state=UNSURE)
    following = one.next_step(claim, NOW)
    assert isinstance(following, Send) and following.number != step.number


def test_forgetting_comes_before_everything(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("wis", at=NOW - 2), webhooks.text("hoi", at=NOW - 1))
    claim = one.claim(NOW)
    answer(one, claim, forgets=True)
    assert not rows(one, tables.aliases)
    step = one.next_step(claim, NOW)
    assert isinstance(step, Forget)
    one.done(claim, step.number, NOW)
    assert isinstance(one.next_step(claim, NOW), Send)


def test_a_withdrawn_message_is_not_answered(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("toch maar niet", id="wamid.1"))
    deliver(one, webhooks.revoke("wamid.1"))
    claim = one.claim(NOW)
    assert one.next_step(claim, NOW).content == {"media": "revoke"}


def senders(one: Queue) -> list[str]:
    return [row.sender for row in rows(one, tables.inbox)]


def test_a_person_stays_the_same_when_the_number_goes_or_an_id_comes(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("1"), user_id=None, phone="31612345678")
    deliver(one, webhooks.text("2"), user_id="NL.1", phone="31612345678")
    deliver(one, webhooks.text("3"), user_id="NL.1", phone=None)
    deliver(one, webhooks.text("4"), user_id=None, phone="31612345678")
    assert len(set(senders(one))) == 1
    assert not any("31612345678" in sender or "NL.1" in sender for sender in senders(one))


def test_a_number_with_a_new_owner_is_another_person(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("1"), user_id="NL.1", phone="31612345678")
    deliver(one, webhooks.text("2"), user_id="NL.2", phone="31612345678")
    deliver(one, webhooks.text("3"), user_id=None, phone="31612345678")
    first, second, third = senders(one)
    assert first != second == third


def test_a_person_with_a_new_number_and_id_stays_the_same(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("1"), user_id="NL.1", phone="31612345678")
    changed = webhooks.changed_number("31612345678", "31687654321", "NL.1", "NL.2")
    one.receive(inbound.read(changed, webhooks.NUMBER), NOW)
    deliver(one, webhooks.text("2"), user_id="NL.2", phone="31687654321")
    assert len(set(senders(one))) == 1


def test_failures_are_counted_by_code(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    for code in (131047, 131047, 131056):
        one.receive(inbound.read(webhooks.status("wamid.x", "failed", code=code), webhooks.NUMBER), NOW)
    one.receive(inbound.read(webhooks.status("wamid.x", "delivered"), webhooks.NUMBER), NOW)
    assert one.totals() == {"inbox": 0, "outbox": 0, "failed:131047": 2, "failed:131056": 1}
    assert one.claim(NOW) is None


def test_what_is_past_its_term_goes(open_queue: Callable[[], Queue]) -> None:
    one = open_queue()
    deliver(one, webhooks.text("hoi", at=NOW))
    assert queue.purge(one.engine, NOW + 3_600, 30) == 0
    assert queue.purge(one.engine, NOW + 25 * 3_600, 30) == 1
    assert one.totals() == {"inbox": 0, "outbox": 0, "dropped:window": 1}
    assert rows(one, tables.seen) and rows(one, tables.aliases)
    queue.purge(one.engine, NOW + 31 * 86_400, 30)
    assert not rows(one, tables.seen) and not rows(one, tables.aliases)


def test_nobody_waits_for_ever(open_queue: Callable[[], Queue]) -> None:
    """Workers, webhooks and status callbacks about the same people, all at once."""
    queues = [open_queue() for _ in range(6)]
    stop = threading.Event()

    def work(one: Queue) -> int:
        handled = 0
        while not stop.is_set():
            claim = one.claim(NOW)
            if claim is None:
                stop.wait(0.01)
                continue
            while (step := one.next_step(claim, NOW)) is not None:
                if isinstance(step, Handle):
                    answer(one, claim, 2, forgets=handled % 3 == 0)
                    handled += 1
                elif isinstance(step, Forget):
                    one.done(claim, step.number, NOW)
                else:
                    sent = webhooks.status("wamid.x", "sent", {"biz_opaque_callback_data": step.tag})
                    told = pool.submit(one.receive, inbound.read(sent, webhooks.NUMBER), NOW)
                    one.done(claim, step.number, NOW)
                    told.result()
            one.hurry(NOW)
            one.release(claim, NOW)
        return handled

    with ThreadPoolExecutor(16) as pool:
        workers = [pool.submit(work, one) for one in queues[:3]]
        people = [f"NL.{number % 4}" for number in range(60)]
        list(pool.map(lambda who: deliver(queues[4], webhooks.text("hoi"), user_id=who, phone=None), people))
        threading.Event().wait(0.1)
        while any(rows(queues[5], table) for table in (tables.inbox, tables.outbox)):
            assert all(not worker.done() for worker in workers), [worker.exception() for worker in workers if worker.done()]
        stop.set()
        assert sum(worker.result() for worker in workers) == 60


def test_tables_are_made_by_several_at_once(url: str) -> None:
    queues = [Queue(url, Names("geheim")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Queue.prepare, queues))
    for one in queues:
        one.close()
