// Tells how long a text is: by itself, or as the address in data-url counts it (SMS parts).
// The address gets the text by POST, never in a query, and answers {"label": "…", "over": false}.

const PAUSE = 300;
const timers = new WeakMap();

function say(output, label, over) {
  output.textContent = label;
  output.toggleAttribute("data-over", over);
}

async function ask(field, output) {
  const token = field.form?.elements.csrfmiddlewaretoken?.value ?? "";
  try {
    const answer = await fetch(field.dataset.url, {
      method: "POST",
      body: new URLSearchParams({ text: field.value }),
      headers: { "X-CSRFToken": token },
    });
    if (!answer.ok) throw new Error(answer.status);
    const { label, over } = await answer.json();
    say(output, label, Boolean(over));
  } catch {
    say(output, "", false);
  }
}

function count(field, output) {
  const max = field.maxLength;
  const long = [...field.value].length;
  const words = max > 0 ? output.dataset.textMax : output.dataset.text;
  say(output, words.replace("{count}", long).replace("{max}", max), max > 0 && long >= max);
}

function update(field) {
  const output = document.getElementById(field.dataset.counter);
  if (!output) return;
  clearTimeout(timers.get(field));
  const work = field.dataset.url ? ask : count;
  timers.set(field, setTimeout(() => work(field, output), PAUSE));
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches?.("[data-counter]")) update(event.target);
  });
}

const start = (root) => root.querySelectorAll("[data-counter]").forEach(update);
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
