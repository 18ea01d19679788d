// SPDX-License-Identifier: EUPL-1.2
// Given to each part of the auditor's page by Gradio, which defines `element`, `trigger`, `watch`.
// Sends forms and buttons as one event, `act`; shows one view at a time; puts the focus where the
// new words are; says the status once.

const root = document.documentElement;

const send = (fields) => {
  const filter = document.getElementById("filter");
  trigger("act", { ...(filter ? Object.fromEntries(new FormData(filter)) : {}), ...fields });
};

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  send({ ...Object.fromEntries(new FormData(form)), ...form.dataset });
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  root.dataset.opened = button.dataset.index ?? "";
  const drawn = element.closest("#drawn") ? { view: "echantillon" } : {};
  send({ ...drawn, ...button.dataset });
});

if (element.closest("#views")) {
  const links = [...element.querySelectorAll("a")];
  const named = () => {
    const name = location.hash.slice(1);
    if (name === "entree" && document.querySelector("#entry article")) return name;
    if (!name) return "registre";
    const isView = links.some((link) => link.hash === `#${name}`);
    return isView ? name : (root.dataset.view ?? "registre");
  };
  const show = () => {
    root.dataset.view = named();
    for (const link of links) {
      if (link.hash === `#${named()}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const land = () => {
    const isHere = document.getElementById(location.hash.slice(1));
    show();
    if (isHere) return; // the link that skips the banner: the browser goes there
    const index = root.dataset.opened;
    const buttons = index ? [...document.querySelectorAll(`button[data-index="${index}"]`)] : [];
    const titles = [...document.querySelectorAll("h2[tabindex], h3[data-focus]")];
    [...buttons, ...titles].find((place) => place.checkVisibility())?.focus();
  };
  addEventListener("hashchange", land);
  show();
}

if (element.closest("#status")) {
  element.closest("#status").tabIndex = -1; // so that the link that skips the banner leads here
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.querySelector("main")?.append(said);
  let wasBusy = false;
  watch("value", () => {
    const isBusy = element.querySelector("[data-tone]")?.dataset.tone === "busy";
    if (!(isBusy && wasBusy)) said.textContent = element.textContent.trim(); // once, not each step
    wasBusy = isBusy;
  });
} else {
  watch("value", () => {
    // Gradio mends the old page into the new one, and would leave in a form what was typed before
    for (const form of element.querySelectorAll("form")) form.reset();
    const shown = element.querySelector("[data-show]")?.dataset.show;
    if (shown && location.hash !== `#${shown}`) {
      location.hash = shown; // lands on the new words once the view has changed
      return;
    }
    if (shown) scrollTo(0, 0);
    const lost = document.activeElement === document.body && element.querySelector("[data-land]");
    (element.querySelector("[data-focus]") || lost || null)?.focus();
  });
}
