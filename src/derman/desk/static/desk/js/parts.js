// Parts of a page that are fetched: <… data-part> tells that it waits, what failed, and how to try
// again. The words are in <template id="part-failed" data-waiting="…">.

const PATIENCE = 400; // ms until a wait is told
const words = document.getElementById("part-failed");

function partOf(event) {
  return event.detail.target?.closest?.("[data-part]");
}

function wait(event) {
  const part = partOf(event);
  if (!part) return;
  part.ariaBusy = "true";
  part.dataset.timer = setTimeout(() => (part.dataset.slow = words.dataset.waiting), PATIENCE);
}

function rest(event) {
  const part = partOf(event);
  if (!part) return;
  clearTimeout(Number(part.dataset.timer));
  delete part.dataset.timer;
  delete part.dataset.slow;
  part.ariaBusy = null;
}

function fail(event) {
  const part = partOf(event);
  if (!part) return;
  const { elt, requestConfig } = event.detail;
  part.replaceChildren(words.content.cloneNode(true));
  part.querySelector("button").addEventListener("click", () => {
    const { verb, path, parameters } = requestConfig;
    window.htmx.ajax(verb, path, { source: elt, target: part, values: parameters });
  });
}

if (words) {
  document.addEventListener("htmx:beforeRequest", wait);
  document.addEventListener("htmx:afterRequest", rest);
  for (const name of ["responseError", "sendError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, fail);
  }
}
