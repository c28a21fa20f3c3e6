// What is being written lies on the phone from the first letter and the first photo on: a page that
// the camera, the browser or a flat battery takes away comes back as it was.

import * as store from "./store.js";

const PAUSE = 250; // ms without a letter

export function read(form) {
  const fields = Object.fromEntries(
    [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !["mark", "csrfmiddlewaretoken"].includes(name),
    ),
  );
  return fields;
}

export function keepDraft(form, photos) {
  const visit = form.dataset.report;
  let waiting;
  let ends = false;
  async function keep() {
    clearTimeout(waiting);
    waiting = 0;
    const [fields, pictures] = [read(form), await photos.get()];
    if (ends) return;
    await store.keepDraft({ visit, fields, photos: pictures }).then(
      () => (form.dataset.kept = pictures.length),
      () => {}, // no room: the tab still holds it
    );
  }
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, PAUSE);
    });
  }
  // The camera takes the page away before the pause is over, and may not bring it back.
  document.addEventListener("visibilitychange", () => waiting && keep());
  return () => {
    ends = true;
    clearTimeout(waiting);
    return store.dropDraft(visit);
  };
}
