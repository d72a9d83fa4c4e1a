// A clean page of the conversation, to print or save and take along to the talk with school. Nothing is sent anywhere.
import { button, h } from "./dom.js";
import { blocks, sourceLines } from "./entries.js";

const CONTACT = /@|(?<![\w-])(?:\+31|\(?0\d)[\d() -]{5,17}\d/;

// The lines of all answers that hold a phone number or mail address, each once, with the heading line above it.
export function contacts(entries) {
  const found = new Map();
  for (const { reply } of entries.filter((entry) => entry.who === "bot" && !entry.opens)) {
    for (const paragraph of reply.text.split(/\n{2,}/)) {
      const lines = paragraph.split("\n");
      lines.filter((line) => CONTACT.test(line)).forEach((line) => {
        found.set(line, line === lines[0] ? line : `${lines[0]}\n${line}`);
      });
    }
  }
  return [...found.values()];
}

function said(entry, texts) {
  if (entry.who === "user") return [h("h3", {}, texts.user), h("p", {}, entry.text)];
  const { reply } = entry;
  const sources = sourceLines(reply.sources, texts);
  return [
    h("h3", {}, texts.bot),
    h("div", { lang: reply.lang, dir: reply.dir }, ...blocks(reply.text)),
    sources.length ? h("p", { class: "source" }, `${texts.sources}: ${sources.join("; ")}`) : null,
  ];
}

// Opens the page; false when the browser does not allow a window.
export function openPrintPage(entries, texts, language, stylesheet) {
  const page = window.open("", "_blank");
  if (!page) return false;
  const target = page.document;
  const date = new Intl.DateTimeFormat(texts.locale, { dateStyle: "long" }).format(new Date());
  const lines = contacts(entries);
  target.documentElement.lang = language;
  target.title = texts.printTitle;
  target.head.append(
    h("link", { rel: "stylesheet", href: stylesheet }),
    h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
  );
  target.body.append(
    h(
      "main",
      {},
      h("h1", {}, texts.printTitle),
      h("p", {}, texts.printDate(date)),
      button(texts.printButton, () => page.print()),
      lines.length ? h("h2", {}, texts.printContacts) : null,
      lines.length ? h("ul", {}, ...lines.map((line) => h("li", {}, ...blocks(line)))) : null,
      h("h2", {}, texts.printTalk),
      ...entries.flatMap((entry) => said(entry, texts)),
    ),
  );
  return true;
}
