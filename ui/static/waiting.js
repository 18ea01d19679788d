// SPDX-License-Identifier: EUPL-1.2
// The seconds that a question has taken so far, beside what is read now; after some seconds of
// reading, how long it usually takes, which the page tells for each moment. Without this script the
// page says the same, without seconds.

let turn = "";
let sent = 0;
let since = 0;
let read = 0; // since when it is read: whoever waits for others has an estimate from 0 s on

document.addEventListener("greffier:sent", () => (sent = performance.now()));

setInterval(() => {
  const places = document.querySelectorAll(".reply .waiting .seconds");
  const line = document.querySelector(".status [data-turn]");
  if (!places.length || !line) return;
  if (line.dataset.turn !== turn) {
    turn = line.dataset.turn;
    read = since = sent || performance.now();
  }
  const seconds = Math.floor((performance.now() - since) / 1000);
  for (const place of places) place.textContent = `${seconds}\u202fs`;
  const told = [...document.querySelectorAll(".reply .estimate")];
  if (told.some((one) => one.dataset.after === "0")) read = performance.now();
  const ran = (performance.now() - read) / 1000;
  const now = told.findLast((one) => ran >= Number(one.dataset.after));
  for (const one of told) one.hidden = one !== now;
}, 250);
