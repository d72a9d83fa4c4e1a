"""The website channel as a browser, a stranger and a broken network meet it, over HTTP."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import uuid
from typing import Any

import pytest
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

from bot.channels.rate import RateLimiter
from bot.channels.tokens import Tokens
from bot.channels.website import MAX_BODY_BYTES
from bot.conversation import Conversations
from bot.guard import MAX_CHARACTERS
from bot.settings import Settings
from knowledge import answers

SECRET = "geheim-van-de-test"
SCHOOL = "https://www.school.nl"
OPEN = Settings(secret=SECRET, allowed_origins=(SCHOOL, "https://ander.nl"))
Visit = Any


async def said(site: Any, token: str) -> list[UserUttered]:
    """What the assistant heard in a conversation."""
    conversation = Tokens(SECRET).conversation(token)
    tracker = await site.app.ctx.conversations.agent.tracker_store.retrieve(conversation)
    return [event for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def text_of(body: Any) -> str:
    return "\n".join(reply["text"] for reply in body["replies"])


# ----------------------------------------------------------------------------------------------- whose conversation
def test_the_server_makes_the_token_and_a_client_cannot(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        first, second = await site.begin(), await site.begin()
        assert first != second and len(first) > 40
        value, _, signature = first.partition(".")
        for guess in (
            "",
            "anna",
            "anna.anna",
            value,
            f"{value}x.{signature}",
            f".{signature}",
            first[:-1],
            7,
            None,
            [first],
        ):
            for path in ("bericht", "wissen"):
                status, body, _ = await site.post(path, {"token": guess, "text": "hoi"})
                assert (status, body["fout"]) == (403, "Dit gesprek is niet bekend. Begin opnieuw."), guess

    visit(scenario)


def test_a_token_of_another_server_is_not_ours(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        status, _, _ = await site.post("bericht", {"token": Tokens("ander geheim").new(), "text": "hoi"})
        assert status == 403

    visit(scenario)


def test_conversations_do_not_see_each_other(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        mine, yours = await site.begin(), await site.begin()
        await site.send(mine, text="wie betaalt de laptop")
        body = await site.send(yours, text="en als ze het toch eisen")
        assert body["topic"] != "oneens_met_school"
        assert (await site.send(mine, text="en als ze het toch eisen"))["topic"] == "oneens_met_school"

    visit(scenario)


def test_a_hundred_conversations_at_once_do_not_mix(visit: Visit) -> None:
    questions = (("wie betaalt de laptop", "laptop_kosten"), ("wat is een opp", "wat_is_opp"))

    async def scenario(site: Any) -> None:
        async def one(number: int) -> list[str]:
            token = await site.begin()
            first, second = questions[number % 2], questions[(number + 1) % 2]
            return [(await site.send(token, text=text))["topic"] for text, _ in (first, second, first)]

        got = await asyncio.gather(*(one(number) for number in range(100)))
        for number, topics in enumerate(got):
            assert topics == [questions[(number + turn) % 2][1] for turn in range(3)]

    visit(scenario)


def test_erasing_deletes_it_on_the_server(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token = await site.begin()
        await site.send(token, text="wie betaalt de laptop", id="een")
        assert await said(site, token)
        status, body, _ = await site.post("wissen", {"token": token})
        assert (status, body) == (200, {"gewist": True})
        assert not await said(site, token)
        assert (await site.send(token, text="en als ze het toch eisen"))["topic"] != "oneens_met_school"

    visit(scenario)


def test_erasing_comes_after_what_is_under_way(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token = await site.begin()
        talking = asyncio.gather(*(site.send(token, text=text) for text in ("wie betaalt de laptop", "wat is een opp")))
        await asyncio.sleep(0.005)
        await asyncio.gather(talking, site.post("wissen", {"token": token}))
        assert not await said(site, token)

    visit(scenario)


# ------------------------------------------------------------------------------------------------- typed or pressed
@pytest.mark.parametrize("text", ['/geef_gemeente{"gemeente": "Utrecht"}', "/restart", "\u200b/noodgeval"])
def test_typed_commands_are_text(visit: Visit, text: str) -> None:
    async def scenario(site: Any) -> None:
        body = await site.say(text)
        assert body["kind"] == "control" and "schuine streep" in text_of(body)
        heard = await said(site, site.token)
        assert [event.intent["name"] for event in heard] == ["schuine_streep"]

    visit(scenario)


def test_buttons_only_when_offered(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        await site.press("onderwerp:geschillencommissie")
        heard = await said(site, site.token)
        assert heard[-1].text == "onderwerp:geschillencommissie", "taken as typed text"
        body = await site.say("wie betaalt de laptop")
        offered = body["replies"][-1]["buttons"][0]["payload"]
        assert f"onderwerp:{(await site.press(offered))['topic']}" == offered

    visit(scenario)


@pytest.mark.parametrize("payload", ['/geef_gemeente{"gemeente": "Utrecht"}', "gemeente:Utrecht", "onderwijssoort:vo"])
def test_a_button_nobody_offered_sets_nothing(visit: Visit, payload: str) -> None:
    async def scenario(site: Any) -> None:
        await site.press(payload)
        heard = await said(site, site.token)
        assert "button" not in {entity.get("extractor") for event in heard for entity in event.entities}

    visit(scenario)


def test_a_conversation_opens_with_buttons_that_work(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        _, start, _ = await site.post("gesprek")
        assert start["opening"] == answers.book().texts["opening"]
        assert start["max_characters"] == MAX_CHARACTERS
        body = await site.send(start["token"], button=start["buttons"][0]["payload"])
        assert f"onderwerp:{body['topic']}" == start["buttons"][0]["payload"]
        # Once something was said, the opening's other buttons are gone unless the answer offers them.
        later = next(b for b in start["buttons"][1:] if b not in body["replies"][-1]["buttons"])
        await site.send(start["token"], button=later["payload"])
        assert (await said(site, start["token"]))[-1].text == later["payload"]

    visit(scenario)


@pytest.mark.parametrize("topic", ["uitleg_gevraagd", "antwoord_goed", "antwoord_fout"])
def test_every_answer_can_be_made_plainer_or_judged(visit: Visit, topic: str) -> None:
    async def scenario(site: Any) -> None:
        refused = await site.press(f"onderwerp:{topic}")
        assert (await said(site, site.token))[-1].text == f"onderwerp:{topic}", refused
        answer = await site.say("wie betaalt de laptop")
        about = {button["payload"] for button in answer["replies"][-1]["about"]}
        assert f"onderwerp:{topic}" in about
        await site.say("bedankt")
        body = await site.press(f"onderwerp:{topic}")
        assert body["topic"] == topic
        if topic == "uitleg_gevraagd":
            assert answers.book()["laptop_kosten"].plain in text_of(body)

    visit(scenario)


def test_questions_and_greetings_are_not_judged(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        assert (await site.say("hallo"))["replies"][-1]["about"] == []
        assert (await site.say("welk steunpunt hoort bij onze school"))["replies"][-1]["about"] == []

    visit(scenario)


# --------------------------------------------------------------------------------------------------- what is answered
def test_an_answer_carries_its_sources_and_language(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        reply = (await site.say("wie betaalt de laptop"))["replies"][-1]
        assert (reply["lang"], reply["dir"]) == ("nl", "ltr")
        assert reply["sources"][0]["date"] == "2023-12" and reply["sources"][0]["title"]
        arabic = (await site.say("ابني مريض ولا يستطيع الذهاب إلى المدرسة"))["replies"][-1]
        assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")

    visit(scenario)


def test_script_in_text_stays_text(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        script = "<script>alert(1)</script> wie betaalt de laptop"
        status, body, headers = await site.post("bericht", {"token": await site.begin(), "text": script})
        assert status == 200 and "<script" not in json.dumps(body)
        assert headers["Content-Type"].startswith("application/json")
        assert headers["X-Content-Type-Options"] == "nosniff"

    visit(scenario)


@pytest.mark.parametrize(
    ("text", "hidden", "shown"),
    [
        ("bel mij op 06 12345678 over de laptop", "12345678", "[telefoonnummer]"),
        ("mail mij.zelf@voorbeeld.nl over de laptop", "mij.zelf", "[e-mailadres]"),
        ("zijn bsn is 111222333 en de laptop", "111222333", "[burgerservicenummer]"),
        ("rekening NL91 ABNA 0417 1643 00 voor de laptop", "0417", "[rekeningnummer]"),
    ],
)
def test_personal_data_is_masked_before_the_assistant(visit: Visit, text: str, hidden: str, shown: str) -> None:
    async def scenario(site: Any) -> None:
        await site.say(text)
        heard = (await said(site, site.token))[-1].text
        assert hidden not in heard and shown in heard

    visit(scenario)


def test_long_messages_are_read_and_longer_ones_kindly_refused(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        fits = ("wie betaalt de laptop? " * 200)[:MAX_CHARACTERS]
        assert (await site.say(fits))["topic"] == "laptop_kosten"
        assert answers.book().texts["te_lang"] in text_of(await site.say("school " * 1_000))
        widest = "\U0001f600" * MAX_CHARACTERS
        assert len(json.dumps({"text": widest})) < MAX_BODY_BYTES
        assert text_of(await site.say(widest))

    visit(scenario)


# ------------------------------------------------------------------------------------------------ what is no message
def test_bodies_that_cannot_be_used(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        url = f"{site.base}/webhooks/website/bericht"
        token = await site.begin()

        async def raw(data: bytes, kind: str = "application/json") -> tuple[int, str]:
            async with site.http.post(url, data=data, headers={"Content-Type": kind}) as answer:
                return answer.status, (await answer.json())["fout"]

        assert await raw(b"{kapot") == (400, "Dit is geen geldige JSON.")
        assert await raw(b"\xff\xfe") == (400, "Dit is geen geldige JSON.")
        assert await raw(b"[" * 50_000) == (400, "Dit is geen geldige JSON.")
        assert await raw(b'["lijst"]') == (400, "Dit is geen geldige JSON.")
        assert (await raw(b"text=hoi", "application/x-www-form-urlencoded"))[0] == 415
        assert (await raw(b'{"token": "x"}', "text/plain"))[0] == 415
        for message in ({}, {"text": 7}, {"text": None}, {"button": ["x"]}):
            status, body, _ = await site.post("bericht", {"token": token, **message})
            assert (status, body["fout"]) == (400, "Stuur 'text' of 'button' mee.")
        for message_id in ("", "a b", "é", "x" * 65, 7, None, "../x"):
            status, body, _ = await site.post("bericht", {"token": token, "text": "hoi", "id": message_id})
            assert status == 400 and "'id'" in body["fout"]
        assert not await said(site, token)

    visit(scenario)


def test_a_body_that_is_too_large(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        body = json.dumps({"text": "x" * MAX_BODY_BYTES}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rsplit(":", 1)[1]))
        head = "POST /webhooks/website/bericht HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:1_000])
        answer = (await reader.read()).decode()
        writer.close()
        assert " 413 " in answer.splitlines()[0] and "x-content-type-options: nosniff" in answer.lower()
        assert "te groot" in json.loads(answer.split("\r\n\r\n", 1)[1])["fout"]

    visit(scenario)


def test_other_methods_and_paths(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        async with site.http.get(f"{site.base}/webhooks/website/bericht") as answer:
            assert answer.status == 405 and (await answer.json())["fout"]
        async with site.http.post(f"{site.base}/webhooks/website/anders") as answer:
            assert answer.status == 404 and (await answer.json())["fout"]

    visit(scenario)


def test_rasas_own_ways_in_are_closed(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        for path in ("webhooks/rest/webhook", "webhooks/callback/webhook", "model/parse", "conversations/x/tracker",
                     "conversations/x/messages", "version", "status", "domain", "socket.io/"):  # fmt: skip
            for method in ("GET", "POST"):
                async with site.http.request(method, f"{site.base}/{path}", json={}) as answer:
                    assert answer.status == 404, path

    visit(scenario)


# ----------------------------------------------------------------------------------------------------- sent more often
def test_a_replay_gets_the_same_reply_and_runs_once(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        first = await site.say("wie betaalt de laptop", id="bericht-1")
        again = await site.say("wie betaalt de laptop", id="bericht-1")
        assert again == first
        assert len(await said(site, site.token)) == 1
        shorter = await site.say("wie betaalt de laptop", id="bericht-2")
        assert text_of(shorter) != text_of(first)

    visit(scenario)


def test_replays_that_arrive_together_run_once(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token = await site.begin()
        got = await asyncio.gather(*(site.send(token, text="welk steunpunt in utrecht", id="x") for _ in range(8)))
        assert all(body == got[0] for body in got)
        assert len(await said(site, token)) == 1

    visit(scenario)


def test_an_id_belongs_to_one_conversation(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        mine, yours = await site.begin(), await site.begin()
        assert (await site.send(mine, text="wie betaalt de laptop", id="1"))["topic"] == "laptop_kosten"
        assert (await site.send(yours, text="wat is een opp", id="1"))["topic"] == "wat_is_opp"

    visit(scenario)


def test_a_turn_goes_on_when_the_connection_breaks(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token = await site.begin()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(site.send(token, text="welk steunpunt hoort bij utrecht", id="weg"), 0.005)
        body = await site.send(token, text="welk steunpunt hoort bij utrecht", id="weg")
        assert body["topic"] == "steunpunt_zoeken"
        assert len(await said(site, token)) == 1

    visit(scenario)


def test_messages_of_a_conversation_keep_their_order(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token = await site.begin()
        texts = [f"wat is een opp vraag {number}" for number in range(6)]
        tasks = []
        for number, text in enumerate(texts):
            tasks.append(asyncio.create_task(site.send(token, text=text, id=str(number))))
            await asyncio.sleep(0.003)
        await asyncio.gather(*tasks)
        assert [event.text for event in await said(site, token)] == texts

    visit(scenario)


def test_after_erasing_by_typing_no_earlier_reply_is_kept(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        await site.say("wie betaalt de laptop", id="voor")
        gone = await site.say("wis mijn gegevens", id="wis")
        assert gone["topic"] == "gegevens_wissen"
        assert await site.say("wis mijn gegevens", id="wis") == gone
        assert not await said(site, site.token)
        await site.say("wie betaalt de laptop", id="voor")
        assert len(await said(site, site.token)) == 1, "it ran anew: the reply from before was not kept"

    visit(scenario)


# ------------------------------------------------------------------------------------------------------------ too many
def test_too_many_in_one_conversation(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        token, other = await site.begin(), await site.begin()
        for _ in range(2):
            await site.send(token, text="hallo")
        status, body, headers = await site.post("bericht", {"token": token, "text": "hallo"})
        assert status == 429 and "Wacht even" in body["fout"]
        assert 1 <= int(headers["Retry-After"]) <= 60
        assert (await site.send(other, text="hallo"))["replies"]

    visit(scenario, limiter=RateLimiter(per_conversation=2, per_address=1_000))


def test_too_many_from_one_address_whoever_it_says_it_is(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        for number in range(3):
            status, _, _ = await site.post("gesprek", headers={"X-Forwarded-For": f"192.0.2.{number}"})
            assert status == 200
        for path in ("gesprek", "bericht", "wissen"):
            status, body, headers = await site.post(path, headers={"X-Forwarded-For": "192.0.2.99"})
            assert status == 429 and body["fout"] and int(headers["Retry-After"]) >= 1

    visit(scenario, limiter=RateLimiter(per_conversation=1_000, per_address=3))


def test_addresses_behind_trusted_proxies(visit: Visit) -> None:
    behind_two = Settings(secret=SECRET, trusted_proxies=2)

    async def scenario(site: Any) -> None:
        async def begin(forwarded: str) -> int:
            return (await site.post("gesprek", headers={"X-Forwarded-For": forwarded}))[0]

        # The client may write anything in front; the entry the outer proxy added is the second from the right.
        assert [await begin(f"{fake}, 192.0.2.7, 10.0.0.1") for fake in ("1.1.1.1", "2.2.2.2", "3.3.3.3")] == [
            200,
            200,
            429,
        ]
        assert await begin("192.0.2.8, 10.0.0.1") == 200
        household = [f"2001:db8:1:2::{number}, 10.0.0.1" for number in range(3)]
        assert [await begin(address) for address in household] == [200, 200, 429]
        assert await begin("2001:db8:1:3::1, 10.0.0.1") == 200

    visit(scenario, behind_two, limiter=RateLimiter(per_conversation=1_000, per_address=2))


def test_a_reply_comes_when_redis_is_away(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        assert (await site.say("wie betaalt de laptop"))["topic"] == "laptop_kosten"

    visit(scenario, limiter=RateLimiter("redis://127.0.0.1:9"))


# --------------------------------------------------------------------------------------------------------- other sites
@pytest.mark.parametrize("origin", ["https://boos.nl", "https://www.school.nl.boos.nl", "http://www.school.nl", "null"])
def test_a_site_that_is_not_allowed(visit: Visit, origin: str) -> None:
    async def scenario(site: Any) -> None:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for path in ("gesprek", "bericht", "wissen"):
            async with site.http.options(f"{site.base}/webhooks/website/{path}", headers=asked) as answer:
                assert answer.status == 403
                assert "Access-Control-Allow-Origin" not in answer.headers
                assert "Origin" in answer.headers["Vary"]
        for path in ("wegwijzer.js", "widget/wegwijzer.css"):
            async with site.http.get(f"{site.base}/{path}", headers={"Origin": origin}) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers

    visit(scenario, OPEN)


def test_a_site_that_is_allowed(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        asked = {
            "Origin": SCHOOL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        async with site.http.options(f"{site.base}/webhooks/website/bericht", headers=asked) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == SCHOOL
            assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
            assert answer.headers["Vary"] == "Origin"
        for path in ("wegwijzer.js", "widget/wegwijzer.css", "widget/server.js", "widget/print.css"):
            async with site.http.get(f"{site.base}/{path}", headers={"Origin": SCHOOL}) as answer:
                assert answer.status == 200
                assert answer.headers["Access-Control-Allow-Origin"] == SCHOOL
                assert re.search(r"\bOrigin\b", answer.headers["Vary"])
                assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        status, _, headers = await site.post("gesprek", headers={"Origin": SCHOOL})
        assert status == 200 and headers["Access-Control-Allow-Origin"] == SCHOOL
        assert "Access-Control-Allow-Credentials" not in headers
        status, _, headers = await site.post("bericht", {"token": "x"}, headers={"Origin": SCHOOL})
        assert status == 403 and headers["Access-Control-Allow-Origin"] == SCHOOL

    visit(scenario, OPEN)


def test_the_page_itself_is_for_no_other_site(visit: Visit) -> None:
    async def scenario(site: Any) -> None:
        for path in ("", "gezond", "privacy"):
            async with site.http.get(f"{site.base}/{path}", headers={"Origin": SCHOOL}) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers

    visit(scenario, OPEN)


# ---------------------------------------------------------------------------------------------------- when things fail
def test_a_reply_comes_when_the_action_server_is_down(visit: Visit, model: Any) -> None:
    down = Conversations.load(model, actions=EndpointConfig(url="http://127.0.0.1:9/webhook"), opening=False)

    async def scenario(site: Any) -> None:
        body = await site.say("welk steunpunt hoort bij een basisschool in utrecht")
        assert "088 605 01 01" in text_of(body)
        assert (await site.say("wie betaalt de laptop"))["topic"] == "laptop_kosten"

    visit(scenario, conversations=down)


def test_a_reply_comes_when_the_assistant_breaks_and_a_retry_runs_again(
    visit: Visit, assistant: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = Conversations(assistant.agent, opening=False)
    say, broken = conversations.say, [True]

    async def fails_once(*arguments: Any, **more: Any) -> Any:
        if broken.pop() if broken else False:
            raise OSError("database weg")
        return await say(*arguments, **more)

    monkeypatch.setattr(conversations, "say", fails_once)

    async def scenario(site: Any) -> None:
        body = await site.say("wie betaalt de laptop", id="1")
        assert body["kind"] == "fallback" and "088 605 01 01" in text_of(body)
        assert (await site.say("wie betaalt de laptop", id="1"))["topic"] == "laptop_kosten"

    visit(scenario, conversations=conversations)


def test_nothing_said_gets_into_a_log(visit: Visit, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    """Every logger at its most talkative, ours and Rasa's, through good and bad requests."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    secret = f"zeldzaamwoord{uuid.uuid4().hex}"

    async def scenario(site: Any) -> None:
        await site.say(f"wie betaalt de laptop van {secret}")
        await site.say(f"/{secret}")
        await site.press(f"onderwerp:{secret}")
        await site.say(secret * 200)
        await site.post("bericht", {"token": secret, "text": secret})
        await site.post("bericht", {"token": site.token, "text": [secret]})
        await site.http.post(f"{site.base}/webhooks/website/bericht", data=f"{{{secret}".encode(),
                             headers={"Content-Type": "application/json"})  # fmt: skip

        async def breaks(*_: Any, **__: Any) -> Any:
            raise RuntimeError(secret)

        monkeypatch.setattr(site.app.ctx.conversations, "say", breaks)
        await site.say(secret)

    try:
        visit(scenario)
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
    printed = capfd.readouterr()
    assert "a message got an apology: RuntimeError" in stream.getvalue(), "the handler heard nothing"
    assert secret not in stream.getvalue() + printed.out + printed.err


def test_a_database_error_does_not_quote_what_was_being_written(tmp_path: Any) -> None:
    import sqlalchemy as sa
    from rasa.shared.core.domain import Domain

    from bot.stores import PrivateSQLTrackerStore

    store = PrivateSQLTrackerStore(Domain.empty(), f"sqlite:///{tmp_path / 'x.sqlite'}", keep_text=True)
    with pytest.raises(sa.exc.OperationalError) as error, store.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO nergens VALUES (:text)"), {"text": "zeldzaamwoord"})
    assert "zeldzaamwoord" not in str(error.value)
