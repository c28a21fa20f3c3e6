// Keeps what is typed in <form data-draft="key"> through a reload, in this tab only.
// Cleared when the form was sent and the next page has no complaint about it, and at sign-out.
// Never keeps passwords, codes, files or hidden fields.

const PREFIX = "derman.draft.";
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "search"]);
const opened = performance.getEntriesByType("navigation")[0]?.type ?? "navigate";

function kept(field) {
  if (!field.name || NEVER.has(field.type) || "secret" in field.dataset) return false;
  return !(field.autocomplete || "").includes("one-time-code");
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function write(form, sent = false) {
  const values = [...form.elements].filter(kept).map((field) => {
    const choice = field.type === "checkbox" || field.type === "radio";
    return [field.name, choice ? field.value : null, choice ? field.checked : field.value];
  });
  try {
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ values, sent }));
  } catch {
    // Storage is full or forbidden: the form works, it only forgets.
  }
}

function restore(form, values) {
  const seen = {}; // fields of one name follow each other
  for (const [name, option, value] of values) {
    const fields = [...form.elements].filter((field) => field.name === name && kept(field));
    if (option === null) seen[name] = (seen[name] ?? -1) + 1;
    const field = option === null ? fields[seen[name]] : fields.find((one) => one.value === option);
    if (!field) continue;
    if (option !== null) field.checked = value;
    else if (!field.value || field.localName === "select") field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function clear(keep = () => false) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX) && !keep(name.slice(PREFIX.length))) {
      sessionStorage.removeItem(name);
    }
  }
}

function start(form) {
  const key = form.dataset.draft;
  const draft = read(key);
  const failed = form.querySelector("[aria-invalid='true']") || "bound" in form.dataset;
  if (draft?.sent && opened === "navigate" && !failed) sessionStorage.removeItem(PREFIX + key);
  else if (draft && !failed) restore(form, draft.values);
}

// A page that did not take the form (expired, too large, broken) keeps everything.
if (!("keepDrafts" in document.body.dataset)) {
  const here = [...document.querySelectorAll("form[data-draft]")];
  const keys = new Set(here.map((form) => form.dataset.draft));
  clear((key) => keys.has(key) || !read(key)?.sent);
  here.forEach(start);
}

// A form that came with a partial update.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  target.querySelectorAll?.("form[data-draft]").forEach(start);
});

let waiting;
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target: { form } }) => {
    if (!form || !("draft" in form.dataset)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => write(form), 250);
  });
}
document.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if ("clearsDrafts" in event.target.dataset) clear();
  else if ("draft" in event.target.dataset) write(event.target, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if ("keepsDraft" in event.target.dataset) return; // a look-up sends nothing for good
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.detail.successful) sessionStorage.removeItem(PREFIX + form.dataset.draft);
});
