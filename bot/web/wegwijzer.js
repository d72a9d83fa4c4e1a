// <wegwijzer-chat>: the chatbot on any page. One script, one element; see /inbedden.
// Attributes: server, titel, starttekst, knoptekst, positie ("links" or "rechts"), taal ("nl" or "en").
// What stands inside the element is shown without JavaScript, and under "Liever bellen?" with it.
import { Conversation } from "./widget/conversation.js";
import { button, h, unseen } from "./widget/dom.js";
import { choices, entryElement, unsent } from "./widget/entries.js";
import { makeFrame } from "./widget/frame.js";
import { linked } from "./widget/links.js";
import { openPrintPage } from "./widget/print.js";
import { stopReading } from "./widget/speech.js";
import { TEXTS } from "./widget/texts.js";

const HOME = new URL(".", import.meta.url).href.replace(/\/$/, "");
const LIMIT = 4000;
const COUNT_FROM = 3600;
const SLOW = 600;
const SPOKEN = 5000;
// The panel covers the whole screen there, so what lies behind it must not get the focus.
const SMALL = matchMedia("(max-width: 600px), (max-height: 480px)");

class WegwijzerChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.server = (this.getAttribute("server") ?? HOME).replace(/\/$/, "");
    this.language = this.getAttribute("taal") === "en" ? "en" : "nl";
    this.texts = { ...TEXTS[this.language] };
    if (this.hasAttribute("titel")) this.texts.title = this.getAttribute("titel");
    if (this.hasAttribute("knoptekst")) this.texts.launcher = this.getAttribute("knoptekst");
    this.conversation = new Conversation(this.server, (event, detail) => this.show(event, detail));
    this.build();
  }

  build() {
    const shadow = this.attachShadow({ mode: "open" });
    const ready = () => this.ready();
    const styles = h("link", { rel: "stylesheet", href: `${HOME}/widget/wegwijzer.css`, load: ready, error: ready });

    Object.assign(this, makeFrame(this.texts));
    this.launcher.addEventListener("click", () => (this.panel.open ? this.close() : this.open()));
    this.closeButton.addEventListener("click", () => this.close());
    this.callButton.addEventListener("click", () => this.toggleContacts());
    this.saveButton.addEventListener("click", () => this.save());
    this.eraseButton.addEventListener("click", () => this.askToErase());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.box.addEventListener("input", () => this.count());
    this.box.addEventListener("keydown", (event) => this.typed(event));
    this.panel.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.panel.open && !event.defaultPrevented) this.close();
    });
    SMALL.addEventListener("change", () => this.panel.open && this.place());
    const root = { class: "root", lang: this.language, "aria-label": this.texts.title };
    shadow.append(styles, h("section", root, this.launcher, this.panel));
    this.restore();
  }

  ready() {
    this.launcher.hidden = false;
    performance.mark("wegwijzer-ready");
  }

  // What was said on this site before, without moving the focus and without saying it aloud again.
  restore() {
    this.draw(this.conversation.entries);
    if (this.conversation.open && !SMALL.matches) {
      this.place();
      this.conversation.retry();
    }
  }

  open() {
    this.conversation.open = true;
    this.place();
    this.rest(this.heading);
    this.scrollToLast();
    this.conversation.retry();
  }

  // Where the focus stays between messages; not in the input on a phone, whose keyboard would cover the answer.
  rest(place = this.transcript) {
    (matchMedia("(pointer: fine)").matches ? this.box : place).focus({ preventScroll: true });
  }

  // Modal where the panel covers the page; elsewhere the page stays usable beside it.
  place() {
    if (this.panel.open && this.panel.matches(":modal") === SMALL.matches) return;
    const focused = this.shadowRoot.activeElement;
    this.panel.close();
    // The attribute, because show() would take the focus away from the page.
    if (SMALL.matches) this.panel.showModal();
    else this.panel.setAttribute("open", "");
    this.launcher.setAttribute("aria-expanded", "true");
    focused?.focus();
  }

  close() {
    const inside = this.shadowRoot.activeElement;
    stopReading();
    this.panel.close();
    this.conversation.open = false;
    this.launcher.setAttribute("aria-expanded", "false");
    if (inside) this.launcher.focus();
  }

  // ------------------------------------------------------------------------------------------- saying something
  submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text || this.conversation.busy) return;
    this.box.value = "";
    this.count();
    this.conversation.send({ text });
  }

  press(message) {
    this.rest();
    this.conversation.send(message);
  }

  typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    }
    // After a new answer, Tab goes to its first button once; from there on the order is that of the screen.
    if (event.key === "Tab" && !event.shiftKey && this.fresh && !this.box.value) {
      const first = this.list.querySelector(".choices button");
      if (first) event.preventDefault();
      first?.focus();
    }
    if (event.key === "Tab") this.fresh = false;
  }

  count() {
    const length = this.box.value.trim().length;
    this.counter.textContent = this.countText(length);
    this.counter.classList.toggle("over", length > LIMIT);
    const near = length >= COUNT_FROM;
    if (near !== this.near) this.say(this.counter.textContent);
    this.near = near;
  }

  countText(length) {
    if (length < COUNT_FROM) return "";
    return length > LIMIT ? this.texts.tooLong(length - LIMIT) : this.texts.left(LIMIT - length);
  }

  // ------------------------------------------------------------------------------------------- what comes back
  show(event, detail) {
    if (event === "entries") this.draw(detail, true);
    else if (event === "busy") this.wait();
    else if (event === "idle") this.setState();
    else if (event === "unsent") [...this.list.querySelectorAll(".user")].at(-1).append(unsent(this.texts));
    else if (event === "erased") this.list.replaceChildren();
    else if (event === "afresh") this.list.append(h("li", { class: "note" }, this.texts.afresh));
    else this.fail(detail);
  }

  draw(entries, fresh = false) {
    this.list.querySelector(".choices")?.remove();
    for (const entry of entries) this.list.append(entryElement(entry, this.texts, this.getAttribute("starttekst")));
    const last = this.conversation.entries.at(-1);
    if (last?.who === "bot") {
      const offered = choices(last.reply, this.texts, (message) => this.press(message));
      if (offered) this.list.lastElementChild.append(offered);
      this.fresh = fresh && Boolean(offered);
    }
    const replies = entries.filter((entry) => entry.who === "bot");
    if (fresh && replies.length) this.announce(replies);
    this.scrollToLast();
  }

  // The one live region: every new reply is said once, here; the transcript itself is silent.
  announce(entries) {
    const { texts } = this;
    const parts = entries.map(({ reply }) => h("span", { lang: reply.lang, dir: reply.dir }, `${reply.text} `));
    const { buttons = [], about = [] } = entries.at(-1).reply;
    const count = buttons.length + about.length;
    this.say(`${texts.bot} `, ...parts, count ? texts.choices(count) : "");
  }

  say(...parts) {
    this.spoken.replaceChildren(...parts);
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.spoken.replaceChildren(), SPOKEN);
  }

  // The question with the answer under it; a long question makes room for its answer.
  scrollToLast() {
    const { list, transcript, panel } = this;
    const asked = [...list.querySelectorAll(".user")].at(-1);
    const short = asked && asked.offsetHeight < transcript.clientHeight / 3;
    const top = short || !asked?.nextElementSibling ? asked : asked.nextElementSibling;
    const scroller = transcript.scrollHeight > transcript.clientHeight ? transcript : panel;
    if (top) scroller.scrollTop += top.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
  }

  wait() {
    this.setState();
    this.slow = setTimeout(() => {
      this.setState(h("p", { class: "wait" }, this.texts.busy));
      this.say(this.texts.busy);
    }, SLOW);
  }

  setState(...children) {
    clearTimeout(this.slow);
    this.state.replaceChildren(...children);
  }

  fail(kind) {
    const { texts } = this;
    const words = [texts[kind], this.conversation.pending && texts.kept].filter(Boolean).join(" ");
    this.setState(
      h("p", {}, h("strong", {}, words), " ", ...linked(texts.human)),
      button(texts.retry, () => (this.rest(), this.conversation.retry()), { class: "retry" }),
    );
    this.scrollToLast();
    this.say(`${words} ${texts.human}`);
  }

  // ------------------------------------------------------------------------------------------- the tools below
  toggleContacts() {
    this.contacts.hidden = !this.contacts.hidden;
    this.callButton.setAttribute("aria-expanded", String(!this.contacts.hidden));
  }

  save() {
    const styles = `${HOME}/widget/print.css`;
    if (!openPrintPage(this.conversation.entries, this.texts, this.language, styles)) this.note(this.texts.blocked);
  }

  note(text) {
    this.extra.hidden = false;
    this.extra.replaceChildren(h("p", {}, text));
    this.say(text);
  }

  askToErase() {
    const { texts } = this;
    const question = h("p", { id: "sure", tabindex: "-1" }, texts.eraseSure);
    this.extra.hidden = false;
    this.extra.replaceChildren(
      question,
      button(texts.eraseYes, () => this.erase()),
      button(texts.eraseNo, () => (this.hideExtra(), this.eraseButton.focus())),
    );
    question.focus();
  }

  hideExtra() {
    this.extra.hidden = true;
    this.extra.replaceChildren();
  }

  async erase() {
    try {
      await this.conversation.forget();
    } catch {
      this.say(this.texts.eraseFailed);
      this.extra.firstElementChild.textContent = this.texts.eraseFailed;
      return;
    }
    stopReading();
    this.hideExtra();
    this.setState();
    this.list.replaceChildren();
    this.rest();
    await this.conversation.retry();
    this.list.prepend(h("li", { class: "note" }, this.texts.erased));
    this.spoken.prepend(unseen(`${this.texts.erased} `));
  }
}

customElements.define("wegwijzer-chat", WegwijzerChat);
