"""WCAG 2.2 AA as far as a machine can see it: axe-core in every state, keyboard, zoom, contrast, live region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from knowledge import answers
from tests.browser.conftest import Chat, Server

LAPTOP = "wie betaalt de laptop"
SHADOW = "document.querySelector('wegwijzer-chat').shadowRoot"


def violations(page: Page) -> list[str]:
    """Every axe rule, best practices and the size of targets too; one line per element that breaks one."""
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def opened(chat: Chat) -> None:
    chat.open()


def answered(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.last.locator("summary").click()


def looked_up(chat: Chat) -> None:
    chat.open()
    chat.ask("welk steunpunt hoort bij een basisschool in almere")


def long_talk(chat: Chat) -> None:
    chat.open()
    for text in (
        LAPTOP,
        "wat is een opp",
        "x" * 300,
        "my son is ill",
        "ابني مريض",
        "hallo",
        "bedankt",
        "wat is ziezon",
    ):
        chat.ask(text)


def offline(chat: Chat) -> None:
    answered(chat)
    chat.page.context.set_offline(True)
    chat.box.fill("en als school nee zegt")
    chat.page.keyboard.press("Enter")
    chat.page.locator(".retry").wait_for()


def broken(chat: Chat) -> None:
    chat.open()
    chat.page.route("**/bericht", lambda route: route.fulfill(status=500, body="kapot"))
    chat.box.fill(LAPTOP)
    chat.page.keyboard.press("Enter")
    chat.page.locator(".retry").wait_for()


def erasing(chat: Chat) -> None:
    answered(chat)
    chat.page.get_by_role("button", name="Wis gesprek").click()
    chat.page.get_by_role("button", name="Liever bellen?").click()


def near_the_limit(chat: Chat) -> None:
    chat.open()
    chat.box.fill("school " * 600)


def printing(chat: Chat) -> Page:
    looked_up(chat)
    with chat.page.expect_popup() as popup:
        chat.page.get_by_role("button", name="Bewaar of print").click()
    popup.value.locator("h1").wait_for()
    return popup.value


STATES: dict[str, Callable[[Chat], Page | None]] = {
    "closed": lambda chat: None,
    "open": opened,
    "with buttons and sources": answered,
    "lookup": looked_up,
    "long conversation": long_talk,
    "error": broken,
    "offline": offline,
    "erasing and contacts": erasing,
    "near the limit": near_the_limit,
    "print": printing,
}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1200, "height": 860}},
    "phone, dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(chromium: Browser, server: Server, state: str, look: str) -> None:
    context = chromium.new_context(locale="nl-NL", **LOOKS[look])
    page = context.new_page()
    page.goto(server.base)
    page.locator(".launcher").wait_for()
    shown = STATES[state](Chat(page)) or page
    found = violations(shown)
    context.close()
    assert found == []


@pytest.mark.parametrize("path", ["", "inbedden", "privacy", "toegankelijkheid", "bestaat-niet"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages(chromium: Browser, server: Server, path: str, scheme: str) -> None:
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server.base}/{path}")
    found = violations(page)
    context.close()
    assert found == []


def test_axe_does_see_into_the_widget(chat: Chat) -> None:
    """Guards the tests above: an error put inside the shadow root is found."""
    chat.open()
    chat.page.evaluate(f"() => {SHADOW}.querySelector('.send').replaceChildren()")
    assert any("button-name" in line for line in violations(chat.page))


def test_a_whole_conversation_with_the_keyboard_alone(chat: Chat, server: Server) -> None:
    page, keys = chat.page, chat.page.keyboard
    for _ in range(30):
        keys.press("Tab")
        if "launcher" in chat.focused():
            break
    keys.press("Enter")
    assert chat.focused() == "box", "opening puts the focus in the input"
    assert page.locator(".launcher").get_attribute("aria-expanded") == "true"
    chat.replies.first.wait_for()

    keys.type(LAPTOP)
    keys.press("Shift+Enter")
    keys.type("en waarom")
    assert "\n" in chat.box.input_value()
    keys.press("Enter")
    chat.expect_more_than(1)
    assert chat.focused() == "box", "the focus stays in the input"

    keys.press("Tab")
    first = chat.last.locator(".next button").first.inner_text()
    assert chat.focused() == first, "the first quick reply is one Tab from the input"
    keys.press("Enter")
    chat.expect_more_than(2)
    assert chat.page.locator(".user").last.inner_text().strip().endswith(first)
    assert chat.focused() == "box"

    order = []
    for _ in range(40):
        keys.press("Tab")
        order.append(chat.focused())
        if order[-1] == "Wis gesprek":
            break
    about = [button.inner_text() for button in chat.last.locator(".about button").all()]
    assert order[: len(order) - 5][-3:] == about, order
    assert order[-5:] == ["box", "send", "Liever bellen?", "Bewaar of print", "Wis gesprek"], order

    keys.press("Enter")
    assert chat.focused() == "sure", "the question whether to erase gets the focus"
    keys.press("Tab")
    keys.press("Enter")
    page.locator(".note", has_text="gewist").wait_for()
    assert chat.focused() == "box"
    assert chat.replies.count() == 1 and page.locator(".user").count() == 0

    keys.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert "launcher" in chat.focused(), "Escape gives the focus back to the opener"
    assert page.locator(".launcher").get_attribute("aria-expanded") == "false"
    keys.press("Enter")
    assert page.locator("dialog").is_visible()


def test_the_keyboard_is_never_trapped(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    for key in ("Tab", "Shift+Tab"):
        chat.box.focus()
        seen = []
        for _ in range(40):
            chat.page.keyboard.press(key)
            seen.append(chat.focused())
        assert "" in seen, f"{key} leaves the widget: {seen}"


def test_tab_goes_on_to_send_when_something_was_typed(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    chat.page.keyboard.type("nog een vraag")
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "send"


def test_escape_from_the_page_closes_without_moving_the_focus(chat: Chat) -> None:
    chat.open()
    link = chat.page.get_by_role("link", name="Privacy")
    link.focus()
    chat.page.keyboard.press("Escape")
    assert not chat.page.locator("dialog").is_visible()
    assert link.evaluate("element => element === document.activeElement")


def test_on_a_phone_the_page_behind_cannot_get_the_focus(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(server.base)
    chat = Chat(page)
    chat.open()
    assert page.evaluate(f"() => {SHADOW}.querySelector('dialog').matches(':modal')")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("() => ['BODY', 'WEGWIJZER-CHAT'].includes(document.activeElement.tagName)")
    page.keyboard.press("Escape")
    assert "launcher" in chat.focused()
    page.set_viewport_size({"width": 1200, "height": 800})
    chat.open()
    assert not page.evaluate(f"() => {SHADOW}.querySelector('dialog').matches(':modal')")
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function(f"() => {SHADOW}.querySelector('dialog').matches(':modal')")
    context.close()


def test_names_roles_and_order(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    page = chat.page
    launcher = page.locator(".launcher")
    assert page.locator(f"#{launcher.get_attribute('aria-controls')}").count() == 1
    assert page.get_by_role("dialog", name="Wegwijzer").count() == 1
    assert page.get_by_role("region", name="Gesprek", exact=True).count() == 1
    assert page.get_by_role("heading", name="Wegwijzer", exact=True, level=2).count() == 1
    assert page.get_by_role("textbox", name="Uw vraag").is_visible()
    assert page.locator("label[for=box]").is_visible()
    speakers = [heading.inner_text() for heading in page.locator("ol h3").all()]
    assert speakers == ["Wegwijzer zegt:", "U zei:", "Wegwijzer zegt:"]
    assert page.get_by_role("list").locator("> li").count() >= 3
    assert chat.last.get_by_role("group", name="Vragen die hierbij horen").get_by_role("button").count() >= 1


def record_live_region(page: Page) -> None:
    page.evaluate(
        f"""() => {{
        window.spoken = [];
        const live = {SHADOW}.querySelector('[role=status]');
        new MutationObserver(() => live.textContent && window.spoken.push(live.textContent))
          .observe(live, {{ childList: true, subtree: true, characterData: true }});
        }}"""
    )


def test_each_reply_is_announced_once_and_the_history_never(chat: Chat) -> None:
    page = chat.page
    record_live_region(page)
    chat.open()
    chat.ask(LAPTOP)
    chat.ask("wat is een opp")
    spoken = page.evaluate("() => window.spoken")
    for text in (
        answers.book().texts["opening"],
        answers.book()["laptop_kosten"].text,
        answers.book()["wat_is_opp"].text,
    ):
        assert sum(text in line for line in spoken) == 1, text
    assert len(spoken) == 3
    assert all(line.startswith("Wegwijzer zegt:") for line in spoken)

    page.reload()
    page.locator("dialog[open] .bot").nth(2).wait_for()
    assert page.locator("[role=status]").inner_text() == "", "what was said before the reload is not said again"
    record_live_region(page)
    chat.ask("bedankt")
    spoken = page.evaluate("() => window.spoken")
    assert len(spoken) == 1 and answers.book()["bedankt"].text in spoken[0]


def test_there_is_exactly_one_live_mechanism(chat: Chat) -> None:
    chat.open()
    chat.ask(LAPTOP)
    live = f"() => {SHADOW}.querySelectorAll('[aria-live], [role=status], [role=log], [role=alert], output').length"
    assert chat.page.evaluate(live) == 1
    chat.page.wait_for_timeout(5_300)
    assert chat.page.locator("[role=status]").inner_text() == "", "it is emptied, so that nobody reads it twice"


def test_replies_in_another_language_say_so(chat: Chat) -> None:
    chat.open()
    chat.ask("ابني مريض ولا يستطيع الذهاب إلى المدرسة")
    said = chat.last.locator(".said")
    assert (said.get_attribute("lang"), said.get_attribute("dir")) == ("ar", "rtl")
    assert chat.page.locator("[role=status] span[lang=ar][dir=rtl]").count() == 1
    chat.ask(LAPTOP)
    assert chat.last.locator(".said").get_attribute("lang") == "nl"


@pytest.mark.parametrize("size", [(320, 568), (320, 256), (640, 480)])
def test_small_screens_and_zoom_need_no_sideways_scrolling(
    chromium: Browser, server: Server, size: tuple[int, int]
) -> None:
    """320 px wide is 400% zoom of 1280; 640 by 480 is 200% of 1280 by 960."""
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(server.base)
    chat = Chat(page)
    chat.open()
    chat.ask("welk steunpunt hoort bij een basisschool in almere")
    wide = page.evaluate(
        f"""() => [document.documentElement, ...{SHADOW}.querySelectorAll('*')]
        .filter(e => !e.closest('.unseen') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                     && getComputedStyle(e).display !== 'inline').map(e => e.className || e.tagName)"""
    )
    assert wide == []
    for name in ("Verstuur", "Wis gesprek", "Sluit het gesprek"):
        control = page.get_by_role("button", name=name)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
        assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    context.close()


def test_large_text_grows_with_the_readers_setting(chat: Chat) -> None:
    chat.open()
    size = f"() => parseFloat(getComputedStyle({SHADOW}.querySelector('.said')).fontSize)"
    assert chat.page.evaluate(size) == 16
    chat.page.evaluate("() => { document.documentElement.style.fontSize = '32px' }")
    assert chat.page.evaluate(size) == 32
    chat.page.evaluate("() => { document.documentElement.style.fontSize = '10px' }")
    assert chat.page.evaluate(size) == 16, "a site with a small root size does not make it unreadable"


def test_targets_are_44_pixels(chat: Chat) -> None:
    erasing(chat)
    small = chat.page.evaluate(
        f"""() => [...{SHADOW}.querySelectorAll('button, summary, textarea')]
        .map(e => [e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.height < 44 || r.width < 44)
        .map(([text, r]) => `${{text}} ${{r.width}}x${{r.height}}`)"""
    )
    assert small == []


def test_forced_colours_keep_every_border_and_focus(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(forced_colors="active", viewport={"width": 1200, "height": 860})
    page = context.new_page()
    page.goto(server.base)
    chat = Chat(page)
    answered(chat)
    bare = page.evaluate(
        f"""() => [...{SHADOW}.querySelectorAll('button, textarea, dialog, .user')].filter(e => {{
          const s = getComputedStyle(e);
          return parseFloat(s.borderTopWidth) < 1 || s.borderTopColor === s.backgroundColor; }}).map(e => e.textContent)"""
    )
    assert bare == []
    page.keyboard.press("Tab")
    outline = f"() => getComputedStyle({SHADOW}.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    context.close()


@pytest.mark.parametrize(("setting", "moving"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_for_who_asked_that(chromium: Browser, server: Server, setting: str, moving: bool) -> None:
    context = chromium.new_context(reduced_motion=setting)
    page = context.new_page()
    page.goto(server.base)
    chat = Chat(page)
    chat.open()
    page.route("**/bericht", lambda route: None)
    chat.box.fill(LAPTOP)
    page.keyboard.press("Enter")
    page.locator(".wait").wait_for()
    animations = f"() => {SHADOW}.getAnimations({{ subtree: true }}).length"
    assert (page.evaluate(animations) > 0) is moving
    context.close()
