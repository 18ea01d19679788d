// SPDX-License-Identifier: EUPL-1.2
// Two comforts: a run is followed without reloading, and a heavy sending is told before it leaves.
// Without this script every page works: a link looks again, and the server says what is too much.

const EVERY_MS = 2000;

function follow(place) {
  const words = place.querySelector("[role=status]");
  const bar = place.querySelector("progress");
  const ask = async () => {
    let told;
    try {
      const answer = await fetch("/admin/job", { headers: { accept: "application/json" } });
      if (!answer.ok || answer.redirected) return location.reload();
      told = await answer.json();
    } catch {
      return setTimeout(ask, EVERY_MS * 5); // the machine is busy, or the network is away
    }
    if (!told.running) return location.reload();
    if (words.textContent !== told.words) words.textContent = told.words;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    }
    setTimeout(ask, EVERY_MS);
  };
  setTimeout(ask, EVERY_MS);
}

function weigh(form) {
  const bytes = [...form.querySelectorAll("input[type=file]")]
    .flatMap((input) => [...input.files])
    .reduce((sum, file) => sum + file.size, 0);
  const bad = form.querySelector(".bad");
  const isHeavy = bytes > Number(form.dataset.most);
  bad.hidden = !isHeavy;
  bad.textContent = isHeavy ? form.dataset.heavy.replace("{sent}", Math.ceil(bytes / 1e6)) : "";
  return isHeavy;
}

document.querySelectorAll("[data-job]").forEach(follow);
for (const form of document.querySelectorAll("form.deposit")) {
  form.addEventListener("change", () => weigh(form));
  form.addEventListener("submit", (event) => {
    if (weigh(form)) event.preventDefault();
  });
}
// A form goes once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.gone) return event.preventDefault();
    form.dataset.gone = "1";
    setTimeout(() => delete form.dataset.gone, 10000);
  });
}
