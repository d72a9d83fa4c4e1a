// One message on the screen: the parent's words, or an answer with its links, sources and buttons.
import { button, h, unseen } from "./dom.js";
import { linked } from "./links.js";
import { readAloud } from "./speech.js";

// Paragraphs and "- " lists of a text, as elements with links.
export function blocks(text, newWindow) {
  const made = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    let list = null;
    let lines = null;
    for (const line of paragraph.split("\n")) {
      if (line.startsWith("- ")) {
        lines = null;
        if (!list) made.push((list = h("ul")));
        list.append(h("li", {}, ...linked(line.slice(2), newWindow)));
      } else if (lines) {
        lines.append(h("br"), ...linked(line, newWindow));
      } else {
        list = null;
        made.push((lines = h("p", {}, ...linked(line, newWindow))));
      }
    }
  }
  return made;
}

function shownDate(date, texts) {
  if (!date) return texts.noDate;
  const [year, month, day] = date.split("-").map(Number);
  const form = { year: "numeric", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
  return new Intl.DateTimeFormat(texts.locale, form).format(new Date(year, (month ?? 1) - 1, day ?? 1));
}

export function sourceLines(sources, texts) {
  return [...new Set((sources ?? []).map((one) => `${one.title || one.document}, ${shownDate(one.date, texts)}`))];
}

function sourcesOf(reply, texts) {
  const lines = sourceLines(reply.sources, texts);
  if (!lines.length) return null;
  return h("details", {}, h("summary", {}, texts.sources), h("ul", {}, ...lines.map((line) => h("li", {}, line))));
}

function group(buttons, label, className, press) {
  if (!buttons?.length) return null;
  return h(
    "div",
    { role: "group", "aria-label": label, class: className },
    ...buttons.map(({ title, payload }) => button(title, () => press({ button: payload, text: title }), { lang: "nl" })),
  );
}

export const unsent = (texts) => h("p", { class: "note" }, texts.notSent);

export function entryElement(entry, texts, startText) {
  if (entry.who === "user") {
    const lost = entry.unsent ? unsent(texts) : null;
    return h("li", { class: "user" }, unseen(texts.user, "h3"), h("p", {}, entry.text), lost);
  }
  const { reply } = entry;
  const said = h("div", { class: "said", lang: reply.lang, dir: reply.dir }, ...blocks(reply.text, texts.newWindow));
  if (entry.opens && startText) said.prepend(h("p", {}, startText));
  const tools = h("div", { class: "tools" }, sourcesOf(reply, texts), entry.opens ? null : readAloud(reply, texts));
  return h("li", { class: "bot" }, unseen(texts.bot, "h3"), said, tools);
}

// The buttons under an answer: its next questions, then what can be said about the answer itself.
export function choices(reply, texts, press) {
  const next = group(reply.buttons, texts.next, "next", press);
  const about = group(reply.about, texts.about, "about", press);
  return next || about ? h("div", { class: "choices" }, next, about) : null;
}
