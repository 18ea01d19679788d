// SPDX-License-Identifier: EUPL-1.2
// The line between a page that Gradio draws and this server. When it is cut, or when the session
// ended, Gradio takes its page for dead until it is loaded again, and what was typed is lost. Here
// it only hears that this one send failed: the page says why in the town's words, and goes on.

import { hide, say, words } from "/ui/notice.js";

const EVENTS = /\/gradio_api\/queue\/(join|data)$/;
const plainly = window.fetch.bind(window);
let isDown = false;

window.fetch = async (target, options) => {
  const address = new URL(target instanceof Request ? target.url : target, location.href);
  const kind = EVENTS.exec(address.pathname)?.[1];
  if (!kind) return plainly(target, options);
  if (kind === "join") document.dispatchEvent(new Event("greffier:sent"));
  try {
    const answer = await plainly(target, options);
    if (kind === "join") return await joined(answer);
    return answer.ok ? stream(whole(answer.body)) : stream(spoken(await why(answer)));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const cut = { message: words.cut };
    tell(cut);
    return kind === "join" ? Response.json({ detail: words.cut }, { status: 500 }) : stream(spoken(cut));
  }
};

async function joined(answer) {
  if (answer.ok) hush();
  else tell(await why(answer.clone()));
  return answer;
}

async function why(answer) {
  try {
    return { message: (await answer.json()).detail ?? words.cut, refused: answer.status };
  } catch {
    return { message: words.cut };
  }
}

// -- what Gradio's page hears

const encoder = new TextEncoder();
const message = (told) => encoder.encode(`data: ${JSON.stringify(told)}\n\n`);
const failed = (told) => message({ msg: "unexpected_error", success: false, ...told });
const stream = (body) => new Response(body, { headers: { "Content-Type": "text/event-stream" } });

function spoken(told) {
  tell(told);
  return new ReadableStream({
    start(line) {
      line.enqueue(failed(told));
      line.enqueue(message({ msg: "close_stream" }));
      line.close();
    },
  });
}

// A stream that always says how it ends, and whose failures are told in our words.
function whole(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let isClosed = false;

  function passed(told) {
    if (told.includes('"close_stream"')) isClosed = true;
    if (!told.includes('"unexpected_error"')) return encoder.encode(`${told}\n\n`);
    const { message: reason, refused } = JSON.parse(told.replace(/^data:/, ""));
    const said = refused ? { message: reason, refused } : { message: words.cut };
    tell(said);
    return failed(said);
  }

  function ended(line) {
    if (!isClosed) {
      const cut = { message: words.cut };
      tell(cut);
      line.enqueue(failed(cut));
      line.enqueue(message({ msg: "close_stream" }));
    }
    line.close();
  }

  return new ReadableStream({
    async pull(line) {
      try {
        for (let isSent = false; !isSent; ) {
          const { done, value } = await reader.read();
          if (done) return ended(line);
          const parts = (rest + value).split("\n\n");
          rest = parts.pop();
          for (const part of parts) line.enqueue(passed(part));
          isSent = parts.length > 0;
        }
      } catch (error) {
        if (error.name === "AbortError" && !isClosed) line.error(error);
        else ended(line);
      }
    },
    cancel: (reason) => reader.cancel(reason).catch(() => {}),
  });
}

// -- what the person reads

function tell({ message: reason, refused }) {
  isDown = true;
  document.dispatchEvent(new Event("greffier:cut"));
  say(reason, { signIn: refused === 401 });
}

function hush() {
  isDown = false;
  hide();
}

// Gradio asks for these when an event failed. While the server cannot be heard, it is not asked what
// to show: the page is let go on from here.
const asking = { "data-phase": "failed" };
const same = { __type__: "update" };

function ended(attributes) {
  const line = document.createElement("p");
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, value);
  line.textContent = words.ended;
  return line.outerHTML;
}

window.greffier = {
  failed: () => (isDown ? new Promise(() => {}) : []),
  agent: () =>
    isDown
      ? [ended(asking), { ...same, interactive: true }, { ...same, visible: false }]
      : [same, same, same],
  auditor: () => (isDown ? ended({ "data-tone": "problem" }) : same),
};
