// SPDX-License-Identifier: EUPL-1.2
// A tablet that everybody uses: when nobody touches it, it asks, then erases and starts again.
// The page of the question, untouched, has nothing to erase and stays as it is.

const ANSWER_SECONDS = 30;

export function watchRest(restSeconds, words) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "rest-title");
  const title = document.createElement("h2");
  title.id = "rest-title";
  title.textContent = words.rest_title;
  const text = document.createElement("p");
  const stay = button(words.rest_stay, "button main");
  const leave = button(words.rest_leave, "button");
  dialog.append(title, text, stay, leave);
  document.body.append(dialog);

  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (!dialog.open) timer = setTimeout(ask, restSeconds * 1000);
  };
  const ask = () => {
    if (isUntouched()) {
      wait();
      return;
    }
    text.textContent = words.rest_text.replace("{seconds}", ANSWER_SECONDS);
    dialog.showModal();
    stay.focus();
    timer = setTimeout(erase, ANSWER_SECONDS * 1000);
  };
  stay.addEventListener("click", () => dialog.close());
  leave.addEventListener("click", erase);
  dialog.addEventListener("close", wait);
  for (const sign of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(sign, wait, { passive: true });
  }
  wait();
}

function erase() {
  const done = document.querySelector('form[action="/simple/done"]');
  if (done) {
    done.submit();
    return;
  }
  location.replace("/simple?kiosk=1");
}

function isUntouched() {
  const box = document.querySelector("#question");
  return Boolean(box) && !box.value && !location.search.includes("lang") && !location.search.includes("size");
}

function button(words, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  return made;
}
