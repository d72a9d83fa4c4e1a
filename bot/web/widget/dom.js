// Elements are made here only, and text only ever becomes a text node: what somebody typed cannot become markup.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export function button(label, onPress, properties = {}) {
  return h("button", { type: "button", click: onPress, ...properties }, label);
}

export const unseen = (text, tag = "span") => h(tag, { class: "unseen" }, text);
