"""`wegwijzer bench whatsapp`: how fast a reply is sent, and what every fault loses or doubles. Loopback only, bounded."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import progress

if TYPE_CHECKING:
    from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi, Taken
    from bot.channels.whatsapp.rehearsal.server import Server

_TEXTS = ("wie betaalt de laptop", "wat is een opp", "hallo", "welk steunpunt hoort bij Utrecht")
_QUESTION = _TEXTS[0]
_MOST_SECONDS = 240.0


@click.command()
@click.option("--rate", default=10.0, show_default=True, help="Messages a second.")
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(1, 300), help="How long to send.")
@click.option("--only-speed", is_flag=True, help="Leave out the faults.")
@click.option("--people", default=15, show_default=True, type=click.IntRange(1, 500), help="People in each fault.")
def whatsapp(rate: float, seconds: int, people: int, only_speed: bool) -> None:
    """Webhook to sent reply at a steady rate, then the table of faults, against a real `start` on this machine."""
    with _stage() as (api, server):
        click.echo(_speed(api, server, rate, seconds))
    if only_speed:
        return
    click.echo("\n| fault | messages | replies lost | replies doubled |\n| --- | ---: | ---: | ---: |")
    for name, act in _FAULTS.items():
        progress(f"fault: {name}")
        with _stage() as (api, server):
            expected = _reference(api, server)
            sent = act(api, server, people)
            done = server.settled(_MOST_SECONDS)
            lost, doubled = _compare(api.taken, expected, sent)
            note = "" if done else " (not settled)"
            click.echo(f"| {name}{note} | {sum(sent.values())} | {lost} | {doubled} |")


@contextmanager
def _stage() -> Iterator[tuple[FakeGraphApi, Server]]:
    from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi
    from bot.channels.whatsapp.rehearsal.server import Server

    with tempfile.TemporaryDirectory() as folder, FakeGraphApi() as api:
        with Server(api, f"sqlite:///{folder}/meting.sqlite", errors=Path(folder) / "log") as server:
            yield api, server


@dataclass(frozen=True)
class _Person:
    number: int

    @property
    def user_id(self) -> str:
        return f"NL.{self.number:09d}"

    def webhook(self, text: str, at: float | None = None) -> dict:
        from bot.channels.whatsapp.rehearsal import webhooks

        item = webhooks.text(text, at=at)
        return webhooks.webhook(item, user_id=self.user_id, phone=f"316{self.number:08d}")


# --------------------------------------------------------------------------------------------------------------- speed
def _speed(api: FakeGraphApi, server: Server, rate: float, seconds: int) -> str:
    """Every person writes a few times; a reply counts as sent when its last message was taken."""
    total = int(rate * seconds)
    crowd = [_Person(number) for number in range(max(1, total // 4))]
    server.post(_Person(999_999).webhook("hallo"))
    server.settled()
    posted: list[tuple[str, float, float]] = []

    def send(number: int) -> None:
        person = crowd[number % len(crowd)]
        body, begun = person.webhook(_TEXTS[number // len(crowd) % len(_TEXTS)]), time.time()
        server.post(body)
        posted.append((person.user_id, begun, time.time() - begun))

    used = _cpu_seconds(server.pid)
    with ThreadPoolExecutor(32) as pool:
        start = time.monotonic()
        for number in range(total):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            pool.submit(send, number)
        behind = time.monotonic() - start - total / rate
    server.settled(_MOST_SECONDS)
    used = _cpu_seconds(server.pid) - used
    replies = sorted(_waits(posted, api.taken))
    accepted = sorted(wait for _, _, wait in posted)
    return (
        f"{len(posted)} messages at {rate:g} a second from {len(crowd)} people (sender behind by {max(behind, 0):.1f} s), "
        f"{len(replies)} answered\n"
        f"webhook to 200: median {_ms(accepted, 50)}, p99 {_ms(accepted, 99)}\n"
        f"webhook to sent reply: median {_ms(replies, 50)}, p99 {_ms(replies, 99)}, longest {replies[-1] * 1_000:.0f} ms\n"
        f"computing time of the server: {used / len(posted) * 1_000:.0f} ms a message"
    )


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _waits(posted: list[tuple[str, float, float]], taken: list[Taken]) -> Iterator[float]:
    for user_id, begun, _ in posted:
        later = [other for who, other, _ in posted if who == user_id and other > begun]
        end = min(later, default=float("inf"))
        mine = [message.at for message in taken if message.to == user_id and begun <= message.at < end]
        if mine:
            yield max(mine) - begun


def _ms(values: list[float], percent: int) -> str:
    return f"{statistics.quantiles(values, n=100, method='inclusive')[percent - 1] * 1_000:.0f} ms"


# -------------------------------------------------------------------------------------------------------------- faults
def _reference(api: FakeGraphApi, server: Server) -> Counter[str]:
    """What one untroubled question leads to."""
    server.post(_Person(900_000).webhook(_QUESTION))
    server.settled()
    return Counter(_words(message) for message in api.taken)


def _compare(taken: list[Taken], expected: Counter[str], sent: dict[_Person, int]) -> tuple[int, int]:
    lost = doubled = 0
    for person in sent:
        found = Counter(_words(message) for message in list(taken) if message.to == person.user_id)
        lost += (expected - found).total()
        doubled += (found - expected).total()
    return lost, doubled


def _words(message: Taken) -> str:
    return json.dumps([message.body.get("text"), message.body.get("interactive")])


def _ask(server: Server, people: int, times: int = 1) -> dict[_Person, int]:
    crowd = [_Person(number) for number in range(people)]
    bodies = [person.webhook(_QUESTION) for person in crowd]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(server.post, [body for body in bodies for _ in range(times)]))
    assert set(statuses) == {200}, "a webhook was not taken"
    return dict.fromkeys(crowd, times)


def _no_fault(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
    return _ask(server, people)


def _delivered_thrice(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
    return _ask(server, people, times=3)


def _answers(**fault: object) -> Callable[[FakeGraphApi, Server, int], dict[_Person, int]]:
    def act(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
        from bot.channels.whatsapp.rehearsal.graph_api import Fault

        api.faults.extend(Fault(**fault) for _ in range(people))  # type: ignore[arg-type]
        return _ask(server, people)

    return act


def _away(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
    api.down()
    sent = _ask(server, people)
    time.sleep(15)
    api.up()
    return sent


def _killed_at_once(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
    sent = _ask(server, people)
    server.kill()
    server.start()
    return sent


def _killed_while_sending(api: FakeGraphApi, server: Server, people: int) -> dict[_Person, int]:
    from bot.channels.whatsapp.rehearsal.graph_api import Fault

    before = len(api.taken)
    api.faults.extend(Fault(take=True, delay=20) for _ in range(people))
    sent = _ask(server, people)
    api.wait_for(lambda: len(api.taken) > before, 30)
    server.kill()
    api.faults.clear()
    server.start()
    return sent


_FAULTS: dict[str, Callable[[FakeGraphApi, Server, int], dict[_Person, int]]] = {
    "none": _no_fault,
    "every webhook three times, in parallel": _delivered_thrice,
    "500 with Meta's code 131016": _answers(status=500, code=131016),
    "429 and code 130429": _answers(status=429, code=130429),
    "pair rate, code 131056": _answers(status=400, code=131056),
    "API takes 3 s": _answers(delay=3.0),
    "taken, but the connection breaks": _answers(take=True, breaks=True),
    "not taken, and the connection breaks": _answers(breaks=True),
    "API away for 15 s": _away,
    "kill -9 right after the 200": _killed_at_once,
    "kill -9 while Meta has the message": _killed_while_sending,
}
