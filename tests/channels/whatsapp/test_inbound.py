"""Meta's webhooks, as documented, for every kind of message; and whatever else may come in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.whatsapp import inbound
from bot.channels.whatsapp.inbound import Message, Person
from bot.channels.whatsapp.rehearsal import webhooks

NOW = 1_790_000_000.0


def read(body: Any) -> inbound.Received:
    return inbound.read(json.loads(json.dumps(body)), webhooks.NUMBER, now=NOW)


def content(item: dict[str, Any]) -> dict[str, Any]:
    (message,) = read(webhooks.webhook(item)).messages
    return message.content


def test_a_text() -> None:
    body = webhooks.webhook(webhooks.text("Wie betaalt?", id="wamid.1", at=1_789_999_000))
    person = Person(webhooks.USER_ID, webhooks.PHONE)
    assert read(body).messages == [Message("wamid.1", person, 1_789_999_000.0, {"text": "Wie betaalt?"})]


def test_the_example_of_metas_documentation_from_before_user_ids() -> None:
    message = {"from": "16505551234", "id": "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
               "timestamp": "1749416383", "type": "text", "text": {"body": "Does it come in another color?"}}  # fmt: skip
    value = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "15550783881",
             "phone_number_id": webhooks.NUMBER}, "contacts": [{"profile": {"name": "Sheena Nelson"},
             "wa_id": "16505551234"}], "messages": [message]}  # fmt: skip
    (found,) = read({"object": "whatsapp_business_account", "entry": [
        {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}]}).messages  # fmt: skip
    assert found.person == Person(None, "16505551234")
    assert found.person.address == {"to": "16505551234"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (webhooks.button_reply("onderwerp:balans", "Balans"), {"press": "onderwerp:balans", "title": "Balans"}),
        (webhooks.list_reply("gemeente:Best", "Best", "x"), {"press": "gemeente:Best", "title": "Best"}),
        (webhooks.message("button", {"payload": "p", "text": "Ja graag"}), {"text": "Ja graag"}),
        (webhooks.location(52.0907374, 5.1214201), {"point": [52.09, 5.12]}),
        (webhooks.media("image"), {"media": "image"}),
        (webhooks.media("image", "wie betaalt dit"), {"media": "image", "text": "wie betaalt dit"}),
        (webhooks.media("video"), {"media": "video"}),
        (webhooks.media("audio"), {"media": "audio"}),
        (webhooks.media("document"), {"media": "document"}),
        (webhooks.media("sticker"), {"media": "sticker"}),
        (webhooks.contacts(), {"media": "contacts"}),
        (webhooks.unsupported(), {"media": "unsupported"}),
        (webhooks.revoke("wamid.0"), {"media": "revoke"}),
        (webhooks.message("order", {"catalog_id": "1"}), {"media": "unsupported"}),
        (webhooks.message("something_of_2027", {"x": 1}), {"media": "unsupported"}),
        (webhooks.message("interactive", {"type": "nfm_reply", "nfm_reply": {}}), {"media": "unsupported"}),
    ],
    ids=lambda value: value.get("type", "") if "timestamp" in value else "",
)
def test_every_kind(item: dict[str, Any], expected: dict[str, Any]) -> None:
    assert content(item) == expected


@pytest.mark.parametrize("item", [webhooks.reaction(), webhooks.reaction(None), webhooks.message("request_welcome")])
def test_kinds_that_ask_nothing(item: dict[str, Any]) -> None:
    found = read(webhooks.webhook(item))
    assert not found.messages and not found.skipped


def test_personal_data_is_masked_before_anything_is_kept() -> None:
    said = content(webhooks.text("bel 06 12345678 of mail mij@voorbeeld.nl, wij wonen op 1234 AB"))
    assert said == {"text": "bel [telefoonnummer] of mail [e-mailadres], wij wonen op 1234"}
    assert "Noor" not in json.dumps(content(webhooks.contacts()))
    assert "Dorpsstraat" not in json.dumps(content(webhooks.location(52.1, 5.1)))


@pytest.mark.parametrize(
    ("user_id", "phone", "address"),
    [
        ("NL.1", "31612345678", {"recipient": "NL.1"}),
        ("NL.1", None, {"recipient": "NL.1"}),
        (None, "31612345678", {"to": "31612345678"}),
    ],
)
def test_the_user_id_goes_before_the_number(user_id: str | None, phone: str | None, address: dict[str, str]) -> None:
    (message,) = read(webhooks.webhook(webhooks.text("hoi"), user_id=user_id, phone=phone)).messages
    assert message.person == Person(user_id, phone)
    assert message.person.address == address


def test_a_user_id_in_the_place_of_the_number_is_seen() -> None:
    body = webhooks.webhook(webhooks.text("hoi"), user_id=None, phone="NL.13491208655302741918")
    assert read(body).messages[0].person == Person("NL.13491208655302741918", None)


def test_several_people_in_one_webhook_are_kept_apart() -> None:
    first, second = (webhooks.webhook(webhooks.text("hoi"), user_id=f"NL.{n}", phone=f"3161000000{n}") for n in (1, 2))
    value, other = (body["entry"][0]["changes"][0]["value"] for body in (first, second))
    value["contacts"] += other["contacts"]
    value["messages"] += other["messages"]
    assert [message.person.user_id for message in read(first).messages] == ["NL.1", "NL.2"]


def test_another_number_of_the_same_app_is_not_ours() -> None:
    found = read(webhooks.webhook(webhooks.text("hoi"), number="999"))
    assert not found.messages and found.skipped == 1


def test_a_group_is_not_answered() -> None:
    assert not read(webhooks.webhook({**webhooks.text("hoi"), "group_id": "g"})).messages


@pytest.mark.parametrize("stamp", ["morgen", "", "9" * 30, None, str(int(NOW) + 500)])
def test_a_strange_time_becomes_now(stamp: str | None) -> None:
    assert read(webhooks.webhook({**webhooks.text("hoi"), "timestamp": stamp})).messages[0].sent_at == NOW


def test_statuses() -> None:
    body = webhooks.status("wamid.1", "failed", {"to": "31612345678", "biz_opaque_callback_data": "t"}, code=131047)
    found = read(body)
    assert not found.messages
    assert found.statuses == [inbound.Status("failed", "t", (131047,))]


def test_errors_of_the_account() -> None:
    body = webhooks.webhook()
    body["entry"][0]["changes"][0]["value"]["errors"] = [{"code": 130429, "title": "Rate limit hit"}]
    assert read(body).errors == [130429]


def test_a_changed_number_and_a_changed_id() -> None:
    number = webhooks.changed_number("31612345678", "31687654321", "NL.1", "NL.2")
    assert read(number).renamed == [(Person("NL.1", "31612345678"), Person("NL.2", "31687654321"))]
    only_id = webhooks.changed_number(None, None, "NL.1", "NL.2")
    assert read(only_id).renamed == [(Person("NL.1", None), Person("NL.2", None))]
    assert not read(number).messages


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, "x", 1, {"entry": None}, {"entry": [None, {"changes": [None, {"value": []}]}]},
        {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": webhooks.NUMBER}, "messages": [
            None, {}, {"type": "text"}, {"type": [], "id": {}}, {"type": "text", "id": "wamid.1", "from": {}}],
            "statuses": [None, {"errors": [None, {"code": "x"}]}], "contacts": "x"}}]}]},
    ],
)  # fmt: skip
def test_nonsense_is_no_error(body: Any) -> None:
    assert not read(body).messages
