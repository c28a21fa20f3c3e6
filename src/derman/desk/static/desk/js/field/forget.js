// Signing out leaves nothing of the field pages on the phone; unsent reports are asked about first.

import { countAll, forget } from "./store.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("clearsDrafts" in form.dataset) || form.dataset.forgotten || !("caches" in window)) return;
  event.preventDefault();
  const question = form.dataset.forgetsReports;
  if (question && (await countAll()) && !confirm(question)) return;
  await forget();
  form.dataset.forgotten = "yes";
  form.submit();
});
