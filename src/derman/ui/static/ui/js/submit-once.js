// A second press within ten seconds sends nothing twice. The server holds without this, too.

const WAIT = 10000;

function hold(form, button) {
  form.dataset.sent = "yes";
  button?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), WAIT);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || "many" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  else hold(form, event.submitter);
});

// A form that htmx sends: `target` is the form itself, not the preview or the draft inside it.
function sends({ target }) {
  return target instanceof HTMLFormElement && target.method === "post" && !("many" in target.dataset);
}

document.addEventListener("htmx:confirm", (event) => {
  if (sends(event) && event.target.dataset.sent) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (sends(event)) hold(event.target, event.detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const leaving = event.detail.xhr.getResponseHeader("HX-Redirect"); // the next page is on its way
  if (sends(event) && !leaving) release(event.target);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled='true']")) {
    button.removeAttribute("aria-disabled");
  }
}

// Back from the next page the form is fresh again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
