// The start page's chat. Text only through textContent; links only to https:, tel: and mailto:.
const list = document.getElementById("gesprek");
const status = document.getElementById("melding");
const form = document.getElementById("vraag");
const box = document.getElementById("tekst");
const LINKS = /(https:\/\/[^\s)]+|\b(?:www\.)?[a-z0-9-]+\.(?:nl|frl|org|nu)\b(?:\/[^\s)]*)?|[\w.+-]+@[\w-]+\.[\w.]+|\b0\d{1,3}[ -]?\d{2,3}[ -]?\d{2,3}[ -]?\d{0,2}[ -]?\d{0,2}\b)/g;

let token = null;

async function post(path, body) {
  const answer = await fetch(`/webhooks/website/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.fout ?? "Er ging iets mis.");
  return data;
}

function linkTo(text) {
  if (text.includes("@")) return `mailto:${text}`;
  if (/^0/.test(text)) return `tel:${text.replace(/[^\d]/g, "")}`;
  return text.startsWith("https:") ? text : `https://${text}`;
}

function withLinks(element, text) {
  for (const part of text.split(LINKS)) {
    if (!part) continue;
    if (part.match(LINKS)) {
      const link = document.createElement("a");
      link.href = linkTo(part);
      link.textContent = part;
      element.append(link);
    } else {
      element.append(part);
    }
  }
}

function item(who, speaker) {
  const entry = document.createElement("li");
  entry.className = who;
  const name = document.createElement("span");
  name.className = "verborgen";
  name.textContent = speaker;
  entry.append(name);
  list.append(entry);
  return entry;
}

function showReply(reply) {
  const entry = item("bot", "Wegwijzer zegt:");
  entry.lang = reply.lang ?? "nl";
  const text = document.createElement("p");
  withLinks(text, reply.text);
  entry.append(text);
  const sources = [...new Set((reply.sources ?? []).map((one) => `${one.title || one.document} (${one.date || "datum onbekend"})`))];
  if (sources.length) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Waar staat dit?";
    details.append(summary, ...sources.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    entry.append(details);
  }
  if (reply.buttons?.length) {
    const row = document.createElement("div");
    for (const button of reply.buttons) {
      const element = Object.assign(document.createElement("button"), { type: "button", textContent: button.title });
      element.addEventListener("click", () => say(button.title, { button: button.payload }));
      row.append(element);
    }
    entry.append(row);
  }
  entry.scrollIntoView({ block: "nearest" });
}

async function say(shown, message) {
  const text = document.createElement("p");
  text.textContent = shown;
  item("ouder", "U zei:").append(text);
  status.textContent = "De chatbot zoekt het antwoord.";
  try {
    const turn = await post("bericht", { token, ...message });
    status.textContent = "";
    turn.replies.forEach(showReply);
  } catch (error) {
    status.textContent = `${error.message} Probeer het nog eens, of bel Ouders & Onderwijs: 088 605 01 01.`;
  }
}

async function begin() {
  try {
    const start = await post("gesprek");
    token = start.token;
    showReply({ text: start.opening });
  } catch {
    status.textContent = "De chatbot is nu niet bereikbaar. Bel Ouders & Onderwijs: 088 605 01 01.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  say(text, { text });
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.getElementById("wis").addEventListener("click", async () => {
  await post("wissen", { token }).catch(() => undefined);
  list.replaceChildren();
  await begin();
  box.focus();
});
begin();
