// SPDX-License-Identifier: EUPL-1.2
// What a reader does with what is shown: copy it, print it, say what they think of it.

function tell(button, words) {
  const place = button.closest(".take, form")?.querySelector(".done");
  if (!place) return;
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = words));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text); // the clipboard is only offered to secure addresses
  }
}

function copiedByHand(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.setAttribute("aria-hidden", "true");
  box.style.position = "fixed";
  box.style.opacity = "0";
  document.body.append(box);
  const before = document.activeElement;
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  before?.focus();
  return isDone;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from], [data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const from = button.getAttribute("data-copy-from");
  const text = from ? document.getElementById(from).value : button.getAttribute("data-copy");
  tell(button, button.getAttribute((await copy(text)) ? "data-done" : "data-failed"));
});

// An opinion leaves without the page; without this script the form's address answers with a page.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-judge]");
  if (!form) return;
  event.preventDefault();
  const send = event.submitter ?? form.querySelector("button[type=submit]");
  if (send.disabled) return;
  const buttons = form.querySelectorAll("button[type=submit]");
  const shut = (is) => buttons.forEach((button) => (button.disabled = is));
  const body = new URLSearchParams(new FormData(form, send));
  shut(true);
  let words = form.getAttribute("data-failed");
  let isDone = false;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    if (answer.redirected) {
      words = form.getAttribute("data-closed"); // to the sign-in page
    } else {
      words = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent;
      isDone = answer.ok;
    }
  } catch {
    // the server was closed: said below
  }
  if (isDone) {
    const thanks = document.createElement("p");
    thanks.className = "judged";
    thanks.tabIndex = -1;
    thanks.setAttribute("role", "status");
    thanks.textContent = words;
    const more = form.parentElement.querySelector(":scope > details"); // a word, if they want
    (form.closest("details") ?? form).replaceWith(thanks);
    if (more) more.hidden = false;
    thanks.focus();
    return;
  }
  shut(false);
  tell(send, words);
});
