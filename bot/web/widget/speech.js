// Reading an answer aloud with the browser's own voices; no button where there are none.
import { button } from "./dom.js";

let speaking = null;

function stop() {
  window.speechSynthesis?.cancel();
  speaking?.();
  speaking = null;
}

export function readAloud(reply, texts) {
  if (!window.speechSynthesis) return null;
  const control = button(texts.read, () => {
    const mine = control.textContent === texts.stopReading;
    stop();
    if (mine) return;
    const words = new SpeechSynthesisUtterance(reply.text);
    words.lang = reply.lang === "nl" ? "nl-NL" : reply.lang;
    words.addEventListener("end", stop);
    words.addEventListener("error", stop);
    speaking = () => (control.textContent = texts.read);
    control.textContent = texts.stopReading;
    window.speechSynthesis.speak(words);
  });
  return control;
}

export { stop as stopReading };
