// SPDX-License-Identifier: EUPL-1.2
// The seconds that a question has taken so far, beside what is read now; after some of them, how
// long it usually takes, which the page tells. Without this script the page says the same, without seconds.

let turn = "";
let sent = 0;
let since = 0;

document.addEventListener("greffier:sent", () => (sent = performance.now()));

setInterval(() => {
  const places = document.querySelectorAll(".reply .waiting .seconds");
  const line = document.querySelector(".status [data-turn]");
  if (!places.length || !line) return;
  if (line.dataset.turn !== turn) {
    turn = line.dataset.turn;
    since = sent || performance.now();
  }
  const seconds = Math.floor((performance.now() - since) / 1000);
  for (const place of places) place.textContent = `${seconds}\u202fs`;
  for (const usual of document.querySelectorAll(".reply .estimate")) {
    usual.hidden = seconds < Number(usual.dataset.after);
  }
}, 250);
