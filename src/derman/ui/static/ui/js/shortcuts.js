// Single keys from data-key on links, buttons and fields; "g m" is one after the other.
// `?` opens the sheet, which has the switch. Never while typing, never with Ctrl, Alt or AltGr.

const OFF = "derman.keys";
const PATIENCE = 1200;
const sheet = document.getElementById("keys");
const root = document.documentElement;
let pressed = "";
let timer;

root.dataset.keys = localStorage.getItem(OFF) === "off" ? "off" : "on";

const typing = (target) =>
  target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const name = (key) => key.replace("İ", "i").toLowerCase();

function press(element) {
  if ("sheet" in element.dataset) return openSheet();
  element.focus(); // a menu that a key opened is gone through, and shut, by keys
  if (element.matches("input, textarea, select")) element.select?.();
  else element.click();
}

function seen(element) {
  return element.getClientRects().length > 0 || "sheet" in element.dataset;
}

function single(event) {
  const key = name(event.key);
  if (key.length !== 1 || event.repeat) return;
  const wanted = (pressed ? `${pressed} ` : "") + key;
  const all = [...document.querySelectorAll("[data-key]")].filter(seen);
  const found = all.find((element) => element.dataset.key === wanted);
  clearTimeout(timer);
  pressed = "";
  if (found) {
    event.preventDefault();
    press(found);
  } else if (all.some((element) => element.dataset.key.startsWith(`${wanted} `))) {
    pressed = wanted;
    timer = setTimeout(() => (pressed = ""), PATIENCE);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form;
    if (form && form.method === "post") {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (modified || event.getModifierState("AltGraph") || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (root.dataset.keys === "on" || event.key === "?") single(event);
});

function entry(label, keys) {
  const line = document.createElement("div");
  const term = document.createElement("dt");
  const place = document.createElement("dd");
  term.textContent = label;
  for (const key of keys) place.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  line.append(term, place);
  return line;
}

function label(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".count").forEach((count) => count.remove());
  const words = element.dataset.keyLabel || element.getAttribute("aria-label") || copy.textContent;
  return words.trim().replace(/\s+/g, " ");
}

function openSheet() {
  const list = sheet.querySelector("[data-keys-list]");
  const lines = [...document.querySelectorAll("[data-key]")].filter(seen).map((element) =>
    entry(label(element), element.dataset.key.split(" ")),
  );
  if (document.querySelector("[data-list]")) {
    lines.push(entry(list.dataset.next, ["j"]), entry(list.dataset.previous, ["k"]));
  }
  list.replaceChildren(...lines, entry(list.dataset.sender, ["Ctrl", "Enter"]));
  sheet.querySelector("[data-keys-switch]").checked = root.dataset.keys === "on";
  sheet.showModal();
}

for (const button of document.querySelectorAll("[data-sheet]")) {
  button.hidden = false;
  button.addEventListener("click", openSheet);
}
sheet?.querySelector("[data-keys-switch]").addEventListener("change", (event) => {
  root.dataset.keys = event.target.checked ? "on" : "off";
  localStorage.setItem(OFF, root.dataset.keys);
});
