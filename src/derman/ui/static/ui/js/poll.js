// <… data-poll="/address/" data-every="30"> shows what the address answers, a fragment of ours.
// Rests while nobody looks; says so once and slows down while the server does not answer.

const SLOWEST = 8;

function tell() {
  const text = document.querySelector(".toasts")?.dataset.offline;
  if (text) document.dispatchEvent(new CustomEvent("derman:say", { detail: { text } }));
}

function start(place) {
  const every = Math.max(5, Number(place.dataset.every) || 30) * 1000;
  let slow = 1;

  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.poll, { headers: { "X-Poll": "1" } });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        place.innerHTML = await answer.text();
        slow = 1;
      } catch {
        if (slow === 1) tell();
        slow = Math.min(slow * 2, SLOWEST);
      }
    }
    if (place.isConnected) setTimeout(look, every * slow);
  }

  setTimeout(look, every);
}

function all(root) {
  for (const place of root.querySelectorAll("[data-poll]:not([data-polling])")) {
    place.dataset.polling = "";
    start(place);
  }
}

all(document);
document.addEventListener("htmx:load", (event) => all(event.target));
