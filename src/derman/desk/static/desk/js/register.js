// The call page: where the cursor goes when a part of the page changed, and the topic tree.
// Everything else is htmx's or the browser's own; without scripts the buttons do the same.

import { fold } from "../../ui/js/choices.js";

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

// Words of an emergency: the page asks at the first of them, before anything is sent.
document.addEventListener("input", ({ target }) => {
  const alarm = document.getElementById("alarm");
  if (!alarm || !["description", "place", "proposal"].includes(target.name)) return;
  const said = ` ${fold(target.value).replace(/[^\p{L}\p{N}]+/gu, " ")}`;
  const phrases = call().dataset.alarm.split("|");
  if (phrases.some((phrase) => phrase && said.includes(` ${phrase}`))) alarm.hidden = false;
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
