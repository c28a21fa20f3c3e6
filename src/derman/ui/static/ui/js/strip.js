// Where the views do not fit, begin where the reader is: on a phone they are pushed sideways.
const pane = document.querySelector(".pane-views");
const current = pane?.querySelector('[aria-current="page"]');
if (current) {
  pane.scrollLeft = current.offsetLeft - pane.offsetLeft - (pane.clientWidth - current.offsetWidth) / 2;
  pane.scrollTop = current.offsetTop - pane.offsetTop - (pane.clientHeight - current.offsetHeight) / 2;
}
