"""Known traps of Rasa 3.6.21, one test each: those of the style page and those the design marks as tried.

A test either shows that the trap is shut here, or pins the behaviour of Rasa that our code relies on.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: TID251 - the trap itself
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException
from ruamel.yaml import YAML

from bot import paths, runtime, training
from bot.action_endpoint import InProcessActions
from bot.conversation import CollectingChannel, Conversations
from bot.stores import PrivateSQLTrackerStore
from knowledge import answers
from knowledge.errors import AnswerError, BotError
from tests.conftest import words


@pytest.fixture
def run(event_loop_: asyncio.AbstractEventLoop) -> Any:
    return event_loop_.run_until_complete


# ------------------------------------------------------------------------------------------ traps of the style page
def test_a_misspelt_setting_is_refused() -> None:
    """Rasa's FallbackClassifier takes an unknown key (it wants `threshold`) without a word; our components refuse."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier

    from bot.nlu.doubt import DoubtLadder

    FallbackClassifier({**FallbackClassifier.get_default_config(), "nlu_fallback_threshold": 0.9})
    with pytest.raises(InvalidConfigException, match="answer_form"):
        DoubtLadder.create(
            {**DoubtLadder.get_default_config(), "answer_form": 0.9}, None, None, ExecutionContext(GraphSchema({}))
        )


def test_no_channel_lets_a_client_choose_a_conversation() -> None:
    """Rasa's REST channel takes any sender id without authentication: it is off, and our tokens are signed."""
    from bot.channels.tokens import Tokens

    assert YAML(typ="safe").load((paths.PROJECT / "bot" / "credentials.yml").read_text()) == {}
    tokens = Tokens("geheim")
    assert tokens.conversation(tokens.new()) is not None
    for chosen in ("anna", "anna.", "", ".", tokens.new()[:-1], Tokens("ander geheim").new()):
        assert tokens.conversation(chosen) is None


def test_a_slash_runs_an_intent_in_rasa_but_not_here(model: Path, talk: Any, run: Any) -> None:
    agent = Agent.load(model, action_endpoint=InProcessActions())
    sender = uuid.uuid4().hex
    text = '/geef_gemeente{"gemeente": "Utrecht"}'
    run(agent.processor.handle_message(UserMessage(text, CollectingChannel("x"), sender)))
    assert run(agent.tracker_store.retrieve(sender)).get_slot("gemeente") == "Utrecht"
    turn = talk(text)
    assert turn.slots["gemeente"] is None and turn.intent == "schuine_streep"


@pytest.mark.parametrize("fault", ["raises", "hangs", "unknown"])
def test_a_failing_action_still_gives_a_reply(fault: str, run: Any) -> None:
    from rasa_sdk.executor import ActionExecutor

    async def hang(dispatcher: Any, tracker: Any, domain: Any) -> list:
        await asyncio.sleep(2)
        return []

    def fail(dispatcher: Any, tracker: Any, domain: Any) -> list:
        raise RuntimeError("kapot")

    executor = ActionExecutor()
    executor.register_function("action_x", hang if fault == "hangs" else fail)
    name = "action_x" if fault != "unknown" else "action_bestaat_niet"
    call = {"next_action": name, "tracker": {"sender_id": "x", "slots": {}, "latest_message": {}, "events": []}}
    result = run(InProcessActions(time_limit=0.2, actions=executor).request(json=call))
    assert "088 605 01 01" in result["responses"][0]["text"]


def test_no_text_of_a_parent_in_any_log(model: Path, register: str) -> None:
    """Rasa's REST errors and structlog print the message; a whole run at DEBUG must not."""
    secret = "wie betaalt de laptop van ons geheimkind"
    lines = "\n".join([secret, "welk steunpunt hoort bij geheimdorp in utrecht", "ze wil niet meer leven geheimkind"])
    result = subprocess.run(
        [sys.executable, "-m", "bot", "ask"], input=lines, capture_output=True, text=True, cwd=paths.PROJECT,
        env={**os.environ, "WEGWIJZER_LOG_LEVEL": "DEBUG"}, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-1500:]
    assert "geheim" not in result.stdout + result.stderr


def test_slots_do_not_survive_a_new_session(model: Path) -> None:
    domain = Agent.load(model).domain
    assert domain.session_config.carry_over_slots is False
    assert 0 < domain.session_config.session_expiration_time <= 60


def test_forgetting_removes_earlier_sessions_too(tmp_path: Path, run: Any) -> None:
    """SQLTrackerStore loads only the last session, so deleting "what was loaded" would leave the rest."""
    store = PrivateSQLTrackerStore(Domain.empty(), f"sqlite:///{tmp_path / 's.sqlite'}")
    events = [
        ActionExecuted("action_session_start", timestamp=1), SessionStarted(timestamp=2), UserUttered("een", timestamp=3),
        ActionExecuted("action_session_start", timestamp=11), SessionStarted(timestamp=12),
        UserUttered("twee", timestamp=13),
    ]  # fmt: skip
    run(store.save(DialogueStateTracker.from_events("p", events)))
    assert len(run(store.retrieve("p")).events) < len(run(store.retrieve_full_tracker("p")).events)
    run(store.delete("p"))
    assert run(store.retrieve_full_tracker("p")) is None


