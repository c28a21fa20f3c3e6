// The choices of a select: read, found by typed words, drawn as options.
// ISPARTA, ısparta, Isparta and İsparta are one word.

export const fold = (text) =>
  text.replace(/[Iıİ]/g, "i").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

export function read(select) {
  return [...select.options].filter((option) => option.value && !option.disabled).map((option) => {
    const group = option.parentElement.label ?? "";
    const words = option.dataset.words ?? "";
    return { option, group, text: option.label, search: fold(`${option.label} ${group} ${words}`) };
  });
}

export function find(choices, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const starts = ({ search }) => words.every((word) => ` ${search}`.includes(` ${word}`));
  const all = choices.filter(({ search }) => words.every((word) => search.includes(word)));
  return [...all.filter(starts), ...all.filter((choice) => !starts(choice))];
}

export function make(tag, attributes) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

const KEPT = /^(aria-describedby|aria-invalid|autofocus|data-key|placeholder|required)$/;

export function field(select) {
  const input = make("input", {
    id: select.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${select.id}-list`,
  });
  for (const { name, value } of select.attributes) {
    if (KEPT.test(name)) input.setAttribute(name, value);
  }
  return input;
}

export function draw({ group, text }, id) {
  const item = make("li", { role: "option", id });
  const small = make("small", {});
  small.textContent = group;
  item.append(text, small);
  return item;
}
