// A short word at the bottom when a partial update fails, or when a page asks for one by
// the event `derman:say` with {text}.

const place = document.querySelector(".toasts");

function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  place.replaceChildren(toast);
  setTimeout(() => toast.remove(), 8000);
}

if (place) {
  document.addEventListener("htmx:responseError", () => say(place.dataset.failed));
  document.addEventListener("htmx:sendError", () => say(place.dataset.offline));
  document.addEventListener("htmx:timeout", () => say(place.dataset.offline));
  document.addEventListener("derman:say", (event) => say(event.detail.text));
}
