// "Use in the reply" puts an article's words into the composer; htmx counts the use.

document.addEventListener("submit", ({ target }) => {
  const field = document.getElementById(target.dataset?.insert);
  if (!field) return;
  const words = target.querySelector("[data-text]").value;
  document.querySelector('a.tab[href="#reply"]')?.click();
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
