"""The webhook over HTTP, in a real `wegwijzer start`: signatures, sizes, crashes, several processes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.channels.whatsapp.rehearsal import webhooks
from bot.channels.whatsapp.rehearsal.graph_api import FakeGraphApi, Fault
from bot.channels.whatsapp.rehearsal.server import VERIFY_TOKEN, Server
from bot.channels.whatsapp.signature import HEADER, sign
from knowledge import answers
from tests.bot.test_cli import COMMAND, PROJECT, one_line_error, run
from tests.channels.whatsapp.conftest import Someone, said

ANSWER = answers.book()["laptop_kosten"].text[:40]
SECRET_WORDS = "mijn zoon Barnabas heeft krokodillenziekte"


@pytest.fixture(scope="module")
def running(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeGraphApi, Server, Path]]:
    folder = tmp_path_factory.mktemp("start")
    with FakeGraphApi() as api, Server(api, f"sqlite:///{folder}/w.sqlite", errors=folder / "log") as server:
        yield api, server, folder


@pytest.fixture
def server(running: tuple[FakeGraphApi, Server, Path]) -> Server:
    return running[1]


def got(api: FakeGraphApi, person: Someone) -> list[dict]:
    return [message.body for message in list(api.taken) if message.to in person.addresses]


def verify(server: Server, **parameters: str) -> tuple[int, str]:
    query = urllib.parse.urlencode({f"hub.{name}": value for name, value in parameters.items()})
    try:
        with urllib.request.urlopen(f"{server.url}?{query}", timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_metas_verification(server: Server) -> None:
    assert verify(server, mode="subscribe", verify_token=VERIFY_TOKEN, challenge="1158201444") == (200, "1158201444")


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"mode": "subscribe", "verify_token": "x", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY_TOKEN, "challenge": "1"},
        {"mode": "subscribe", "verify_token": "é", "challenge": "1"},
    ],
)
def test_anybody_elses_verification_is_refused(server: Server, parameters: dict[str, str]) -> None:
    assert verify(server, **parameters) == (403, "")


def test_signatures(server: Server) -> None:
    body = json.dumps(webhooks.webhook()).encode()
    secret = FakeGraphApi.app_secret
    assert server.post(body) == 200
    assert server.post(body, headers={}) == 401
    for wrong in ("sha256=", "sha256=00", sign("other", body), sign(secret, body + b" "), sign(secret, body)[7:]):
        assert server.post(body, headers={HEADER: wrong}) == 403


def test_the_raw_bytes_are_signed_not_the_json(server: Server) -> None:
    spaced = json.dumps(webhooks.webhook(webhooks.reaction()), indent=3, ensure_ascii=True).encode()
    assert server.post(spaced) == 200


@pytest.mark.parametrize("body", [b"geen json", b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_refused(server: Server, body: bytes) -> None:
    assert server.post(body) == 400


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b"{}", b'{"entry": [{"changes": "x"}]}'])
def test_json_that_says_nothing_is_taken(server: Server, body: bytes) -> None:
    assert server.post(body) == 200


def test_up_to_three_megabytes(server: Server) -> None:
    start = json.dumps({"entry": [], "filler": ""}).encode()[:-2]
    fitting = start + b"x" * (3_000_000 - len(start) - 2) + b'"}'
    assert len(fitting) == 3_000_000
    assert server.post(fitting) == 200
    assert server.post(fitting + b" ") == 413
    assert server.post(b"x" * 4_000_000, headers={}) == 413


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("w.sqlite*"))


def test_a_conversation(running: tuple[FakeGraphApi, Server, Path]) -> None:
    api, server, folder = running
    person = Someone()
    assert server.post(person.webhook(webhooks.text(f"{SECRET_WORDS}, wie betaalt de laptop"))) == 200
    assert server.settled()
    first = got(api, person)
    assert "https://wegwijzer.example/privacy" in said(first[:1]) and "chatbot" in said(first[:1])
    assert ANSWER in said(first)
    # From another process than the one that wrote: no word of the parent, nor where the answer went.
    # SQLite's write-ahead log is emptied up to a few seconds after the delete (bot/stores.py).
    end = time.monotonic() + 15
    while b"Barnabas" in (everything := _on_disk(folder)) and time.monotonic() < end:
        time.sleep(0.2)
    for secret in ("Barnabas", "krokodillenziekte", person.user_id, person.phone, "wamid.", ANSWER):
        assert secret.encode() not in everything, secret
    assert "krokodillenziekte" not in (folder / "log").read_text()


def test_the_same_webhook_twenty_times_at_once(running: tuple[FakeGraphApi, Server, Path]) -> None:
    api, server, _ = running
    person = Someone()
    body = person.webhook(webhooks.text("wie betaalt de laptop"), webhooks.text("wat is een opp"))
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(lambda _: server.post(body), range(20))) == {200}
    assert server.settled()
    once = [json.dumps(message.get("text") or message.get("interactive")) for message in got(api, person)]
    assert len(once) == len(set(once)) >= 3


def test_failed_statuses_are_logged_by_code_and_counted(running: tuple[FakeGraphApi, Server, Path]) -> None:
    _, server, folder = running
    assert server.post(webhooks.status("wamid.x", "failed", {"to": "31611112222"}, code=131048)) == 200
    assert "131048" in (folder / "log").read_text()
    assert "31611112222" not in (folder / "log").read_text()
    result = run("whatsapp", "totals", env={"WEGWIJZER_DATABASE_URL": f"sqlite:///{folder}/w.sqlite"})
    assert re.search(r"^ +1  failed:131048$", result.stdout, re.MULTILINE), result.stderr


def killed_after(
    tmp_path: Path, fault: Fault | None, moment: Callable[[FakeGraphApi], bool]
) -> tuple[list[dict], list[dict]]:
    """What two people got: one without trouble, the other with a kill -9 at `moment` and a restart."""
    with FakeGraphApi() as api, Server(api, f"sqlite:///{tmp_path}/w.sqlite", errors=tmp_path / "log") as server:
        calm, person = Someone(), Someone()
        server.post(calm.webhook(webhooks.text("wie betaalt de laptop")))
        assert server.settled()
        if fault:
            api.faults.append(fault)
        assert server.post(person.webhook(webhooks.text("wie betaalt de laptop"))) == 200
        assert api.wait_for(lambda: moment(api), 30)
        server.kill()
        api.faults.clear()
        server.start()
        assert server.settled(150), (tmp_path / "log").read_text()[-2_000:]
        strip = [[{**body, "recipient": "", "biz_opaque_callback_data": ""} for body in got(api, who)] for who in (calm, person)]
        return strip[0], strip[1]


def test_killed_between_receipt_and_reply_the_reply_comes_exactly_once(model: Path, tmp_path: Path) -> None:
    expected, found = killed_after(tmp_path, None, lambda _: True)
    assert found == expected and found


def test_killed_while_meta_has_the_message_it_is_not_sent_twice(model: Path, tmp_path: Path) -> None:
    """Meta took the first payload and its answer was on the way when the process died."""
    slow = Fault(take=True, delay=20)
    expected, found = killed_after(tmp_path, slow, lambda api: len(api.taken) > len(api.marks) and not api.faults)
    assert found == expected and found


def test_a_stop_lets_a_reply_finish(model: Path, tmp_path: Path) -> None:
    with FakeGraphApi() as api, Server(api, f"sqlite:///{tmp_path}/w.sqlite", errors=tmp_path / "log") as server:
        api.faults.append(Fault(delay=2))
        person = Someone()
        server.post(person.webhook(webhooks.text("wie betaalt de laptop")))
        assert api.wait_for(lambda: not api.faults, 30)
        server.stop()
        sent = got(api, person)
        server.start()
        assert server.settled()
        found = got(api, person)
        assert len(found) > len(sent) and found[: len(sent)] == sent
        assert len({json.dumps(body.get("text") or body.get("interactive")) for body in found}) == len(found)


def test_two_processes_on_postgresql(model: Path, postgres_url: str, redis_url: str, tmp_path: Path) -> None:
    """Messages go to either process, each twice; every reply comes once and in order, and one process is killed."""
    more = {"WEGWIJZER_REDIS_URL": redis_url}
    with (
        FakeGraphApi() as api,
        Server(api, postgres_url, errors=tmp_path / "log1", more=more) as one,
        Server(api, postgres_url, errors=tmp_path / "log2", more=more) as two,
    ):
        people = [Someone() for _ in range(12)]
        stamp = time.time() - 10
        bodies = [
            person.webhook(webhooks.text(text, at=stamp + number))
            for number, text in enumerate(("hallo", "wie betaalt de laptop", "wat is een opp"))
            for person in people
        ]
        with ThreadPoolExecutor(6) as pool:
            posts = [pool.submit(server.post, body) for body in bodies for server in (one, two)]
        assert {post.result() for post in posts} == {200}
        two.kill()
        api.webhook = one.url
        assert one.settled(120), (tmp_path / "log1").read_text()[-2_000:]
        logged = (tmp_path / "log1").read_text() + (tmp_path / "log2").read_text()
        assert "ERROR" not in logged, logged[-2_000:]
        for person in people:
            words = said(got(api, person))
            assert words.count("Ik ben een chatbot") == 1
            assert words.index("Goedendag") < words.index("lenen") < words.index("Een ontwikkelingsperspectief")
            assert [words.count(part) for part in ("Goedendag", "Een ontwikkelingsperspectief (OPP) is")] == [1, 1]


def test_try_prints_what_a_phone_shows(model: Path) -> None:
    result = run("whatsapp", "try", "hallo", "1")
    assert result.returncode == 0, result.stderr
    assert "Ik ben een chatbot, geen mens." in result.stdout
    assert "[ Kies uit de lijst ]" in result.stdout
    assert "> hallo" in result.stderr


NAMES = (
    "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN",
    "WEGWIJZER_SECRET",
)  # fmt: skip


@pytest.mark.parametrize("missing", NAMES)
def test_half_set_names_what_is_missing(missing: str) -> None:
    result = run("start", env={**dict.fromkeys(NAMES, "x"), missing: ""})
    one_line_error(result, missing)
    assert not any(name in result.stderr for name in NAMES if name != missing)


def test_unset_is_off_with_one_clear_line(model: Path, register: str, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen([*COMMAND, "start", "--port", "5998"], cwd=PROJECT, stderr=log)
    try:
        for _ in range(600):
            if "ready" in (tmp_path / "log").read_text() or server.poll() is not None:
                break
            time.sleep(0.1)
        lines = [line for line in (tmp_path / "log").read_text().splitlines() if "WhatsApp" in line]
        assert len(lines) == 1 and "off" in lines[0]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen("http://127.0.0.1:5998/webhooks/whatsapp/webhook", timeout=5)
        assert refused.value.code == 404
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def test_commands_about_the_queue_load_no_rasa() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from bot.cli import main;"
        "result = CliRunner().invoke(main, ['whatsapp', 'totals']); assert result.exit_code == 0, result.output;"
        "loaded = {name.split('.')[0] for name in sys.modules}; assert 'tensorflow' not in loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr[-2000:]
