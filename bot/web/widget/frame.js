// What stands on the screen whatever is said: the launcher, and the panel with its parts in the order of the Tab key.
import { button, h } from "./dom.js";
import { linked } from "./links.js";

// The parts by name; the element gives them their behaviour.
export function makeFrame(texts) {
  const launcher = button(texts.launcher, null, {
    class: "launcher", "aria-expanded": "false", "aria-controls": "panel", hidden: true,
  });
  const heading = h("h2", { id: "title", tabindex: "-1" }, texts.title);
  const closeButton = button("×", null, { class: "close", "aria-label": texts.close });
  const list = h("ol", { role: "list" });
  const transcript = h("section", { class: "transcript", "aria-label": texts.transcript, tabindex: "0" }, list);
  const state = h("div", { class: "state" });
  const box = h("textarea", { id: "box", rows: "1", "aria-describedby": "hint count", autocomplete: "off" });
  const counter = h("p", { id: "count", class: "count" });
  const form = h(
    "form",
    { "aria-label": texts.question },
    h("p", { class: "labels" }, h("label", { for: "box" }, texts.question), h("span", { id: "hint" }, texts.noNames)),
    box,
    h("button", { class: "send" }, texts.send),
    counter,
  );
  const contacts = h("div", { class: "contacts", id: "contacts", hidden: true }, h("slot", {}, ...linked(texts.human)));
  const extra = h("div", { class: "extra", hidden: true });
  const callButton = button(texts.call, null, { "aria-expanded": "false", "aria-controls": "contacts" });
  const saveButton = button(texts.save);
  const eraseButton = button(texts.erase);
  const spoken = h("div", { class: "unseen", role: "status" });
  const panel = h(
    "dialog",
    { id: "panel", "aria-labelledby": "title" },
    h("div", { class: "head" }, h("div", {}, heading, h("p", {}, texts.subtitle)), closeButton),
    transcript,
    h("div", { class: "foot" }, state, form, contacts, extra, h("div", { class: "tools" }, callButton, saveButton, eraseButton)),
    spoken,
  );
  const buttons = { launcher, closeButton, callButton, saveButton, eraseButton };
  return { panel, heading, transcript, list, state, form, box, counter, contacts, extra, spoken, ...buttons };
}
