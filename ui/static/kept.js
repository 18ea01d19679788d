// SPDX-License-Identifier: EUPL-1.2
// What was typed in a form is not lost because the session ended or the line is cut: before the form
// leaves, the page asks whether it would be let in. Without this script the server says it, on a
// page of its own.

import { hide, say, words } from "/ui/notice.js";

const hasAccount = document.querySelector(".account-bar form") !== null; // not a demonstration
const asking = new WeakSet();
const sure = new WeakSet();

async function isLetIn() {
  try {
    const answer = await fetch("/compte", { redirect: "manual" });
    if (answer.type !== "opaqueredirect") return true;
    say(words.closed, { signIn: true });
  } catch {
    say(words.cut);
  }
  return false;
}

// Before every other listener: they hear of a form that leaves, once.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const isOurs = hasAccount && form.method === "post" && !form.hasAttribute("data-judge");
    if (!isOurs || sure.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking.has(form)) return;
    asking.add(form);
    const isIn = await isLetIn();
    asking.delete(form);
    if (!isIn) return;
    hide();
    sure.add(form);
    form.requestSubmit(event.submitter);
  },
  true,
);
