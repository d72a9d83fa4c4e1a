"""What a parent on WhatsApp meets: the real assistant, a real queue, and the fake Graph API over HTTP."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp import tables
from bot.channels.whatsapp.rehearsal import webhooks
from bot.channels.whatsapp.rehearsal.graph_api import Fault
from knowledge import answers
from tests.channels.whatsapp.conftest import OPENING, Line, Someone, said

TEXTS = answers.book().texts
LAPTOP = "wie betaalt de laptop"


def titles(body: dict[str, Any]) -> dict[str, str]:
    """The options of a message: title → id."""
    action = body["interactive"]["action"]
    found = [button["reply"] for button in action.get("buttons", ())]
    found += [row for section in action.get("sections", ()) for row in section["rows"]]
    return {item["title"]: item["id"] for item in found}


def test_the_first_message_says_who_is_speaking_and_only_the_first(line: Line) -> None:
    person = Someone()
    first = line.tell(person, LAPTOP)
    assert said(first[:1]) == OPENING
    assert "lenen" in said(first[1:])
    assert "Bron: Digitaal afstandsonderwijs, informatie voor ouders (december 2023)" in said(first)
    assert OPENING not in said(line.tell(person, "wat is een opp"))


def test_danger_comes_before_the_introduction(line: Line) -> None:
    (only,) = line.tell(Someone(), "ze zegt dat ze er niet meer wil zijn")
    assert answers.book()["noodgeval"].text in said([only])


def test_the_reply_goes_to_the_user_id_and_the_number_is_not_kept(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    with line.queue.engine.connect() as connection:
        everything = str([connection.execute(table.select()).all() for table in tables.metadata.sorted_tables])
    assert person.phone not in everything
    line.work()
    assert {body.get("recipient") for body in line.got(person)} == {person.user_id}
    assert all("to" not in body for body in line.got(person))


def test_without_a_user_id_the_reply_goes_to_the_number(line: Line) -> None:
    person = Someone(user_id=False)
    assert line.tell(person, LAPTOP)[-1]["to"] == person.phone


def test_a_pressed_button_asks_its_topic(line: Line) -> None:
    person = Someone()
    title, payload = next(iter(titles(line.tell(person, LAPTOP)[-1]).items()))
    line.deliver(person.webhook(webhooks.list_reply(payload, title)))
    line.work()
    assert answers.book()[payload.removeprefix("onderwerp:")].text.split("\n")[0] in said(line.got(person)[-1:])


def test_a_button_from_further_up_is_asked_as_words(line: Line) -> None:
    person = Someone()
    line.tell(person, "hallo")
    line.deliver(person.webhook(webhooks.button_reply("onderwerp:laptop_kosten", "Laptop")))
    line.work()
    assert "lenen" in said(line.got(person))


@pytest.mark.parametrize("number", ["1", "2", "3", "4", " 2. ", "3)"])
def test_a_typed_number_is_the_option_that_was_shown(line: Line, number: str) -> None:
    person = Someone()
    options = list(titles(line.tell(person, "hallo")[-1]).values())
    chosen = options[int(re.sub(r"\D", "", number)) - 1]
    line.tell(person, number)
    assert answers.book()[chosen.removeprefix("onderwerp:")].text.split("\n")[0] in said(line.got(person))


def test_a_number_that_was_not_offered_is_text(line: Line) -> None:
    person = Someone()
    line.tell(person, LAPTOP)
    assert line.tell(person, "11")


def test_a_location_is_asked_back_and_then_used(line: Line) -> None:
    person = Someone()
    line.tell(person, "welk steunpunt hoort bij de basisschool")
    line.deliver(person.webhook(webhooks.location(52.0907, 5.1214)))
    line.work()
    question = line.got(person)[-1]
    assert said([question]) == "Bedoelt u Utrecht?"
    assert titles(question) == {"Utrecht": "gemeente:Utrecht"}
    line.tell(person, "ja")
    assert "Utrecht" in said(line.got(person)[-1:]) and "steunpunt" in said(line.got(person)[-1:]).lower()


def test_a_location_without_a_question_is_asked_back_too(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.location(51.4416, 5.4697)))
    line.work()
    assert said(line.got(person)[-1:]) == "Bedoelt u Eindhoven?"
    line.deliver(person.webhook(webhooks.button_reply("gemeente:Eindhoven", "Eindhoven")))
    line.work()
    assert "Ik onthoud Eindhoven" in said(line.got(person)[-1:])


@pytest.mark.parametrize("point", [(48.85, 2.35), (0, 0), (91, 500)])
def test_a_location_elsewhere_asks_for_a_postcode(line: Line, point: tuple[float, float]) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.location(*point)))
    line.work()
    assert said(line.got(person)) == TEXTS["whatsapp_location"]


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
def test_files_get_a_friendly_reply(line: Line, kind: str) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.media(kind)))
    line.work()
    assert said(line.got(person)) == TEXTS[f"whatsapp_{kind}"]


@pytest.mark.parametrize(
    ("item", "key"),
    [
        (webhooks.contacts(), "contacts"),
        (webhooks.unsupported(), "unsupported"),
        (webhooks.revoke("wamid.none"), "revoke"),
        (webhooks.message("order", {}), "unsupported"),
    ],
)
def test_other_kinds_get_a_friendly_reply(line: Line, item: dict[str, Any], key: str) -> None:
    person = Someone()
    line.deliver(person.webhook({**item, "id": webhooks.new_id()}))
    line.work()
    assert said(line.got(person)) == TEXTS[f"whatsapp_{key}"]


def test_a_caption_is_read_with_danger_and_all(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.media("image", "ze wil niet meer leven")))
    line.work()
    assert said(line.got(person)).startswith(TEXTS["whatsapp_image"])
    assert answers.book()["noodgeval"].text in said(line.got(person))


@pytest.mark.parametrize("item", [webhooks.reaction(), webhooks.reaction(None)])
def test_a_reaction_gets_no_reply(line: Line, item: dict[str, Any]) -> None:
    person = Someone()
    line.deliver(person.webhook(item))
    line.work()
    assert not line.fake.requests


@pytest.mark.parametrize("text", ["/restart", "🙂", "x" * 4_096, "   ", "\u0000", "?"])
def test_any_text_gets_a_reply(line: Line, text: str) -> None:
    person = Someone()
    assert line.tell(person, text)
    assert not line.fake.refused


def test_statuses_never_reach_the_dialogue(line: Line) -> None:
    for state in ("sent", "delivered", "read", "failed"):
        line.deliver(webhooks.status("wamid.x", state, {"to": "31612345678"}, code=131047 if state == "failed" else None))
    line.work()
    assert not line.fake.requests
    assert line.queue.totals()["failed:131047"] == 1


def test_messages_are_marked_read_and_typing_only_when_it_takes_long(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.text(LAPTOP, id="wamid.snel")))
    line.work()
    assert line.fake.marks == [{"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.snel"}]
    line.deliver(person.webhook(webhooks.text("ik wil een mens spreken", id="wamid.traag")))
    line.work(typing=0.0)
    assert line.fake.marks[1]["typing_indicator"] == {"type": "text"}


def test_replies_come_in_the_order_of_the_messages(line: Line) -> None:
    person = Someone()
    later = person.webhook(webhooks.text("wat is een opp", at=line.clock() - 5))
    earlier = person.webhook(webhooks.text(LAPTOP, at=line.clock() - 10))
    line.deliver(later, earlier, later)
    line.work()
    words = said(line.got(person))
    assert words.index("lenen") < words.index("ontwikkelingsperspectief")


def test_too_many_messages_get_one_word_about_it(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(*(webhooks.text(LAPTOP) for _ in range(6))))
    line.work(limit=2)
    assert said(line.got(person)).count(TEXTS["whatsapp_te_veel"]) == 1


def test_stop_stops_a_lookup(line: Line) -> None:
    person = Someone()
    line.tell(person, "welk steunpunt hoort bij ons")
    assert said(line.tell(person, "stop")) == TEXTS["zoeken_gestopt"]


def test_wiping_leaves_nothing_of_a_person(line: Line, event_loop_: Any) -> None:
    person = Someone()
    line.tell(person, "mijn school staat in Utrecht", LAPTOP)
    with line.queue.engine.connect() as connection:
        sender = connection.execute(tables.aliases.select()).first().sender
    assert answers.book()["gegevens_wissen"].text in said(line.tell(person, "wis mijn gegevens"))
    with line.queue.engine.connect() as connection:
        left = {table.name for table in tables.metadata.sorted_tables if connection.execute(table.select()).first()}
        events = connection.exec_driver_sql("SELECT count(*) FROM events WHERE sender_id = ?", (sender,)).scalar()
    assert left == {"whatsapp_seen"}
    assert events == 0
    assert said(line.tell(person, "hallo")[:1]) == OPENING


# ------------------------------------------------------------------------------------------------------------- faults
@pytest.mark.parametrize(
    "fault",
    [Fault(status=500, code=131016), Fault(status=503, code=2), Fault(status=429, code=130429), Fault(status=400, code=131056),
     Fault(status=400, code=131048), Fault(status=429), Fault(status=401, code=190)],
    ids=lambda fault: f"{fault.status}-{fault.code}",
)  # fmt: skip
def test_a_passing_fault_delays_the_reply_and_doubles_nothing(line: Line, fault: Fault) -> None:
    person = Someone()
    expected = line.tell(Someone(), LAPTOP)
    line.fake.always = fault
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    assert not line.got(person)
    line.fake.always, line.ahead = None, 120.0
    line.work()
    assert said(line.got(person)) == said(expected)


def test_a_short_fault_is_repeated_at_once(line: Line) -> None:
    line.fake.faults.extend([Fault(status=500, code=131016), Fault(status=500, code=131016)])
    person = Someone()
    line.tell(person, LAPTOP)
    assert said(line.got(person)[:1]) == OPENING
    assert line.fake.requests == 2 + len(line.got(person)) + 1  # two faults, the messages, one read mark


def test_meta_asks_for_patience(line: Line) -> None:
    line.fake.always = Fault(status=429, code=130429, retry_after=1_000)
    person = Someone()
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    line.fake.always, line.ahead = None, 700.0
    line.work()
    assert not line.got(person)
    line.ahead = 1_300.0
    line.work()
    assert line.got(person)


@pytest.mark.parametrize("code", [100, 131009, 131026, 131047, 131051])
def test_a_refused_message_is_not_tried_again_and_counted(line: Line, code: int) -> None:
    person = Someone()
    line.fake.faults.append(Fault(status=400, code=code))
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    assert OPENING not in said(line.got(person)) and "lenen" in said(line.got(person))
    assert line.queue.totals() == {"inbox": 0, "outbox": 0, f"dropped:{code}": 1}
    assert [refused for refused, _ in line.fake.refused] == [code]


def test_meta_is_away_for_hours_and_comes_back(line: Line) -> None:
    people = [Someone() for _ in range(5)]
    line.fake.down()
    for hour in range(3):
        line.ahead = hour * 3_600.0
        line.deliver(*(person.webhook(webhooks.text(LAPTOP, at=line.clock())) for person in people))
        line.work()
    line.fake.up()
    line.ahead += 120.0
    line.work()
    for person in people:
        assert said(line.got(person)).count("Mag de school") == said(line.got(people[0])).count("Mag de school")
        assert said(line.got(person)[:1]) == OPENING
        assert len(line.got(person)) == len(line.got(people[0])) >= 4
    assert line.queue.totals() == {"inbox": 0, "outbox": 0}


def test_after_a_day_a_reply_is_dropped_and_counted(line: Line) -> None:
    person = Someone()
    line.fake.down()
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    owed = line.queue.totals()["outbox"]
    line.fake.up()
    line.ahead = 24 * 3_600.0 + 60
    line.work()
    assert not line.got(person)
    assert line.queue.totals() == {"inbox": 0, "outbox": 0, "dropped:window": owed}


def test_a_message_that_arrives_a_day_late_is_not_answered(line: Line) -> None:
    person = Someone()
    line.deliver(person.webhook(webhooks.text(LAPTOP, at=line.clock() - 25 * 3_600)))
    line.work()
    assert not line.got(person)
    assert line.queue.totals() == {"inbox": 0, "outbox": 0, "dropped:window": 1}


def test_an_answer_that_got_lost_on_the_way_back_is_not_sent_again(line: Line) -> None:
    """The message was taken and the connection broke. Meta's status callback settles it."""
    person = Someone()
    line.fake.faults.append(Fault(take=True, breaks=True))
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    (first,) = line.got(person)
    line.deliver(webhooks.status("wamid.x", "sent", first))
    line.work()
    assert said(line.got(person)).count(OPENING) == 1
    assert "lenen" in said(line.got(person))


