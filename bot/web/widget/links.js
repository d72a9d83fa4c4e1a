// Phone numbers, mail addresses and sites in a text become links; nothing else does.
import { h } from "./dom.js";

const SCHEMES = ["https:", "tel:", "mailto:"];
const LINKS = new RegExp(
  [
    String.raw`https:\/\/[^\s<>"]+`,
    String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
    String.raw`(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:nl|frl|org|nu|eu|com|info)\b(?:\/[^\s<>"]*)?`,
    String.raw`(?<![\w-])(?:\+31|\(?0\d)[\d() -]{5,17}\d(?![\w-])`,
    String.raw`(?<![\w-])11[23](?![\w-]|\.\d)`,
  ].join("|"),
  "gi",
);

function address(found) {
  if (found.includes("@")) return `mailto:${found}`;
  if (/^https:/i.test(found)) return found;
  if (/[a-z]/i.test(found)) return `https://${found}`;
  const digits = found.replace(/\(0\)|[^\d+]/g, "");
  const callable = /^(11[23]|0[89]00\d{4}|0[89]00\d{7}|0\d{9}|\+31\d{9})$/.test(digits);
  return callable ? `tel:${digits}` : null;
}

export function link(href, text, newWindow) {
  let scheme;
  try {
    scheme = new URL(href).protocol;
  } catch {
    return text;
  }
  if (!SCHEMES.includes(scheme)) return text;
  const element = h("a", { href }, text);
  if (scheme === "https:") {
    element.target = "_blank";
    element.rel = "noopener noreferrer";
    if (newWindow) element.append(h("span", { class: "unseen" }, ` (${newWindow})`));
  }
  return element;
}

// The parts of a text in order: strings and <a> elements.
export function linked(text, newWindow) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINKS)) {
    const found = match[0].replace(/[.,;:!?)]+$/, "");
    const href = address(found);
    if (!href) continue;
    parts.push(text.slice(end, match.index), link(href, found, newWindow));
    end = match.index + found.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}
