// On a phone the views are a strip that is pushed sideways: begin where the reader is.
const pane = document.querySelector(".pane-views");
const current = pane?.querySelector('[aria-current="page"]');
if (current) {
  pane.scrollLeft = current.offsetLeft - pane.offsetLeft - (pane.clientWidth - current.offsetWidth) / 2;
}
