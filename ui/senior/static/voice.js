// SPDX-License-Identifier: EUPL-1.2
// Reads aloud with a French voice of this device. A voice that would send the text elsewhere
// (`localService` is false) is never used: the server's robot voice stays instead.

const SPEEDS = { slower: 0.7, normal: 0.9, faster: 1.15 };
let readers = [];

export function silence() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  for (const reader of readers) reader.rest();
  for (const audio of document.querySelectorAll("audio")) audio.pause();
}

export function offerVoice(place, words) {
  if (!("speechSynthesis" in window)) return;
  const offer = () => {
    const voice = speechSynthesis
      .getVoices()
      .find((known) => known.localService && known.lang.toLowerCase().startsWith("fr"));
    if (voice && !place.querySelector("button")) build(place, words, voice);
  };
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer); // they may come late
}

function build(place, words, voice) {
  place.querySelector(".robot")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  const speed = document.createElement("select");
  speed.setAttribute("aria-label", words.speed);
  for (const name of Object.keys(SPEEDS)) speed.add(new Option(words[name], name));
  speed.value = "normal";
  place.append(button, speed);

  const reader = {
    isReading: false,
    rest() {
      reader.isReading = false;
      button.textContent = words.listen;
      for (const now of document.querySelectorAll(".word-now")) now.classList.remove("word-now");
    },
  };
  reader.rest();
  readers.push(reader);
  button.addEventListener("click", () => {
    const wasReading = reader.isReading;
    silence();
    if (!wasReading) read(reader, button, place.dataset.reads, voice, SPEEDS[speed.value], words);
  });
}

function read(reader, button, selector, voice, rate, words) {
  const pieces = [...document.querySelectorAll(selector)].flatMap(inWords);
  let text = "";
  for (const piece of pieces) {
    piece.start = text.length;
    text += `${piece.textContent} `;
  }
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  said.rate = rate;
  said.addEventListener("boundary", (event) => {
    const now = pieces.findLast((piece) => piece.start <= event.charIndex);
    for (const piece of pieces) piece.classList.toggle("word-now", piece === now);
  });
  said.addEventListener("end", reader.rest);
  said.addEventListener("error", reader.rest);
  reader.isReading = true;
  button.textContent = words.stop;
  speechSynthesis.speak(said);
}

// Puts each word of an element in a span of its own, once, and returns the spans.
function inWords(element) {
  if (!element.dataset.inWords) {
    element.dataset.inWords = "yes";
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest("[aria-hidden=true]")) {
        texts.push(walker.currentNode);
      }
    }
    for (const text of texts) {
      const parts = text.textContent.split(/(\s+)/).filter(Boolean);
      text.replaceWith(...parts.map((part) => (part.trim() ? span(part) : part)));
    }
  }
  return [...element.querySelectorAll(".word")];
}

function span(word) {
  const made = document.createElement("span");
  made.className = "word";
  made.textContent = word;
  return made;
}

addEventListener("pagehide", silence);
document.addEventListener("visibilitychange", () => document.hidden && silence());
