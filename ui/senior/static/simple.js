// SPDX-License-Identifier: EUPL-1.2
// What a script can add to the simple page: the voice, the microphone, a button to print, and the
// rest of a tablet that everybody uses. Without it the page works all the same.

import { offerVoice, silence } from "./voice.js";
import { offerMicrophone } from "./microphone.js";
import { watchRest } from "./rest.js";

const words = JSON.parse(document.querySelector('meta[name="greffier-words"]').content);

for (const place of document.querySelectorAll(".voice")) offerVoice(place, words);
for (const place of document.querySelectorAll(".dictation")) {
  offerMicrophone(place, words, silence);
}
for (const place of document.querySelectorAll(".printing")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words.print;
  button.addEventListener("click", () => window.print());
  place.append(button);
}
const rest = Number(document.body.dataset.rest);
if (rest) watchRest(rest, words);
