// The conversation itself, without a screen: what was said, what still has to be sent, and where that is kept.
import { messageId, post } from "./server.js";

const KEPT_ENTRIES = 200;
const ERASING = "gegevens_wissen";
const EMPTY = { token: null, pending: null, open: false };

export class Conversation {
  // `show` gets called with ("entries", new ones), ("busy"), ("idle"), ("failed", kind), ("unsent"), ("erased") and ("afresh").
  constructor(base, show) {
    this.base = base;
    this.show = show;
    this.key = `wegwijzer ${base}`;
    this.kept = { ...EMPTY, entries: [], ...this.read() };
    this.busy = false;
  }

  get entries() {
    return this.kept.entries;
  }

  get pending() {
    return this.kept.pending;
  }

  set open(value) {
    this.kept.open = value;
    this.write();
  }

  get open() {
    return this.kept.open;
  }

  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  write() {
    this.kept.entries = this.kept.entries.slice(-KEPT_ENTRIES);
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      // Storage may be off or full: the conversation then lasts as long as the page.
    }
  }

  add(...entries) {
    this.kept.entries.push(...entries);
    this.write();
    this.show("entries", entries);
  }

  async ensureToken() {
    if (this.kept.token) return;
    const { token, opening, buttons } = await post(this.base, "gesprek");
    this.kept.token = token;
    if (!this.entries.some((entry) => entry.opens)) this.add({ who: "bot", opens: true, reply: { text: opening, lang: "nl", buttons } });
  }

  // `message`: {text} as typed, or {button, text} with the button's title as text.
  async send(message) {
    if (this.busy) return;
    if (this.pending) {
      this.entries.findLast((entry) => entry.who === "user").unsent = true;
      this.show("unsent");
    }
    this.kept.pending = { ...message, id: messageId() };
    this.add({ who: "user", text: message.text });
    await this.retry();
  }

  // Begins when that is still to be done, and sends what is not answered yet, with the id it had: the server runs a
  // message once, however often it arrives.
  async retry() {
    if (this.busy || (this.kept.token && !this.pending)) return;
    const { kept } = this;
    this.busy = true;
    this.show("busy");
    try {
      await this.ensureToken();
      const turn = this.pending && (await this.exchangeOrStartAfresh());
      this.busy = false;
      if (this.kept !== kept) return;
      kept.pending = null;
      this.show("idle");
      if (turn?.topic === ERASING) {
        kept.entries = [];
        this.show("erased");
      }
      if (turn) this.add(...turn.replies.map((reply) => ({ who: "bot", reply })));
    } catch (failure) {
      this.busy = false;
      this.show("failed", failure.kind ?? "broken");
    }
  }

  async exchangeOrStartAfresh() {
    try {
      return await this.exchange();
    } catch (failure) {
      if (failure.kind !== "unknown") throw failure;
    }
    this.kept.token = null;
    await this.ensureToken();
    this.show("afresh");
    // The new conversation offered no buttons yet, so what the button said goes as text.
    delete this.pending.button;
    return this.exchange();
  }

  exchange() {
    const { id, button, text } = this.pending;
    return post(this.base, "bericht", { token: this.kept.token, id, ...(button ? { button } : { text }) });
  }

  // Deletes it on the server first; throws, and deletes nothing, when the server cannot be reached.
  async forget() {
    const { token, open } = this.kept;
    if (token) {
      await post(this.base, "wissen", { token }).catch((failure) => {
        if (failure.kind !== "unknown") throw failure;
      });
    }
    this.kept = { ...EMPTY, entries: [], open };
    this.write();
  }
}
