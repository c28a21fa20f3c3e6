// The call page: where the cursor goes when a part of the page changed, and the topic tree.
// Everything else is htmx's or the browser's own; without scripts the buttons do the same.

const call = () => document.getElementById("call");

function focusNext(who) {
  const first = who.querySelector(".candidate");
  if (first) first.focus();
  else if (document.activeElement === document.body) {
    who.querySelector("[name=relation]:checked, [name=name]")?.focus();
  }
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "who") focusNext(target);
});

function growTree() {
  const tree = document.querySelector("[data-tree]");
  if (tree) tree.hidden = false;
}

document.addEventListener("click", ({ target }) => {
  const leaf = target.closest("[data-topic]");
  if (!leaf) return;
  const select = call().querySelector("select[name=topic]");
  select.value = leaf.dataset.topic;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  leaf.closest("[data-tree]").open = false;
  document.getElementById("id_description").focus();
});

// A draft that came back after a reload: the customer is looked up again.
document.addEventListener("DOMContentLoaded", () => {
  growTree();
  const lookup = document.getElementById("id_lookup");
  if (!lookup || "bound" in call().dataset) return;
  for (const field of [lookup, call().querySelector("select[name=topic]")]) {
    if (field?.value) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
