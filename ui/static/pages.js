// SPDX-License-Identifier: EUPL-1.2
// The plain pages of the workspace: they work without this; it says that a long send is under way,
// and keeps a double click from sending twice.

import "/ui/kept.js";
import "/ui/letters.js";
import "/ui/proposed.js";
import "/ui/take.js";

document.querySelector("#done")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = form.getAttribute("data-busy");
  if (!words) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const told = document.createElement("p");
  told.className = "busy";
  told.setAttribute("role", "status");
  form.append(told);
  requestAnimationFrame(() => (told.textContent = words));
});

// Back from the answer: the browser shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    form.removeAttribute("aria-busy");
    form.querySelector(".busy")?.remove();
  }
});
