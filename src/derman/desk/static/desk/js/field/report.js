// The report of a visit: kept on the phone first, then sent. What was kept comes back into the form.

import { collect } from "./photos.js";
import * as store from "./store.js";

function newMark() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function read(form) {
  const fields = Object.fromEntries(
    [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !["mark", "csrfmiddlewaretoken"].includes(name),
    ),
  );
  return fields;
}

function fill(form, kept) {
  for (const [name, value] of Object.entries(kept.fields)) {
    const field = form.elements[name];
    if (field && field.type !== "checkbox") field.value = value;
  }
  const answers = form.elements.answers;
  if (answers) answers.checked = "answers" in kept.fields;
}

export async function start(form, send, failed) {
  const photos = collect(form);
  const missing = form.querySelector("[data-missing]");
  const kept = await store.report(form.dataset.report);
  if (kept) {
    fill(form, kept);
    photos.set(kept.photos);
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = read(form);
    const isWhole = fields.result === "missed" || (fields.result && fields.finding?.trim());
    missing.hidden = Boolean(isWhole);
    missing.textContent = isWhole ? "" : missing.dataset.missing;
    if (!isWhole) return form.elements.finding.focus();
    const one = {
      visit: form.dataset.report,
      mark: newMark(),
      url: location.pathname,
      number: form.dataset.number,
      fields,
      photos: photos.get(),
      state: "waiting",
    };
    try {
      await store.keep(one);
    } catch {
      return failed();
    }
    sessionStorage.removeItem(`derman.draft.${form.dataset.draft}`); // it lies in one place only
    send(one, () => form.remove());
  });
}
