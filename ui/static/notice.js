// SPDX-License-Identifier: EUPL-1.2
// What a page says, at its foot, when it could not be heard: once, until it is closed or all is well.

export const words = JSON.parse(document.querySelector('meta[name="greffier-words"]').content);

const notice = document.createElement("div");
notice.className = "line-notice";
notice.setAttribute("role", "alert");
(document.getElementById("main") ?? document.body).append(notice);

export const hide = () => notice.replaceChildren();

export function say(reason, { signIn = false } = {}) {
  const said = document.createElement("p");
  said.textContent = reason;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.close;
  close.addEventListener("click", hide);
  notice.replaceChildren(said, ...(signIn ? [door()] : []), close);
}

function door() {
  const link = document.createElement("a");
  link.href = "/connexion";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words.signIn;
  return link;
}
