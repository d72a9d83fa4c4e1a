"""The command line as a shell meets it: data on stdout, one clear line on stderr, exit codes, steady memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "bot"]


def run(*arguments: str, text: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=text, capture_output=True, text=True, cwd=PROJECT, timeout=300,
        env={**os.environ, **(env or {})},
    )  # fmt: skip


def one_line_error(result: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    for part in parts:
        assert part in last


def test_ask_json_keeps_the_contract(model: Path, register: str) -> None:
    lines = ["wie betaalt de laptop", "", '{"conversation": "g1", "text": "wat is een opp"}',
             '{"conversation": "g1", "text": "ik snap het niet"}']  # fmt: skip
    result = run("ask", "--json", text="\n".join(lines) + "\n")
    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 3
    assert set(rows[0]) == {
        "conversation", "text", "kind", "topic", "intent", "confidence", "options", "replies", "sources", "slots",
        "entities",
    }  # fmt: skip
    assert (rows[0]["kind"], rows[0]["topic"], rows[0]["intent"]) == ("answer", "laptop_kosten", "laptop_kosten")
    assert rows[0]["sources"][0] == {
        "document": "ocw-digitaal-afstandsonderwijs-ouders-2023", "place": "2, Laptop thuis", "date": "2023-12",
    }  # fmt: skip
    assert rows[0]["slots"] == {"gemeente": None, "onderwijssoort": None}
    assert [row["conversation"] for row in rows[1:]] == ["g1", "g1"]
    assert rows[2]["topic"] == "uitleg_gevraagd"


def test_ask_keeps_order_and_memory_over_a_thousand_lines(model: Path, register: str) -> None:
    code = (
        "import resource, sys\n"
        "from bot.cli import ask as module\n"
        "import bot.conversation\n"
        "seen, memory = [], []\n"
        "say = bot.conversation.Conversations.say\n"
        "def resident():\n"
        "    return int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize() / 1e6\n"
        "async def counted(self, conversation, text, **more):\n"
        "    turn = await say(self, conversation, text, **more)\n"
        "    seen.append(text)\n"
        "    if len(seen) in (100, 1000): memory.append(resident())\n"
        "    return turn\n"
        "bot.conversation.Conversations.say = counted\n"
        "module.ask.main(['--json'], standalone_mode=False)\n"
        "print(memory[1] - memory[0], file=sys.stderr)\n"
    )
    texts = [
        "wie betaalt de laptop nummer",
        "wat is een opp vraag",
        "welk steunpunt hoort bij utrecht nr",
        "hallo keer",
    ]
    lines = [f"{texts[number % 4]} {number}" for number in range(1_000)]
    result = subprocess.run(
        [sys.executable, "-c", code], input="\n".join(lines), capture_output=True, text=True, cwd=PROJECT, timeout=540
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == lines
    assert float(result.stderr.strip().splitlines()[-1]) < 20


def test_ask_refuses_broken_lines(model: Path, register: str) -> None:
    one_line_error(run("ask", "--json", text='{"conversation": "g1"}\n'), "line 1", "text")
    one_line_error(run("ask", "--json", text="hallo\n{kapot\n"), "line 2", "JSON")


def test_chat_talks_and_stops(model: Path, register: str) -> None:
    result = run("chat", text="wie betaalt de laptop\n1\n/stop\n")
    assert result.returncode == 0, result.stderr
    assert "lenen" in result.stdout
    assert "onderwijsconsulent" in result.stdout
    assert "december 2023" in result.stdout


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ("geen json", "JSON"),
        ('{"id": "1", "text": "x", "accept": ["bestaat_niet"], "kind": "vraag", "voice": "gewoon"}', "bestaat_niet"),
        ('{"id": "1", "text": "x", "accept": ["groet"], "kind": "anders", "voice": "gewoon"}', "kind"),
        ("", "no rows"),
    ],
)
def test_evaluate_refuses_bad_rows(tmp_path: Path, row: str, part: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(row + "\n", encoding="utf-8")
    one_line_error(run("evaluate", str(file)), part)


def test_evaluate_missing_file() -> None:
    one_line_error(run("evaluate", "nergens.jsonl"), "nergens.jsonl")


def test_evaluate_scores_and_reports(tmp_path: Path, model: Path, register: str) -> None:
    rows = [
        {"id": "1", "text": "wie betaalt de laptop", "accept": ["laptop_kosten"], "kind": "vraag", "gemeente": None,
         "onderwijssoort": None, "voice": "gewoon"},
        {"id": "2", "text": "wie betaalt de laptop", "accept": ["balans"], "kind": "vraag", "gemeente": None,
         "onderwijssoort": None, "voice": "gewoon"},
        {"id": "3", "text": "ze wil niet meer leven", "accept": ["noodgeval"], "kind": "nood", "gemeente": None,
         "onderwijssoort": None, "voice": "gewoon"},
        {"id": "g", "turns": [{"user": "wat is een opp", "expect_topic": ["wat_is_opp"]}]},
    ]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = run("evaluate", str(file), "--report", str(tmp_path / "out"))
    assert result.returncode == 0, result.stderr
    assert "| all | 3 | 66.7% | 33.3% | 0.0% | 0.0% |" in result.stdout
    assert "found 1/1" in result.stdout
    assert "conversations: 1 of 1" in result.stdout
    assert "balans → laptop_kosten" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "reliability.png").stat().st_size > 1_000


def test_unknown_command_and_bad_options() -> None:
    assert run("bestaatniet").returncode != 0
    assert run("start", "--port", "99999999").returncode != 0


def test_bad_environment_names_the_variable(model: Path) -> None:
    one_line_error(run("start", env={"WEGWIJZER_PORT": "vijf"}), "WEGWIJZER_PORT")
    one_line_error(run("ask", text="hoi\n", env={"WEGWIJZER_DATABASE_URL": "onzin://x"}), "WEGWIJZER_DATABASE_URL")


def test_start_says_when_the_port_is_taken(model: Path, register: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one_line_error(run("start", "--port", str(taken.getsockname()[1])), "--port")


def test_start_serves_the_page_and_a_conversation(model: Path, register: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*COMMAND, "start", "--port", str(port)], cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    base = f"http://127.0.0.1:{port}"

    def post(path: str, body: dict[str, str] | None = None) -> dict:
        request = urllib.request.Request(
            f"{base}/webhooks/website/{path}", json.dumps(body or {}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{base}/gezond", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None, server.stderr.read()
                time.sleep(0.5)
        with urllib.request.urlopen(base, timeout=5) as page:
            assert "Wegwijzer" in page.read().decode()
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        token = post("gesprek")["token"]
        turn = post("bericht", {"token": token, "text": "wie betaalt de laptop"})
        assert turn["topic"] == "laptop_kosten"
        assert post("bericht", {"token": token, "text": "en als ze het toch eisen"})["topic"] == "oneens_met_school"
        for closed in ("/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker", "/version"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(base + closed, timeout=5)
            assert refused.value.code == 404
        with pytest.raises(urllib.error.HTTPError) as refused:
            post("bericht", {"token": "zelf-gekozen.token", "text": "hoi"})
        assert refused.value.code == 403
    finally:
        server.terminate()
        server.wait(timeout=20)