def test_more_workers_need_redis_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa silently runs one worker when SANIC_WORKERS is set without a Redis lock store."""
    from rasa.core.utils import number_of_sanic_workers

    monkeypatch.setenv("SANIC_WORKERS", "4")
    assert number_of_sanic_workers(InMemoryLockStore()) == 1


def test_rasas_open_api_is_not_served(model: Path) -> None:
    """`--enable-api` without a token is open to all: our app has none of its routes."""
    from bot.server import make_app
    from bot.settings import Settings

    app = make_app(model, Settings())
    served = {f"/{route.path}" for route in app.router.routes_all.values()}
    assert {"/", "/gezond", "/webhooks/website/bericht"} <= served
    assert not any(path.startswith(("/model", "/conversations", "/domain", "/version")) for path in served)


def test_one_intent_per_answer_and_no_response_selector() -> None:
    config = YAML(typ="safe").load(paths.CONFIG.read_text())
    assert not any("ResponseSelector" in item["name"] for item in config["pipeline"])
    assert not any("/" in answer.key for answer in answers.book())


def test_a_separate_action_server_would_listen_on_loopback() -> None:
    """rasa-sdk's server has no authentication; what we set before anything loads keeps it on this machine."""
    runtime.prepare()
    assert os.environ["SANIC_HOST"] == "127.0.0.1"
    endpoint = YAML(typ="safe").load((paths.PROJECT / "bot" / "endpoints.yml").read_text())["action_endpoint"]["url"]
    assert endpoint.startswith("http://127.0.0.1:")


# ------------------------------------------------------------------------------------------ tried, says the design
def test_a_misspelt_importer_is_a_failure(tmp_path: Path) -> None:
    """Rasa only warns, exits 0 and makes a model without answers; `check_topics` refuses that model."""
    config = paths.CONFIG.read_text().replace("bot.importer.AnswersImporter", "bot.importer.AnswerImporter")
    config = config.replace("- name: bot.nlu.topics.TopicClassifier", "- name: KeywordIntentClassifier")
    config = config.replace("- name: bot.nlu.danger.DangerLayer\n", "")
    assert "AnswerImporter" in config
    (tmp_path / "config.yml").write_text(config)
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: stoppen\n  examples: |\n    - stop\n    - laat maar\n'
    )
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents: [stoppen]\nresponses:\n  utter_x:\n  - text: x\n')
    run = subprocess.run(
        [sys.executable, "-m", "rasa", "train", "-c", "config.yml", "-d", "domain.yml", "--data", "nlu.yml", "--out", "m"],
        capture_output=True, text=True, cwd=tmp_path, timeout=300,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(paths.PROJECT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-1500:]
    with pytest.raises(training.ModelError, match="lacks .* topics"):
        training.check_topics(next((tmp_path / "m").glob("*.tar.gz")))


def test_metadata_reaches_send_response_and_rasas_collector_drops_it(run: Any) -> None:
    message = {"text": "een\n\ntwee", "metadata": {"topic": "laptop_kosten"}, "buttons": []}
    ours, rasas = CollectingChannel("x"), CollectingOutputChannel()
    run(ours.send_response("p", json.loads(json.dumps(message))))
    run(rasas.send_response("p", json.loads(json.dumps(message))))
    assert ours.replies[0].metadata == {"topic": "laptop_kosten"} and ours.replies[0].text == "een\n\ntwee"
    assert len(rasas.messages) == 2 and not any("metadata" in item for item in rasas.messages)


def test_a_yaml_date_is_refused_before_it_breaks_training(tmp_path: Path) -> None:
    text = (
        (paths.ANSWERS / "afstand.yml")
        .read_text(encoding="utf-8")
        .replace('nagekeken: "2026-11-23"', "nagekeken: 2026-11-23", 1)
    )
    (tmp_path / "afstand.yml").write_text(text, encoding="utf-8")
    with pytest.raises(AnswerError, match=r"afstand.yml, regel \d+, kolom \d+: .*nagekeken.*aanhalingstekens"):
        answers.load(tmp_path)


def test_a_component_with_a_tracker_parameter_gets_the_tracker(talk: Any) -> None:
    """`process(messages, tracker)`: without it "de eerste" could not mean the first button."""
    first = talk("moeten we die laptop zelf betalen?").replies[-1].buttons[0]
    assert talk("de eerste").topic == first["payload"].split(":")[1]


def test_a_story_that_contradicts_a_topic_rule_breaks_training(model: Path, tmp_path: Path) -> None:
    """The generated rule says what a topic answers; a story that says otherwise must not slip in."""
    from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.core.generator import TrainingDataGenerator

    from bot.importer import AnswersImporter

    (tmp_path / "story.yml").write_text(
        'version: "3.1"\nstories:\n- story: tegenspraak\n  steps:\n'
        "  - intent: laptop_kosten\n  - action: utter_balans\n", encoding="utf-8",
    )  # fmt: skip
    importer = AnswersImporter(str(paths.CONFIG), str(paths.DOMAIN), [str(tmp_path / "story.yml")])
    domain = importer.get_domain()
    trackers = TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=0).generate()
    policy = RulePolicy.create(
        RulePolicy.get_default_config(),
        LocalModelStorage(tmp_path),
        Resource("regels"),
        ExecutionContext(GraphSchema({})),
    )
    with pytest.raises(InvalidRule, match="utter_balans"):
        policy.train(trackers, domain)