def test_a_message_that_got_lost_on_the_way_is_sent_again(line: Line) -> None:
    """The connection broke and no status callback comes: the message goes out once more."""
    person = Someone()
    line.fake.faults.append(Fault(breaks=True))
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    line.work()
    assert not line.got(person)
    line.ahead = 61.0
    line.work()
    assert said(line.got(person)).count(OPENING) == 1 and "lenen" in said(line.got(person))


def test_the_turn_is_stored_with_what_it_owes_or_not_at_all(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed inside the transaction: neither the conversation nor the outbox knows of the turn; then it is done once."""
    person = Someone()
    line.tell(person, "hallo")
    original = type(line.queue).answered

    class Killed(BaseException):
        pass

    def killed(self: Any, *arguments: Any, **more: Any) -> None:
        original(self, *arguments, **more)
        raise Killed

    monkeypatch.setattr(type(line.queue), "answered", killed)
    line.deliver(person.webhook(webhooks.text(LAPTOP)))
    with pytest.raises(Killed):
        line.work()
    monkeypatch.undo()
    assert line.queue.totals() == {"inbox": 1, "outbox": 0}
    line.ahead = 30.0
    line.work()
    assert said(line.got(person)).count("lenen") == said(line.tell(Someone(), LAPTOP)).count("lenen")
    assert said(line.tell(person, "wie betaalt de laptop")).count("Dit is hetzelfde antwoord") == 1


@pytest.fixture
def words_of(line: Line) -> Callable[[], bytes]:
    path = line.url.removeprefix("sqlite:///")
    return lambda: b"".join(Path(name).read_bytes() for name in glob.glob(f"{path}*"))


def test_no_word_is_left_in_the_file(line: Line, words_of: Callable[[], bytes]) -> None:
    person = Someone()
    line.fake.down()
    line.deliver(person.webhook(webhooks.text("mijn zoon Barnabas heeft krokodillenziekte, wie betaalt de laptop")))
    assert b"krokodillenziekte" in words_of()
    line.work()
    assert b"krokodillenziekte" not in words_of() and b"Barnabas" not in words_of()
    assert person.user_id.encode() in words_of(), "a reply is still owed"
    line.fake.up()
    line.ahead = 120.0
    line.work()
    assert line.got(person)
    for secret in (person.user_id, person.phone, "lenen", "wamid."):
        assert secret.encode() not in words_of(), secret
