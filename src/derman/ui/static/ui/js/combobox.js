// <select data-combobox> becomes filter-as-you-type (ARIA combobox with a listbox).
// The select stays the field that is sent.

import { find, read } from "./matching.js";

const make = (tag, attributes) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

class Combobox {
  constructor(select) {
    const id = select.id;
    this.select = select;
    this.choices = read(select);
    this.box = make("div", { class: "combobox" });
    this.input = make("input", {
      id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    for (const name of ["aria-describedby", "aria-invalid", "placeholder", "data-key", "autofocus"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    this.input.required = select.required;
    this.list = make("ul", { id: `${id}-list`, role: "listbox", hidden: "" });
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`)?.textContent ?? "");
    select.id = `${id}-select`;
    select.hidden = true;
    select.required = false;
    select.before(this.box);
    this.box.append(this.input, this.list, select);
    this.show();
    this.input.addEventListener("input", () => this.open(find(this.choices, this.input.value)));
    this.input.addEventListener("click", () => this.open(this.choices));
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
    this.list.replaceChildren(...this.found.map(({ group, text }, index) => {
      const item = make("li", { role: "option", id: `${this.input.id}-${index}`, "aria-selected": "false" });
      item.append(text, ...(group ? [Object.assign(make("small", {}), { textContent: group })] : []));
      return item;
    }));
    this.list.hidden = !this.found.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(this.input.value && this.found.length ? 0 : -1);
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.input.id}-${index}`);
  }

  shut() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  take(choice) {
    this.select.value = choice?.option.value ?? "";
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.shut();
  }

  leave() {
    if (this.list.hidden) return;
    if (!this.input.value.trim()) this.take(null);
    else if (this.at >= 0) this.take(this.found[this.at]);
    else this.shut();
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
      if (this.list.hidden) this.open(this.choices);
      else this.mark((this.at + step + this.found.length) % this.found.length);
    } else if (event.key === "Enter" && !this.list.hidden && !event.ctrlKey) {
      if (this.at >= 0) this.take(this.found[this.at]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.shut();
      this.show();
    } else return;
    event.preventDefault();
  }
}

document.querySelectorAll("select[data-combobox]").forEach((select) => new Combobox(select));
