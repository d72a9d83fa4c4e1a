// The conversation itself, without a screen: what was said, what still has to be sent, and where that is kept.
import { messageId, post } from "./server.js";

const KEPT_ENTRIES = 200;
const EMPTY = { token: null, entries: [], pending: null, open: false };

export class Conversation {
  // `show` gets called with ("entries", new ones), ("busy"), ("idle"), ("failed", kind) and ("afresh").
  constructor(base, show) {
    this.base = base;
    this.show = show;
    this.key = `wegwijzer ${base}`;
    this.kept = { ...EMPTY, ...this.read() };
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

  // Asks for a token and shows the opening; does nothing when there is a conversation already.
  async begin() {
    if (this.kept.token || this.busy) return;
    await this.trying(() => this.ensureToken());
  }

  async ensureToken() {
    if (this.kept.token) return;
    const { token, opening, buttons } = await post(this.base, "gesprek");
    this.kept.token = token;
    if (!this.entries.length) this.add({ who: "bot", opens: true, reply: { text: opening, lang: "nl", buttons } });
  }

  // `message`: {text} as typed, or {button, text} with the button's title as text.
  async send(message) {
    if (this.busy) return;
    this.kept.pending = { ...message, id: messageId() };
    this.add({ who: "user", text: message.text });
    await this.retry();
  }

  // Sends what could not be sent, with the id it had: the server runs it once, however often it arrives.
  async retry() {
    if (!this.pending) return this.begin();
    await this.trying(async () => {
      await this.ensureToken();
      const turn = await this.exchange().catch(async (failure) => {
        if (failure.kind !== "unknown") throw failure;
        this.kept.token = null;
        await this.ensureToken();
        this.show("afresh");
        // The new conversation offered no buttons yet, so what the button said goes as text.
        delete this.pending.button;
        return this.exchange();
      });
      this.kept.pending = null;
      this.add(...turn.replies.map((reply) => ({ who: "bot", reply })));
    });
  }

  exchange() {
    const { id, button, text } = this.pending;
    return post(this.base, "bericht", { token: this.kept.token, id, ...(button ? { button } : { text }) });
  }

  // Deletes it on the server first; false (and nothing is deleted) when the server cannot be reached.
  async forget() {
    const { token, open } = this.kept;
    const deleted =
      !token || this.busy ? !this.busy : await this.trying(() => post(this.base, "wissen", { token }), ["unknown"]);
    if (deleted) {
      this.kept = { ...EMPTY, entries: [], open };
      this.write();
    }
    return deleted;
  }

  async trying(work, harmless = []) {
    this.busy = true;
    this.show("busy");
    try {
      await work();
    } catch (failure) {
      if (!harmless.includes(failure.kind)) {
        this.write();
        this.show("failed", failure.kind ?? "broken");
        return false;
      }
    } finally {
      this.busy = false;
    }
    this.show("idle");
    return true;
  }
}
