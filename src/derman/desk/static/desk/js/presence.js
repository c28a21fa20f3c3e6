// <… data-presence> asks the server every ten seconds who else is here, and says whether somebody
// types in a form of this page. Rests while nobody looks; is silent and slows down while the server
// does not answer.

const EVERY = 10000;
const PAUSE = 15000; // ms without a key until typing counts as over
const SLOWEST = 8;

function start(place) {
  const typing = place.querySelector("[name=typing]");
  let slow = 1;
  let last = 0;

  function look() {
    if (typing.value && Date.now() - last > PAUSE) typing.value = "";
    if (!document.hidden) place.dispatchEvent(new CustomEvent("look"));
    setTimeout(look, EVERY * slow);
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.closest(".verb-form")) return;
    last = Date.now();
    if (typing.value) return;
    typing.value = "1";
    place.dispatchEvent(new CustomEvent("look"));
  });
  place.addEventListener("htmx:afterRequest", ({ detail }) => {
    slow = detail.successful ? 1 : Math.min(slow * 2, SLOWEST);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    place.addEventListener(name, (event) => event.stopPropagation());
  }
  setTimeout(look, EVERY);
}

document.querySelectorAll("[data-presence]").forEach(start);
