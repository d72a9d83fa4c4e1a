"""The widget in a real browser: what a parent expects, on our page and on a school's page under a strict policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from knowledge import answers
from tests.browser.conftest import Chat, Server

LAPTOP = "wie betaalt de laptop"
SHADOW = "document.querySelector('wegwijzer-chat').shadowRoot"


def visit(context: BrowserContext, address: str) -> Chat:
    page = context.new_page()
    page.goto(address)
    page.locator(".launcher").wait_for()
    return Chat(page)


# ------------------------------------------------------------------------------------------------------ on a school's page
def test_works_on_another_site_under_the_documented_policy(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: trouble.append(request.url))
    page.goto(server.school)
    launcher = page.locator(".launcher")
    launcher.wait_for()
    assert launcher.inner_text() == "Stel een vraag"
    assert launcher.bounding_box()["x"] < 100, "positie=links"
    chat = Chat(page)
    chat.open()
    assert page.get_by_role("heading", name="Vraag het").is_visible()
    opening = chat.replies.first.inner_text()
    assert "Welkom bij onze school." in opening and "chatbot, geen mens" in opening
    chat.ask(LAPTOP)
    chat.last.locator(".next button").first.click()
    chat.expect_more_than(2)
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Bewaar of print").click()
    popup.value.locator("h1").wait_for()
    assert popup.value.evaluate("() => getComputedStyle(document.querySelector('main')).maxWidth") == "672px", (
        "it is styled"
    )
    page.get_by_role("button", name="Liever bellen?").click()
    assert page.get_by_role("link", name="012 345 67 89").is_visible(), "the school's own contacts"
    assert trouble == []


def test_the_policy_does_forbid_what_the_widget_avoids(context: BrowserContext, server: Server) -> None:
    """Guards the test above: under that policy an inline style or script is refused."""
    chat = visit(context, server.school)
    blocked = chat.page.evaluate(
        """() => new Promise(done => {
          addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
          const style = document.createElement('style'); style.textContent = 'p{}'; document.head.append(style);
          setTimeout(() => done('nothing'), 2000); })"""
    )
    assert blocked.startswith("style-src")


def test_a_site_that_is_not_allowed_gets_no_widget(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.school.replace("localhost", "127.0.0.1"))
    page.wait_for_timeout(1_500)
    assert page.evaluate("() => customElements.get('wegwijzer-chat') === undefined")
    assert page.get_by_role("link", name="012 345 67 89").is_visible(), "the contacts are there all the same"


def test_without_javascript_there_are_contacts(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.base)
    assert page.get_by_role("link", name="088 605 01 01").is_visible()
    assert page.get_by_role("link", name="112").is_visible()
    context.close()


def test_nothing_is_asked_of_the_server_before_it_is_opened(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.base)
    page.locator(".launcher").wait_for()
    page.wait_for_timeout(300)
    assert not [url for url in asked if "webhooks" in url]
    assert all(url.startswith(server.base) for url in asked)
    assert context.cookies() == []


def test_controls_in_english(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.base)
    page.evaluate("() => { document.querySelector('wegwijzer-chat').remove();"
                  " const e = document.createElement('wegwijzer-chat'); e.setAttribute('taal', 'en');"
                  " document.body.append(e) }")  # fmt: skip
    page.get_by_role("button", name="Question about school and illness").click()
    assert page.get_by_role("button", name="Send").is_visible()
    assert page.evaluate(f"() => {SHADOW}.querySelector('.root').lang") == "en"
    page.locator(".bot").first.wait_for()
    assert page.locator(".said").first.get_attribute("lang") == "nl"


# ------------------------------------------------------------------------------------------------------- what it shows
def test_an_answer_shows_its_source_and_date_folded(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    details = chat.last.locator("details")
    assert not details.locator("li").first.is_visible()
    details.locator("summary").click()
    assert "december 2023" in details.inner_text()


def test_numbers_mail_and_sites_are_links_of_allowed_kinds(chat: Chat) -> None:
    chat.open()
    chat.ask("ik wil een mens spreken")
    hrefs = [link.get_attribute("href") for link in chat.last.locator(".said a").all()]
    assert "tel:0886050101" in hrefs and "mailto:vraag@oudersenonderwijs.nl" in hrefs
    chat.ask("ze wil niet meer leven")
    hrefs = [link.get_attribute("href") for link in chat.last.locator(".said a").all()]
    assert {"tel:112", "tel:113", "tel:08000113", "tel:08002000", "https://113.nl"} <= set(hrefs)
    site = chat.last.locator("a[href='https://113.nl']")
    assert site.get_attribute("rel") == "noopener noreferrer" and "opent een nieuw venster" in site.inner_text()


LINKS = [
    ("bel 088 605 01 01.", ["tel:0886050101"]),
    ("of 0800 33 55 555, of 020-3306320", ["tel:08003355555", "tel:0203306320"]),
    ("bel +31 (0)20 330 63 20", ["tel:+31203306320"]),
    ("zie https://www.swv.nl/steunpunt-2/?a=1 of www.balansdigitaal.nl.", ["https://www.swv.nl/steunpunt-2/?a=1", "https://www.balansdigitaal.nl"]),
    ("mail vraag@ouders-onderwijs.nl!", ["mailto:vraag@ouders-onderwijs.nl"]),
    ("sinds 01-08-2022, groep 112b, 2018-2019, artikel 113.4, nummer 1234567890", []),
    ("javascript:alert(1) data:text/html,x http://onveilig.example ftp://x.example", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hrefs"), LINKS, ids=[text for text, _ in LINKS])
def test_what_becomes_a_link(context: BrowserContext, server: Server, text: str, hrefs: list[str]) -> None:
    page = context.new_page()
    page.goto(server.base)
    found = page.evaluate(
        """async text => { const { linked } = await import('/widget/links.js');
        const parts = linked(text, '');
        return [parts.filter(part => part.href).map(part => part.getAttribute('href')),
                parts.map(part => part.textContent ?? part).join('')]; }""",
        text,
    )
    assert found == [hrefs, text], "the text itself never changes"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "http://x.nl", "//x", "x"]
)
def test_other_schemes_stay_text(context: BrowserContext, server: Server, href: str) -> None:
    page = context.new_page()
    page.goto(server.base)
    made = page.evaluate("async href => typeof (await import('/widget/links.js')).link(href, 'tekst')", href)
    assert made == "string"


def test_script_in_text_is_shown_as_text(chat: Chat) -> None:
    page = chat.page
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> <b>laptop</b>"
    body = {"text": f"{hostile}\n\n- {hostile}", "buttons": [{"title": hostile, "payload": "x"}], "about": [],
            "lang": '"><script>alert(3)</script>', "dir": "ltr", "sources": [{"title": hostile, "date": ""}]}  # fmt: skip
    chat.open()
    page.route("**/bericht", lambda route: route.fulfill(json={"kind": "answer", "topic": None, "replies": [body]}))
    chat.ask(hostile)
    assert page.locator(".user p").last.inner_text() == hostile
    assert hostile in chat.last.inner_text()
    assert page.evaluate(f"() => {SHADOW}.querySelectorAll('img, script, b').length") == 0
    page.reload()
    page.locator("dialog[open] .bot").nth(1).wait_for()
    assert page.evaluate(f"() => {SHADOW}.querySelectorAll('img, script, b').length") == 0
    assert alarms == []


def test_buttons_ask_their_topic_and_only_the_last_ones_stay(chat: Chat) -> None:
    chat.open()
    assert chat.page.locator(".choices").count() == 1
    chat.page.get_by_role("button", name="Heeft mijn kind recht op onderwijs?").click()
    chat.expect_more_than(1)
    assert answers.book()["recht_op_onderwijs"].text.split("\n")[0] in chat.last.inner_text()
    assert chat.page.locator(".choices").count() == 1


@pytest.mark.parametrize(
    ("name", "topic"), [("Eenvoudiger", None), ("Dat hielp", "antwoord_goed"), ("Dat klopt niet", "antwoord_fout")]
)
def test_plainer_and_judging(chat: Chat, name: str, topic: str | None) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.page.get_by_role("button", name=name).click()
    chat.expect_more_than(2)
    expected = answers.book()[topic].text if topic else answers.book()["laptop_kosten"].plain
    assert expected.split("\n")[0] in chat.last.inner_text()


def test_typed_slash_is_text(chat: Chat) -> None:
    chat.open()
    chat.ask('/geef_gemeente{"gemeente": "Utrecht"}')
    assert "schuine streep" in chat.last.inner_text()


def test_counter_near_the_limit_and_a_kind_request_above_it(chat: Chat) -> None:
    chat.open()
    counter = chat.page.locator("#count")
    chat.box.fill("a" * 3_000)
    assert counter.inner_text() == ""
    chat.box.fill("a" * 3_900)
    assert counter.inner_text() == "Nog 100 tekens"
    chat.box.fill("school " * 600)
    assert "tekens te veel" in counter.inner_text()
    chat.page.keyboard.press("Enter")
    chat.expect_more_than(1)
    assert answers.book().texts["te_lang"] in chat.last.inner_text()
    assert counter.inner_text() == ""


def test_read_aloud_uses_the_browsers_voice_and_can_be_stopped(context: BrowserContext, server: Server) -> None:
    context.add_init_script(
        """window.heard = [];
        window.speechSynthesis.speak = words => window.heard.push([words.lang, words.text]);
        window.speechSynthesis.cancel = () => window.heard.push('stop');"""
    )
    chat = visit(context, server.base)
    chat.open()
    chat.ask(LAPTOP)
    chat.last.get_by_role("button", name="Lees voor").click()
    assert chat.page.evaluate("() => window.heard.at(-1)") == ["nl-NL", answers.book()["laptop_kosten"].text]
    chat.last.get_by_role("button", name="Stop met voorlezen").click()
    assert chat.page.evaluate("() => window.heard.at(-1)") == "stop"
    assert chat.last.get_by_role("button", name="Lees voor").is_visible()


# ----------------------------------------------------------------------------------------------- keeping and erasing
def test_the_conversation_is_kept_on_reload_and_across_pages(context: BrowserContext, server: Server) -> None:
    chat = visit(context, server.school)
    chat.open()
    chat.ask(LAPTOP)
    shown = chat.page.locator("ol").inner_text()
    chat.page.reload()
    chat.page.locator("dialog[open]").wait_for()
    assert chat.page.locator("ol").inner_text() == shown
    assert chat.focused() == "", "a page that opens by itself does not take the focus"
    chat.page.get_by_role("link", name="Volgende pagina").press("Enter")
    chat.page.wait_for_url("**/twee")
    chat.page.locator("dialog[open]").wait_for()
    chat.ask("en als ze het toch eisen")
    assert answers.book()["oneens_met_school"].text.split("\n")[0] in chat.last.inner_text(), "the server knows it too"
    other = visit(context, server.school)
    assert not other.page.locator("dialog").is_visible(), "another tab is another conversation"


def test_erasing_deletes_here_and_on_the_server(chat: Chat, server: Server) -> None:
    before = server.heard()
    chat.open()
    chat.ask(LAPTOP)
    assert server.heard() == before + 1
    chat.page.get_by_role("button", name="Wis gesprek").click()
    chat.page.get_by_role("button", name="Nee, bewaar het").click()
    assert chat.focused() == "Wis gesprek" and server.heard() == before + 1
    chat.page.get_by_role("button", name="Wis gesprek").click()
    chat.page.get_by_role("button", name="Ja, wis alles").click()
    chat.page.locator(".note", has_text="gewist").wait_for()
    assert server.heard() == before
    assert "laptop" not in chat.page.evaluate("() => JSON.stringify(sessionStorage)")
    chat.ask("en als ze het toch eisen")
    assert answers.book()["oneens_met_school"].text.split("\n")[0] not in chat.last.inner_text()


def test_erasing_by_typing_leaves_nothing_in_the_browser(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.box.fill("wis mijn gegevens")
    chat.page.keyboard.press("Enter")
    chat.page.locator(".bot", has_text="worden nu gewist").wait_for()
    assert chat.page.locator(".user").count() == 0
    assert "laptop" not in chat.page.evaluate("() => JSON.stringify(sessionStorage)")


def test_erasing_without_the_server_says_so_and_keeps_it(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.page.context.set_offline(True)
    chat.page.get_by_role("button", name="Wis gesprek").click()
    chat.page.get_by_role("button", name="Ja, wis alles").click()
    chat.page.locator("#sure", has_text="Wissen lukte niet").wait_for()
    assert chat.replies.count() == 2
    chat.page.context.set_offline(False)
    chat.page.get_by_role("button", name="Ja, wis alles").click()
    chat.page.locator(".note", has_text="gewist").wait_for()


def test_save_or_print_gives_a_clean_page_with_the_contacts(chat: Chat) -> None:
    chat.open()
    chat.ask("ik wil een mens spreken")
    chat.ask(LAPTOP)
    with chat.page.expect_popup() as popup:
        chat.page.get_by_role("button", name="Bewaar of print").click()
    page = popup.value
    page.locator("h1").wait_for()
    assert page.title() == "Gesprek met Wegwijzer"
    assert page.locator("html").get_attribute("lang") == "nl"
    contacts = page.locator("main > ul").inner_text()
    assert "088 605 01 01" in contacts and "vraag@oudersenonderwijs.nl" in contacts
    text = page.locator("main").inner_text()
    assert LAPTOP in text and answers.book()["laptop_kosten"].text.split("\n")[0] in text and "december 2023" in text
    page.evaluate("() => { window.print = () => { window.printed = true } }")
    page.get_by_role("button", name="Print deze pagina").click()
    assert page.evaluate("() => window.printed")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Print deze pagina").is_visible()


# --------------------------------------------------------------------------------------------------- a bad connection
def test_offline_says_so_and_a_retry_answers(chat: Chat) -> None:
    chat.open()
    chat.page.context.set_offline(True)
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    state = chat.page.locator(".state")
    state.locator("strong", has_text="geen internet").wait_for()
    assert "088 605 01 01" in state.inner_text()
    chat.page.context.set_offline(False)
    chat.page.get_by_role("button", name="Probeer opnieuw").click()
    chat.expect_more_than(1)
    assert state.inner_text() == ""
    assert chat.page.locator(".user").count() == 1


def test_offline_before_anything_was_said(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    chat.page.locator(".launcher").click()
    state = chat.page.locator(".state")
    state.locator("strong", has_text="geen internet").wait_for()
    assert "Uw bericht" not in state.inner_text()
    chat.page.context.set_offline(False)
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    chat.expect_more_than(1)
    assert "chatbot, geen mens" in chat.page.locator("ol").inner_text(), "the opening is not skipped"


def test_a_retry_after_a_lost_answer_does_not_send_twice(chat: Chat, server: Server) -> None:
    """The server got the message, its answer got lost: the parent presses retry, and it still counts once."""
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data_json["id"])
        route.fetch()
        route.abort()

    before = server.heard()
    chat.open()
    chat.page.route("**/bericht", lose_the_answer)
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    chat.page.locator(".retry").wait_for()
    assert server.heard() == before + 1
    chat.page.get_by_role("button", name="Probeer opnieuw").click()
    chat.page.wait_for_timeout(300)
    chat.page.unroute("**/bericht")
    chat.page.get_by_role("button", name="Probeer opnieuw").click()
    chat.expect_more_than(1)
    assert server.heard() == before + 1
    assert len(sent) == 2 and len(set(sent)) == 1
    assert answers.book()["laptop_kosten"].text.split("\n")[0] in chat.last.inner_text()


def test_a_reload_in_the_middle_still_gets_the_answer_once(chat: Chat, server: Server) -> None:
    before = server.heard()
    chat.open()
    chat.page.route("**/bericht", lambda route: (route.fetch(), route.abort()))
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    chat.page.locator(".retry").wait_for()
    chat.page.unroute("**/bericht")
    chat.page.reload()
    chat.page.locator("dialog[open] .bot").nth(1).wait_for()
    assert server.heard() == before + 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 500, "body": "kapot"}, "ging iets mis"),
        ({"status": 200, "body": "geen json"}, "ging iets mis"),
        ({"status": 429, "body": "{}"}, "veel berichten"),
        (None, "niet bereikbaar"),
    ],
)
def test_every_fault_has_words_a_number_and_a_way_on(chat: Chat, fault: dict[str, Any] | None, words: str) -> None:
    chat.open()
    chat.page.route("**/bericht", lambda route: route.fulfill(**fault) if fault else route.abort())
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    state = chat.page.locator(".state")
    state.locator("strong", has_text=words).wait_for()
    assert "088 605 01 01" in state.inner_text() and "Uw bericht staat hier nog" in state.inner_text()
    chat.page.unroute("**/bericht")
    chat.box.fill("wat is een opp")
    chat.page.keyboard.press("Enter")
    chat.expect_more_than(1)
    assert "Niet verstuurd" in chat.page.locator(".user").first.inner_text()


def test_a_conversation_the_server_no_longer_knows_starts_afresh(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.page.evaluate(
        """() => { for (const key of Object.keys(sessionStorage)) {
          const kept = { ...JSON.parse(sessionStorage[key]), token: 'oud.token' };
          sessionStorage[key] = JSON.stringify(kept) } }"""
    )
    chat.page.reload()
    chat.page.locator("dialog[open] .next button").first.click()
    chat.expect_more_than(2)
    assert "begint opnieuw" in chat.page.locator("ol > .note").inner_text()
    assert chat.page.locator(".user").count() == 2


def test_a_working_indicator_that_does_not_fake_a_person(chat: Chat) -> None:
    held: list[Route] = []
    chat.open()
    chat.page.route("**/bericht", lambda route: held.append(route))
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    wait = chat.page.locator(".wait")
    wait.wait_for()
    assert wait.inner_text() == "De chatbot zoekt het antwoord."
    held[0].continue_()
    chat.expect_more_than(1)
    assert wait.count() == 0


def test_the_launcher_is_styled_before_it_is_seen(context: BrowserContext, server: Server) -> None:
    page: Page = context.new_page()
    held: list[Route] = []
    page.route("**/wegwijzer.css", lambda route: held.append(route))
    page.goto(server.base, wait_until="commit")
    page.locator(".launcher").wait_for(state="attached")
    assert not page.locator(".launcher").is_visible()
    held[0].continue_()
    page.locator(".launcher").wait_for()
    assert page.locator(".launcher").evaluate("element => getComputedStyle(element).position") == "fixed"
