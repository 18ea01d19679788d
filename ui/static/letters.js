// SPDX-License-Identifier: EUPL-1.2
// The page of letters: a file may be dropped on its form, answers come into the same page one by
// one, and the name of who wrote, which this page alone knows, is written into the draft. Without
// this script the answers come on a page of their own, and the name is typed into the draft.

import { say, words } from "/ui/notice.js";

const PIECE = /<!--piece-->([\s\S]*?)<!--end-->/g;

for (const form of document.querySelectorAll("form[data-drop]")) {
  const file = form.querySelector("input[type=file]");
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return; // dropped words go where they are dropped
    event.preventDefault();
    file.files = event.dataTransfer.files;
    file.focus();
  });
}

const correspondent = document.querySelector("#correspondent");

function nameIn(draft) {
  const blank = draft.dataset.written || draft.dataset.name;
  const name = correspondent?.value.trim() || draft.dataset.name;
  if (blank === name) return;
  draft.value = draft.value.replace(blank, () => name);
  draft.dataset.written = name;
}

correspondent?.addEventListener("input", () => {
  const draft = document.querySelector("#draft");
  if (draft) nameIn(draft);
});

function put(place, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // made by our own server, every word of others escaped
  const draft = holder.content.querySelector("#draft");
  place.append(holder.content);
  if (draft) {
    nameIn(draft);
    place.querySelector("#ready")?.focus();
  }
}

async function answers(form, place) {
  const sent = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (!sent.ok || sent.redirected || !sent.body) return false;
  const reader = sent.body.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  let isWhole = false;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return isWhole;
    heard += value;
    let end = 0;
    for (const piece of heard.matchAll(PIECE)) {
      put(place, piece[1]);
      isWhole = piece[1].includes('id="draft"');
      end = piece.index + piece[0].length;
    }
    heard = heard.slice(end);
  }
}

// `pages.js` says that it is under way and keeps a second click from sending again.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-answers]");
  const place = form && document.getElementById(form.dataset.answers);
  if (!place || form.getAttribute("aria-busy") === "true") return;
  event.preventDefault();
  place.replaceChildren();
  let isDone = false;
  try {
    isDone = await answers(form, place);
  } catch {
    // the line was cut: said below
  }
  form.removeAttribute("aria-busy");
  form.querySelector(".busy")?.remove();
  if (!isDone) say(words.cut);
});
