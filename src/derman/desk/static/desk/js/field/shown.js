// What the person sees of what is kept on the phone: each report with where it stands.

import * as store from "./store.js";

const place = document.getElementById("on-phone");
const list = place?.querySelector("ul");
const state = document.getElementById("phone-state");

function line(one) {
  const found = [...list.children].find((item) => item.dataset.visit === one.visit);
  if (found) return found;
  const item = document.createElement("li");
  item.dataset.visit = one.visit;
  list.append(item);
  return item;
}

function part(item, name, text, kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  item.append(made);
  return made;
}

export function show(one, where = one.state) {
  const item = line(one);
  item.dataset.state = where;
  item.replaceChildren();
  part(item, "strong", place.dataset[where]);
  const link = part(item, "a", one.number);
  link.href = one.url;
  if (where !== "arrived") {
    if (one.fields.result === "missed") part(item, "span", place.dataset.missed);
    part(item, "span", one.fields.finding, "said");
    if (one.photos.length) part(item, "span", `${place.dataset.photos}: ${one.photos.length}`, "quiet");
  }
  if (where === "refused") {
    part(item, "span", one.why, "error");
    const button = part(item, "button", place.dataset.delete, "button");
    button.type = "button";
    button.addEventListener("click", async () => {
      await store.drop(one.visit, one.mark);
      item.remove();
      place.hidden = !list.children.length;
    });
  }
  place.hidden = false;
  mark(one.visit, where !== "arrived");
}

export async function showAll() {
  for (const visit of await store.drafts()) mark(visit, true);
  for (const one of await store.reports()) show(one);
}

function mark(visit, isKept) {
  const badge = document.querySelector(`[data-visit="${visit}"] [data-kept]`);
  if (badge) badge.hidden = !isKept;
}

export function tell(how) {
  state.replaceChildren();
  if (how === "ok" || how === "later") return; // each report says where it stands
  const { offline, full, signedOut } = state.dataset;
  state.append({ offline, full }[how] ?? signedOut);
  if (how !== "signed-out") return;
  const link = document.createElement("a");
  link.href = state.dataset.signIn;
  link.textContent = state.dataset.signInText;
  state.append(link);
}
