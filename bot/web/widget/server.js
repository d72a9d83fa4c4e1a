// Talks with the channel of the server. Every way in which that can fail becomes one Failure with a kind.

const TIME_LIMIT = 20_000;

export class Failure extends Error {
  // kind: "offline", "unreachable", "crowded", "unknown" (the server does not know this conversation) or "broken".
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const KINDS = { 403: "unknown", 429: "crowded" };

export async function post(base, path, body = {}) {
  let answer;
  try {
    answer = await fetch(`${base}/webhooks/website/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
  } catch {
    throw new Failure(navigator.onLine ? "unreachable" : "offline");
  }
  if (!answer.ok) throw new Failure(KINDS[answer.status] ?? "broken");
  return answer.json().catch(() => {
    throw new Failure("broken");
  });
}

// crypto.randomUUID is missing on plain http, where some people try the widget first.
export function messageId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
