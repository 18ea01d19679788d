// SPDX-License-Identifier: EUPL-1.2
// Opens the page of a source in a panel beside the answer (without this script the
// same links open the same pages whole), lets Ctrl + Enter send the question, and sends
// with it what the search is limited to.

import "/ui/aloud.js";
import "/ui/take.js";
import "/ui/waiting.js";

const words = JSON.parse(document.querySelector('meta[name="greffier-words"]').content);

// Gradio writes the browser's language on the page; the words are in the town's.
const root = document.documentElement;
const keep = () => root.lang !== words.language && (root.lang = words.language);
new MutationObserver(keep).observe(root, { attributeFilter: ["lang"] });
keep();

const panel = document.createElement("dialog");
panel.className = "panel";
panel.setAttribute("aria-label", words.title);
const bar = document.createElement("div");
bar.className = "bar";
const alone = document.createElement("a");
alone.target = "_blank";
alone.rel = "noopener";
alone.textContent = words.alone;
const close = document.createElement("button");
close.type = "button";
close.textContent = words.close;
close.addEventListener("click", () => panel.close());
bar.append(alone, close);
const place = document.createElement("div");
place.setAttribute("aria-live", "off");
panel.append(bar, place);
document.body.append(panel);

panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close(); // the shade around it
});
panel.addEventListener("close", () => place.replaceChildren());

async function show(link) {
  alone.href = link.href;
  const page = await read(link.href);
  place.replaceChildren(page);
  if (!panel.open) panel.showModal();
  const picture = place.querySelector(".page-picture");
  const shown = picture ?? place.querySelector("#quote");
  if (shown) shown.focus({ preventScroll: true });
  (shown ?? panel).scrollIntoView({ block: picture ? "start" : "center" });
  if (!shown) panel.scrollTop = 0;
}

async function read(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main.source-page");
    if (main) return document.adoptNode(main);
  } catch {
    // the server was closed: said below
  }
  const failed = document.createElement("p");
  failed.className = "source-page";
  failed.textContent = words.failed;
  return failed;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="/source/"]');
  const wantsTab = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!link || link === alone || wantsTab) return;
  event.preventDefault();
  show(link);
});

// A question leaves once: from the moment that it does, until the page has heard of it, and while its
// answer is written. One that was stopped may end later: the next one need not wait for it.
const PRESSED_MS = 1000; // until it is on its way
const SENT_MS = 30_000; // until the page has heard of it
let shutUntil = 0;
let before = "";
const phase = () => {
  const line = document.querySelector(".status [data-phase]")?.dataset;
  return line ? `${line.turn} ${line.phase}` : "";
};
const shut = (length) => (shutUntil = performance.now() + length);
const isLeaving = () => performance.now() < shutUntil;
const isShut = () => document.querySelector("#send:disabled") !== null || isLeaving();
const heard = new MutationObserver(() => {
  if (phase() !== before) open(); // else, Gradio's own marks
});

function open() {
  shut(0);
  heard.disconnect();
}

function leaves() {
  shut(PRESSED_MS);
  before = phase();
  asked = document.querySelector("#question textarea")?.value ?? "";
  freeing.observe(document.body, { subtree: true, childList: true, characterData: true });
  // Between two drawings the line of the state may be away: a question must leave all the same.
  const place = document.querySelector(".status") ?? document.body;
  heard.observe(place, { subtree: true, childList: true, attributes: true, characterData: true });
}

// What was asked stands above its answer, so that the box is free for what comes next; what was typed
// meanwhile stays, and so does a question that failed.
const ENDED = ["answered", "refused", "stopped"];
const STANDS = new Set(["found", "answering", ...ENDED]);
let asked = "";

function freed() {
  const [turn, state] = phase().split(" ");
  if (!turn || turn === before.split(" ")[0] || !STANDS.has(state)) return;
  freeing.disconnect();
  write(asked, "");
}

function write(from, to) {
  const box = document.querySelector("#question textarea");
  if (box?.value !== from) return;
  box.value = to;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

const freeing = new MutationObserver(freed);

document.addEventListener("greffier:sent", () => isLeaving() && shut(SENT_MS));
document.addEventListener("greffier:cut", () => {
  open();
  if (!ENDED.includes(phase().split(" ")[1])) write("", asked); // it can be sent again
});

function once(event) {
  if (!isShut()) return leaves();
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener(
  "keydown",
  (event) => {
    const isEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    const isPlain = isEnter && !event.ctrlKey && !event.metaKey; // with Ctrl, the button is clicked
    if (isPlain && event.target.closest?.("#question")) once(event);
  },
  true,
);
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.("#send:not(:disabled), .example, #alone, #anyway")) once(event);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (!isSend || !event.target.closest?.("#question")) return;
  event.preventDefault();
  document.querySelector("#send:not(:disabled)")?.click();
});

// A link that opens a question again (`/#question=…`): it is filled in, and a person sends it. The page
// is ready once it says how many documents there are.
const AGAIN = "#question=";

function fillAgain() {
  const box = document.querySelector("#question textarea");
  if (!location.hash.startsWith(AGAIN)) return true;
  if (!box || !document.querySelector(".corpus p")) return false;
  let question = "";
  try {
    question = decodeURIComponent(location.hash.slice(AGAIN.length));
  } catch {
    // a link that was cut: nothing is filled in
  }
  history.replaceState(null, "", location.pathname + location.search); // a reload begins anew
  box.value = question.slice(0, 2000);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  return true;
}

function askedAgain() {
  if (fillAgain()) return;
  const ready = new MutationObserver(() => fillAgain() && ready.disconnect());
  ready.observe(document.body, { subtree: true, childList: true });
}

window.addEventListener("hashchange", askedAgain);
askedAgain();

// Gradio asks for this when a question leaves; the filters are the first of what it sends.
window.greffierLimited = (given) => {
  const form = document.querySelector("#limits");
  const chosen = form ? new URLSearchParams(new FormData(form)) : new URLSearchParams();
  for (const [name, value] of [...chosen]) if (!value) chosen.delete(name);
  return [chosen.toString(), ...given.slice(1)];
};

// A wording of a question that may mean several things: it is asked as if it had been written.
document.addEventListener("click", (event) => {
  const wording = event.target.closest?.("[data-ask]")?.dataset.ask;
  const box = document.querySelector("#question textarea, #question input");
  if (!wording || !box) return;
  box.value = wording;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => document.querySelector("#send:not(:disabled)")?.click());
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "limits") return; // Enter in a filter does not leave the page
  event.preventDefault();
  document.querySelector("#send:not(:disabled)")?.click();
});
