// The case page: a verb's form opens in the panel and takes focus, Escape puts it away; a text
// to start from fills the composer; the offer to undo goes when its time is over.

const panel = document.getElementById("panel");

function firstField(root) {
  const fields = "input:not([type=hidden]), select, textarea";
  return root.querySelector(fields) || root.querySelector(".foot button");
}

// Where the form covers the timeline, the newest of it stands right above: the unit's answer is
// read while its outcome is written.
function showNewest() {
  const foot = panel.closest(".case-foot");
  if (foot && getComputedStyle(foot).position === "sticky") {
    const pane = foot.parentElement;
    pane.scrollTop = pane.scrollHeight;
  }
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const news = target.querySelector?.("[data-news]") ?? document.querySelector("#panel [data-news]");
  if (target === panel) {
    document.querySelector(".upward[open]")?.removeAttribute("open");
    (news || firstField(panel))?.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
    showNewest();
  } else if (news && panel?.contains(news)) news.focus();
  start(document);
});

function shut() {
  const noun = panel.querySelector("form")?.id.replace("form-", "");
  panel.replaceChildren();
  const link = document.querySelector(`[data-verb="${noun}"]`);
  const folded = link?.closest("details:not([open])"); // the menu that it was chosen from
  (folded?.querySelector("summary") ?? link)?.focus();
}

panel?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) shut();
});
panel?.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) shut();
});

function start(root) {
  for (const place of root.querySelectorAll("[data-starters][hidden]")) {
    place.hidden = false;
    place.querySelector("select").addEventListener("change", ({ target }) => {
      const text = document.getElementById(place.dataset.starters);
      text.value = target.value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}

// A composer is one line until somebody writes in it, and stays open from then on.
for (const box of document.querySelectorAll(".case-foot > [data-tabs]")) {
  box.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea")) box.dataset.open = "";
  });
}

const undo = document.querySelector(".undo[data-until]");
if (undo) {
  const left = () => Math.ceil((new Date(undo.dataset.until) - Date.now()) / 1000);
  const place = undo.querySelector("[data-seconds]");
  const count = () => {
    if (left() <= 0) {
      undo.remove();
      document.querySelectorAll(".undo-here").forEach((one) => one.remove());
      return;
    }
    place.textContent = place.dataset.seconds.replace("{n}", left());
    setTimeout(count, 500);
  };
  count();
}

start(document);
