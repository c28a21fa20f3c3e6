// <select data-combobox> becomes filter-as-you-type (ARIA combobox with a listbox).
// The select stays the field that is sent.

import { draw, field, find, make, read } from "./choices.js";

class Combobox {
  constructor(select) {
    const id = select.id;
    const held = document.activeElement === select; // hiding it would drop the focus
    this.select = select;
    this.choices = read(select);
    this.input = field(select);
    const label = document.querySelector(`label[for="${id}"]`)?.textContent ?? "";
    this.list = make("ul", { id: `${id}-list`, role: "listbox", hidden: "", "aria-label": label });
    Object.assign(select, { id: `${id}-select`, hidden: true, required: false });
    const box = make("div", { class: "combobox" });
    select.before(box);
    box.append(this.input, this.list, select);
    this.show();
    if (held) this.input.focus({ preventScroll: true });
    this.input.addEventListener("input", () => this.open(find(this.choices, this.input.value)));
    this.input.addEventListener("click", () => this.all());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => this.point(event));
    select.addEventListener("change", () => this.show());
  }

  show() {
    this.input.value = this.select.value ? this.select.selectedOptions[0].label : "";
  }

  open(found) {
    this.found = found.slice(0, 50);
    this.list.replaceChildren(...this.found.map((choice, i) => draw(choice, `${this.input.id}-${i}`)));
    this.unfold(this.found.length > 0);
    this.mark(this.found.length && this.input.value ? 0 : -1);
  }

  all() {
    this.open(this.choices);
    this.mark(this.found.findIndex(({ option }) => option.selected));
  }

  unfold(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.input.id}-${index}`);
  }

  take(choice) {
    const value = choice?.option.value ?? "";
    if (value !== this.select.value) {
      this.select.value = value;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    } else this.show();
    this.unfold(false);
    this.mark(-1);
  }

  leave() {
    if (!this.list.hidden) this.take(this.input.value.trim() ? this.found[this.at] : null);
    this.show();
  }

  point(event) {
    event.preventDefault();
    const index = [...this.list.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) this.take(this.found[index]);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (this.list.hidden) this.all();
      else this.mark((Math.max(this.at + step, step - 1) + this.found.length) % this.found.length);
    } else if (event.key === "Enter" && !this.list.hidden && !event.ctrlKey) {
      if (this.at >= 0) this.take(this.found[this.at]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.unfold(false);
      this.show();
    } else return;
    event.preventDefault();
  }
}

function start(root) {
  const selects = root.querySelectorAll("select[data-combobox]:not([hidden])");
  selects.forEach((select) => new Combobox(select));
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
