// SPDX-License-Identifier: EUPL-1.2
// Proposals by one key each, while the focus is on their buttons: elsewhere a letter stays a letter.

const form = document.querySelector("form[data-keys]");

for (const one of form?.querySelectorAll("[data-key]") ?? []) {
  one.setAttribute("aria-keyshortcuts", one.getAttribute("data-key"));
}

form?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const wanted = form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

// In the form of an answer, Ctrl and Enter send it from wherever one writes.
const answer = document.querySelector("form.validate");
answer?.querySelector("[type=submit]")?.setAttribute("aria-keyshortcuts", "Control+Enter");
answer?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) answer.requestSubmit();
});
