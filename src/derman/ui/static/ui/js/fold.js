// <details data-fold="key"> stays as this person left it.

const PREFIX = "derman.fold.";

function start(root) {
  for (const details of root.querySelectorAll("details[data-fold]")) {
    const left = localStorage.getItem(PREFIX + details.dataset.fold);
    if (left) details.open = left === "open";
  }
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches("details[data-fold]")) {
      localStorage.setItem(PREFIX + target.dataset.fold, target.open ? "open" : "shut");
    }
  },
  true,
);
document.addEventListener("htmx:load", (event) => start(event.target));
start(document);
