// SPDX-License-Identifier: EUPL-1.2
// What a screen reader says while a question is answered. The line of the state is replaced several
// times within a blink, and just after the key that asked: of words that come so, a reader loses some,
// the last among them. So a region of its own says a line that stood still, and is emptied again: who
// reads the page meets the line once.

const STILL_MS = 500;
const SAID_MS = 5000;

const region = document.createElement("p");
region.className = "unseen";
region.setAttribute("role", "status");
document.body.append(region);

let seen = "";
let due = 0;

function say(words) {
  region.textContent = words;
  due = setTimeout(() => region.replaceChildren(), SAID_MS);
}

new MutationObserver(() => {
  const line = document.querySelector(".status [data-phase]");
  const now = line ? `${line.dataset.turn} ${line.textContent}` : seen; // away between two drawings
  if (now === seen) return;
  seen = now;
  clearTimeout(due);
  due = setTimeout(say, STILL_MS, line.textContent);
}).observe(document.body, { subtree: true, childList: true, characterData: true });
