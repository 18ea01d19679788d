// SPDX-License-Identifier: EUPL-1.2
// Records a question, sends it to this machine, and writes what was understood in the box, to be
// confirmed. The recording stays in memory and is dropped as soon as it was sent.

const LONGEST_SECONDS = 45;

export function offerMicrophone(place, words, silence) {
  // a browser gives the microphone to https and to the machine itself only
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words.speak;
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  place.append(button, line);

  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    silence();
    try {
      recorder = await record((audio) => send(audio, place.dataset));
    } catch {
      line.textContent = words.no_microphone;
      return;
    }
    button.textContent = words.finish;
    line.textContent = words.listening;
    recorder.heard.then(({ heard, urgent }) => {
      place.querySelector(".urgent")?.remove();
      line.insertAdjacentHTML("beforebegin", urgent ?? ""); // whom to call, at once: it is an alert
      line.textContent = heard
        ? words.understood.replace("{words}", heard)
        : words.unheard;
      if (heard) {
        const box = document.querySelector("#question");
        box.value = heard;
        box.focus();
      }
    });
    recorder.stopped.then(() => {
      recorder = null;
      button.textContent = words.speak;
      line.textContent = words.working;
    });
  });
}

async function record(sendIt) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 48000 });
  const parts = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  const stopped = new Promise((done) => recorder.addEventListener("stop", done));
  const heard = stopped.then(() => {
    for (const track of stream.getTracks()) track.stop();
    return sendIt(new Blob(parts.splice(0), { type: recorder.mimeType }));
  });
  recorder.start();
  const limit = setTimeout(() => recorder.state === "recording" && recorder.stop(), LONGEST_SECONDS * 1000);
  stopped.then(() => clearTimeout(limit));
  return { stop: () => recorder.stop(), stopped, heard };
}

async function send(audio, { token, to }) {
  try {
    const answer = await fetch(to, {
      method: "POST",
      headers: { "X-Token": token },
      body: audio,
    });
    return answer.ok ? await answer.json() : { heard: "" };
  } catch {
    return { heard: "" };
  }
}
