// The error summary takes focus, also after a partial update, and its links lead into the field.

function focusSummary(root) {
  const summary = root.querySelector(".error-summary");
  if (summary) summary.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const place = field.closest(".field") || field;
  place.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

document.addEventListener("htmx:load", ({ target }) => {
  if (target !== document.body) focusSummary(target.parentElement ?? target);
});

if (document.querySelector(".error-summary")) {
  document.title = `! ${document.title}`;
  focusSummary(document);
}
