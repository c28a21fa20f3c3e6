// The report of a visit: kept on the phone first, then sent. What was kept comes back into the form.

import { keepDraft, read } from "./draft.js";
import { collect } from "./photos.js";
import * as store from "./store.js";

function newMark() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function fill(form, kept) {
  for (const [name, value] of Object.entries(kept.fields)) {
    const field = form.elements[name];
    if (field && field.type !== "checkbox") field.value = value;
  }
  const answers = form.elements.answers;
  if (answers) answers.checked = "answers" in kept.fields;
}

// The very same words and photos may have arrived before, unheard: then they keep their mark.
function isSame(one, other) {
  const said = ({ fields, photos }) =>
    JSON.stringify([fields, photos.map(({ name, data }) => [name, data.size])]);
  return Boolean(other) && said(one) === said(other);
}

function firstMissing({ elements }, fields) {
  if (!fields.result) return elements.result[0];
  return fields.result === "missed" || fields.finding?.trim() ? null : elements.finding;
}

export async function start(form, send, failed) {
  const photos = collect(form);
  const missing = form.querySelector("[data-missing]");
  const [sent, draft] = await Promise.all([
    store.report(form.dataset.report),
    store.draft(form.dataset.report),
  ]);
  const kept = draft ?? sent;
  if (kept) {
    fill(form, kept);
    photos.set(kept.photos);
  }
  const endDraft = keepDraft(form, photos);
  let isBusy = false; // of two taps the first counts
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = read(form);
    const lacks = firstMissing(form, fields);
    missing.hidden = !lacks;
    missing.textContent = lacks ? missing.dataset.missing : "";
    if (lacks) return lacks.focus();
    if (isBusy) return;
    isBusy = true;
    const said = { fields, photos: await photos.get() };
    const one = {
      ...said,
      visit: form.dataset.report,
      mark: isSame(said, sent) ? sent.mark : newMark(),
      url: location.pathname,
      number: form.dataset.number,
      state: "waiting",
    };
    try {
      await store.keep(one);
    } catch {
      isBusy = false;
      return failed();
    }
    await endDraft();
    sessionStorage.removeItem(`derman.draft.${form.dataset.draft}`); // it lies in one place only
    send(one, () => form.remove());
  });
}
