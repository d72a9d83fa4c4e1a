"""Takes people from the queue one at a time, has their turns done and sends what they are owed.

What happens when the process is killed, by stage:

* before the turn is saved: the turn is done again by whoever takes over; nothing of the first try was stored;
* after it: the payloads stand in the outbox, and the turn is not done again;
* while a payload is being sent: nobody can know whether Meta has it. Meta's status callback names it by its tag, so the
  payload waits for that callback (`DOUBT_SECONDS`) and is sent again only when none came. Sending again rather than
  never, because a parent in need who hears nothing is worse off than one who reads something twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.rate import RateLimiter
from bot.channels.whatsapp.api import GraphApi, Refused, TryLater, Unsure
from bot.channels.whatsapp.payloads import Payload, options, reply_payloads, turn_payloads
from bot.channels.whatsapp.queue import (
    LEASE_SECONDS,
    SENDING,
    UNSURE,
    WAITING,
    WINDOW_SECONDS,
    Claim,
    Forget,
    Handle,
    LostLease,
    Queue,
    Send,
)
from bot.conversation import Conversations, Keep, Reply, Turn
from bot.topics import TOPIC_PAYLOAD
from knowledge import answers
from knowledge.database import make_engine, open_session
from knowledge.places.near import nearest_gemeente

logger = logging.getLogger("wegwijzer.whatsapp")

CHANNEL = "whatsapp"
_MOST_WAIT = 60.0
_FIRST_WAIT = 5.0
_TIDY_SECONDS = 2.0


@dataclass(frozen=True)
class Pace:
    """Waiting times in seconds.

    idle: between looks at the queue when nothing comes in here (another process may have put something there).
    typing: a turn that takes longer shows the typing indicator.
    doubt: how long to wait for Meta's word on a payload that may have been sent.
    """

    idle: float = 1.0
    typing: float = 1.0
    doubt: float = 60.0


class Worker:
    """Works on the queue in this process, several people at a time.

    Args:
        conversations: the assistant, with the introduction for this channel.
        limiter: how many messages somebody may send.
        tasks: how many people at a time; the turns themselves share one thread.
    """

    def __init__(
        self, queue: Queue, api: GraphApi, conversations: Conversations, limiter: RateLimiter, *,
        register_url: str | None = None, tasks: int = 8, pace: Pace = Pace(), clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._queue, self._api, self._conversations, self._limiter = queue, api, conversations, limiter
        # Says once a minute that somebody sends too much, and not at every message.
        self._told = RateLimiter(per_conversation=1)
        self._register_url = register_url
        self._tasks, self._pace, self._clock = tasks, pace, clock
        self._held: set[Claim] = set()
        # A turn computes without a pause. One after the other leaves the loop free for webhooks and sending in between.
        self._turns = asyncio.Semaphore(1)
        self._something = asyncio.Event()
        self._stopping = False
        self._untidy, self._tidied = False, 0.0
        self._running: list[asyncio.Task[None]] = []
        self._marks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._running = [asyncio.create_task(self._work()) for _ in range(self._tasks)]
        self._running.append(asyncio.create_task(self._renew()))

    async def stop(self) -> None:
        """Finish the steps that are being taken, let go of everybody, and end."""
        self._stopping = True
        self._something.set()
        workers, renewer = self._running[:-1], self._running[-1:]
        if workers:
            await asyncio.wait(workers, timeout=LEASE_SECONDS)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*workers, *renewer, return_exceptions=True)
        await self.finish_marks()

    async def finish_marks(self) -> None:
        """Wait for the read marks that are on their way."""
        await asyncio.gather(*self._marks, return_exceptions=True)

    def wake(self) -> None:
        """Something came in."""
        self._something.set()

    async def run_once(self) -> bool:
        """Take one person and do all that can be done now; False when nobody waits."""
        claim = await asyncio.to_thread(self._queue.claim, self._clock())
        if claim is not None:
            self._held.add(claim)
            try:
                await self._serve(claim)
            except LostLease:
                logger.warning("a person was taken over by another worker")
            finally:
                self._held.discard(claim)
        await self._tidy(busy=claim is not None)
        return claim is not None

    async def _tidy(self, *, busy: bool) -> None:
        """After work, and every few seconds of it: leave no word in the database's log."""
        self._untidy = self._untidy or busy
        if self._untidy and (not busy or time.monotonic() > self._tidied + _TIDY_SECONDS):
            self._untidy, self._tidied = False, time.monotonic()
            await asyncio.to_thread(self._queue.tidy)

    async def _work(self) -> None:
        while not self._stopping:
            try:
                if await self.run_once():
                    continue
            except Exception as error:  # a worker goes on; whoever it had is taken up again when the lease ends
                logger.error("a worker was interrupted: %s", type(error).__name__)
            await self._rest()

    async def _rest(self) -> None:
        self._something.clear()
        try:
            await asyncio.wait_for(self._something.wait(), self._pace.idle * random.uniform(0.5, 1.5))
        except TimeoutError:
            pass

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 4)
            try:
                await asyncio.to_thread(self._queue.renew, list(self._held), self._clock())
            except SQLAlchemyError as error:
                logger.error("the database of the queue fails: %s", type(error).__name__)

    async def _serve(self, claim: Claim) -> None:
        wait = 0.0
        while not self._stopping and not wait:
            step = await asyncio.to_thread(self._queue.next_step, claim, self._clock())
            if step is None:
                break
            if isinstance(step, Forget):
                await self._conversations.forget(claim.sender)
                await asyncio.to_thread(self._queue.done, claim, step.number, self._clock())
            elif isinstance(step, Send):
                await self._send(claim, step)
            else:
                wait = await self._handle(claim, step)
        await asyncio.to_thread(self._queue.release, claim, self._clock(), wait=wait)

    # ---------------------------------------------------------------------------------------------------------- sending
    async def _send(self, claim: Claim, step: Send) -> None:
        now = self._clock()
        if now > step.sent_at + WINDOW_SECONDS:
            await self._done(claim, step, "dropped:window")
            return
        if step.state == SENDING:
            await self._later(claim, step, now + self._pace.doubt, UNSURE)
            return
        try:
            await self._api.send(step.payload, step.address, step.tag)
        except Refused as error:
            logger.error("Meta refused a message: code %s", error.code)
            await self._done(claim, step, f"dropped:{error.code}")
        except TryLater as error:
            logger.warning("Meta takes no message now: code %s; it waits", error.code)
            failures = await asyncio.to_thread(self._queue.failures, claim)
            wait = min(max(error.wait, _FIRST_WAIT * 2**failures), max(error.wait, _MOST_WAIT))
            await self._later(claim, step, self._clock() + wait * random.uniform(0.8, 1.2), WAITING, away=error.away)
        except Unsure as error:
            logger.warning("no answer from Meta (%s); waiting for its word on the message", error)
            await self._later(claim, step, self._clock() + self._pace.doubt, UNSURE)
        else:
            await self._done(claim, step)

    async def _done(self, claim: Claim, step: Send, count: str | None = None) -> None:
        if await asyncio.to_thread(self._queue.done, claim, step.number, self._clock(), count=count):
            await asyncio.to_thread(self._queue.hurry, self._clock())
            self.wake()

    async def _later(self, claim: Claim, step: Send, until: float, state: str, *, away: bool = False) -> None:
        await asyncio.to_thread(
            self._queue.postpone, claim, step, until, self._clock(), state=state, away=away
        )

    # --------------------------------------------------------------------------------------------------------- answering
    async def _handle(self, claim: Claim, step: Handle) -> float:
        """Answer one message; returns how long to leave this person alone (0: not at all)."""
        if self._clock() > step.sent_at + WINDOW_SECONDS:
            await asyncio.to_thread(self._queue.drop, claim, step, self._clock(), count="dropped:window")
            return 0.0
        answering = asyncio.create_task(self._answer(claim, step))
        finished, _ = await asyncio.wait({answering}, timeout=self._pace.typing)
        if finished:
            self._in_background(self._api.mark_read(step.message_id, typing=False))
        else:  # waited for: an indicator that arrives after the answer would show that another one is coming
            await self._api.mark_read(step.message_id, typing=True)
        try:
            await answering
        except SQLAlchemyError as error:
            logger.error("an answer could not be stored: %s", type(error).__name__)
            return _FIRST_WAIT
        return 0.0

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._marks.add(task)
        task.add_done_callback(self._marks.discard)

    async def _answer(self, claim: Claim, step: Handle) -> None:
        before: list[Payload] = []
        kept: list[bool] = []

        def keep(connection: Connection, turn: Turn) -> None:
            payloads = [*before, *turn_payloads(turn)]
            self._queue.answered(connection, claim, step, payloads, forgets=turn.forgets, now=self._clock())
            kept.append(True)

        if not await self._limiter.allows(conversation=claim.sender):
            notice = _text("whatsapp_te_veel") if await self._told.allows(conversation=claim.sender) else []
            await self._store(claim, step, notice)
            return
        content = step.content
        if "media" in content:
            before = _text(f"whatsapp_{content['media']}")
            if not content.get("text"):
                await self._store(claim, step, before)
                return
        try:
            async with self._turns:
                turn = await self._turn(claim.sender, content, keep)
        except Exception as error:  # a reply always comes
            logger.error("a message could not be handled: %s", type(error).__name__)
            await self._store(claim, step, [*before, *_text("storing")])
            return
        if turn is None:
            await self._store(claim, step, _text("whatsapp_location"))
        elif not kept:
            await asyncio.to_thread(self._keep_alone, keep, turn)

    async def _turn(self, sender: str, content: dict[str, Any], keep: Keep) -> Turn | None:
        """The turn about one message; None for a point on the map that lies in no municipality."""
        if "press" in content:
            pressed = content["press"]
            if pressed not in dict(await self._conversations.offered(sender)):
                # A button further up stays on a phone for ever; its words are asked as if they were typed.
                return await self._conversations.say(sender, _question(content), channel=CHANNEL, keep=keep)
            return await self._conversations.press(sender, pressed, channel=CHANNEL, keep=keep)
        if "point" in content:
            gemeente = await asyncio.to_thread(self._gemeente, content["point"])
            return gemeente and await self._conversations.suggest_place(sender, gemeente, channel=CHANNEL, keep=keep)
        text = content.get("text", "")
        if (choice := await self._choice(sender, text)) is not None:
            return await self._conversations.press(sender, choice, channel=CHANNEL, keep=keep)
        return await self._conversations.say(sender, text, channel=CHANNEL, keep=keep)

    async def _choice(self, sender: str, text: str) -> str | None:
        """The option that a bare number stands for: of those offered last, in the order in which they were shown."""
        number = text.strip().rstrip(".)")
        if not number.isdecimal() or len(number) > 2:
            return None
        shown = options({"payload": payload, "title": title} for payload, title in await self._conversations.offered(sender))
        return shown[int(number) - 1]["payload"] if 1 <= int(number) <= len(shown) else None

    def _gemeente(self, point: list[float]) -> str | None:
        engine = make_engine(self._register_url)
        try:
            with open_session(engine) as session:
                return nearest_gemeente(session, *point)
        finally:
            engine.dispose()

    def _keep_alone(self, keep: Keep, turn: Turn) -> None:
        with self._queue.writing() as connection:
            keep(connection, turn)

    async def _store(self, claim: Claim, step: Handle, payloads: list[Payload]) -> None:
        def store() -> None:
            with self._queue.writing() as connection:
                self._queue.answered(connection, claim, step, payloads, now=self._clock())

        await asyncio.to_thread(store)


def _question(content: dict[str, Any]) -> str:
    key = content["press"].removeprefix(TOPIC_PAYLOAD)
    return answers.book()[key].button if key in answers.book() else content.get("title", "")


def _text(key: str) -> list[Payload]:
    return reply_payloads(Reply(answers.book().texts[key]))
