// SPDX-License-Identifier: EUPL-1.2
// Reads aloud with voices of this device, each sentence in its own language. A voice that would
// send the text elsewhere (`localService` is false) is never used: the server's robot stays.

const SPEEDS = { slower: 0.7, normal: 0.9, faster: 1.15 };
const SENTENCE_END = /[.!?:…]["»”)]*$/;
const BLOCKS = "p, li, h2, h3, blockquote, label, button, div";
let readers = [];

export function silence() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  for (const reader of readers) reader.rest();
  for (const audio of document.querySelectorAll("audio")) audio.pause();
}

export function offerVoice(place, words) {
  for (const robot of place.querySelectorAll(".robot")) offerSpeed(robot, words);
  if (!("speechSynthesis" in window)) return;
  const offer = () => {
    if (place.dataset.built || !elementsOf(place).some((element) => voiceFor(languageOf(element)))) return;
    place.dataset.built = "yes";
    build(place, words);
  };
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer); // they may come late
}

function voiceFor(language) {
  const wanted = language.toLowerCase().split("-")[0];
  return speechSynthesis
    .getVoices()
    .find((known) => known.localService && known.lang.toLowerCase().split(/[-_]/)[0] === wanted);
}

function languageOf(element) {
  return element.closest("[lang]").lang;
}

function elementsOf(place) {
  return [...document.querySelectorAll(place.dataset.reads)];
}

function speedChoice(words) {
  const speed = document.createElement("select");
  speed.setAttribute("aria-label", words.speed);
  for (const name of Object.keys(SPEEDS)) speed.add(new Option(words[name], name));
  speed.value = "normal";
  return speed;
}

function offerSpeed(robot, words) {
  const audio = robot.querySelector("audio");
  const speed = speedChoice(words);
  speed.addEventListener("change", () => {
    audio.defaultPlaybackRate = SPEEDS[speed.value] / SPEEDS.normal;
    audio.playbackRate = audio.defaultPlaybackRate;
  });
  robot.append(speed);
}

function build(place, words) {
  place.querySelector(".robot")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  const speed = speedChoice(words);
  place.append(button, speed);

  const reader = {
    turn: 0,
    isReading: false,
    rest() {
      reader.turn += 1; // what is still being said belongs to a turn that is over
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
    if (wasReading) return;
    reader.isReading = true;
    button.textContent = words.stop;
    const pieces = elementsOf(place).flatMap(inWords);
    read(reader, reader.turn, sentencesOf(pieces), SPEEDS[speed.value], words);
  });
}

// One sentence after the other: an engine that stops in a long text stops in none of them.
function read(reader, turn, left, rate, words) {
  if (reader.turn !== turn) return;
  const sentence = left.shift();
  if (!sentence) {
    reader.rest();
    return;
  }
  let text = "";
  for (const piece of sentence) {
    piece.start = text.length;
    text += `${piece.closest(".placeholder") ? words.hidden_word : piece.textContent} `;
  }
  const voice = voiceFor(languageOf(sentence[0]));
  const said = new SpeechSynthesisUtterance(voice ? text : inFrench(sentence[0]));
  said.voice = voice ?? voiceFor("fr");
  said.lang = said.voice.lang;
  said.rate = rate;
  const mark = (now) => {
    if (reader.turn !== turn) return;
    for (const shown of document.querySelectorAll(".word-now")) shown.classList.remove("word-now");
    now?.classList.add("word-now");
  };
  said.addEventListener("boundary", (event) =>
    mark(sentence.filter((piece) => piece.start <= event.charIndex).pop()),
  );
  said.addEventListener("end", () => read(reader, turn, left, rate, words));
  said.addEventListener("error", () => reader.turn === turn && reader.rest());
  speechSynthesis.speak(said);
}

// What must be said before an answer is said in French, as the answer is, where this device has no
// voice for the language of the page.
function inFrench(piece) {
  return piece.closest("[data-in-french]")?.dataset.inFrench ?? "";
}

// Words, cut where a sentence, its paragraph or its language ends; a language without a voice on
// this device is left out.
function sentencesOf(pieces) {
  const all = [];
  let last = null;
  for (const piece of pieces) {
    const goesOn =
      last &&
      !SENTENCE_END.test(last.textContent) &&
      last.closest(BLOCKS) === piece.closest(BLOCKS) &&
      languageOf(last) === languageOf(piece);
    if (!goesOn) all.push([]);
    all[all.length - 1].push(piece);
    last = piece;
  }
  return all.filter(
    (sentence) => voiceFor(languageOf(sentence[0])) || (inFrench(sentence[0]) && voiceFor("fr")),
  );
}

// Puts each word of an element in a span of its own, once, and returns the spans.
function inWords(element) {
  if (!element.dataset.inWords) {
    element.dataset.inWords = "yes";
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest("[aria-hidden=true], [role=img]")) {
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