def test_the_form_does_not_swallow_danger(talk: Any) -> None:
    assert talk("welk steunpunt hoort bij onze school").kind == "question"
    turn = talk("we wonen in Best en ze wil niet meer leven")
    assert turn.kind == "safety"
    assert len(turn.replies) == 1, words(turn)
    assert talk("Utrecht").topic != "steunpunt_zoeken"


def test_the_form_does_not_swallow_a_question_and_keeps_what_it_told(talk: Any) -> None:
    talk("welk steunpunt hoort bij onze basisschool")
    turn = talk("kost dat iets in Utrecht?")
    assert turn.slots["gemeente"] == "Utrecht"
    topics = [reply.metadata.get("topic") for reply in turn.replies]
    assert topics == ["kosten_hulp", "steunpunt_zoeken"]
    assert turn.kind == "lookup"


@pytest.mark.parametrize(("text", "topic"), [("wis mijn gegevens", "gegevens_wissen"), ("opnieuw beginnen", "opnieuw")])
def test_what_is_deleted_stays_deleted(
    text: str, topic: str, model: Path, tmp_path: Path, register: str, run: Any
) -> None:
    """The processor saves the tracker after the last action, so an action cannot delete it; the channel does."""
    url = f"sqlite:///{tmp_path / 'gesprek.sqlite'}"
    store = PrivateSQLTrackerStore(Domain.empty(), url, keep_text=True)
    conversations = Conversations.load(model, store)
    run(conversations.say("p", "wij wonen in Zierikzee en de laptop is duur"))
    assert run(store.retrieve("p")) is not None
    turn = run(conversations.say("p", text))
    assert turn.topic == topic
    found = subprocess.run(
        [sys.executable, "-c", "import sys; data = open(sys.argv[1], 'rb').read(); sys.exit(b'Zierikzee' in data)",
         str(tmp_path / "gesprek.sqlite")]
    )  # fmt: skip
    assert found.returncode == 0, "a second process still reads the place in the file"
    assert run(store.retrieve_full_tracker("p")) is None


def test_words_are_not_stored_unless_asked(model: Path, tmp_path: Path, register: str, run: Any) -> None:
    store = PrivateSQLTrackerStore(Domain.empty(), f"sqlite:///{tmp_path / 'stil.sqlite'}")
    conversations = Conversations.load(model, store)
    run(conversations.say("p", "wie betaalt de laptop van ons geheimkind"))
    follow = run(conversations.say("p", "en als ze het toch eisen"))
    assert follow.topic == "oneens_met_school"
    data = (tmp_path / "stil.sqlite").read_bytes()
    assert b"geheimkind" not in data and b"lenen" not in data


def test_a_missing_model_is_an_error_not_a_neighbour(model: Path) -> None:
    """`Agent.load` of a missing file takes another model from the same folder."""
    with pytest.raises(BotError, match="bestaat-niet"):
        Conversations.load(model.with_name("bestaat-niet.tar.gz"))


def test_a_change_that_rasas_cache_misses_makes_the_model_stale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Our hash covers data files and helper modules; Rasa's sees only the class's own source."""
    before = training.fingerprint()
    extra = paths.DATA / "nlu" / "zz_tijdelijk.yml"
    extra.write_text('version: "3.1"\n', encoding="utf-8")
    try:
        assert training.fingerprint() != before
    finally:
        extra.unlink()
    assert training.fingerprint() == before


def test_the_fallback_reverts_nothing(talk: Any) -> None:
    """Rasa's own action_default_fallback takes the user's turn back; ours keeps it, so the second miss is known."""
    talk("qwrtpl zxcvb")
    turn = talk("mnbvc lkjhg")
    assert turn.intent == "nlu_fallback"
    assert "u kunt het beste een mens spreken" in words(turn).lower()


def test_telemetry_is_off_for_every_command() -> None:
    code = (
        "from bot import runtime; runtime.prepare()\n"
        "from rasa import telemetry\n"
        "assert telemetry.is_telemetry_enabled() is False\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.PROJECT, timeout=120)
    assert run.returncode == 0, run.stderr[-1500:]


def test_replies_keep_their_topic_in_the_tracker(talk: Any, assistant: Any) -> None:
    """The metadata of a response lands one level deeper in BotUttered; bot.dialogue relies on that."""
    from bot.dialogue import reply_metadata

    event = BotUttered("x", metadata={"utter_action": "utter_x", "metadata": {"topic": "balans", "kind": "answer"}})
    assert reply_metadata(event)["topic"] == "balans"


def test_importing_rasa_does_not_undo_the_log_settings() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        logging.getLogger("rasa.core.processor").info("Received user message 'geheim'")
        logging.getLogger("rasa.core.processor").debug("geheim")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "geheim" not in stream.getvalue()
