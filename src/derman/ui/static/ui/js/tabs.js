// Turns [data-tabs] (a list of links, then the panels they point to) into real tabs.
// Without scripts both panels stand one under the other.

function choose(tabs, chosen) {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.hash.slice(1)).hidden = !on;
  }
}

function start(box) {
  const list = box.querySelector(".tab-list");
  const tabs = [...list.querySelectorAll("a[href^='#']")];
  list.setAttribute("role", "tablist");
  box.dataset.tabs = "on";
  for (const tab of tabs) {
    const panel = document.getElementById(tab.hash.slice(1));
    tab.id ||= `${panel.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tabs, tab);
      panel.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
      choose(tabs, next);
      next.focus();
    });
  }
  const wrong = tabs.find((tab) => document.querySelector(`${tab.hash} [aria-invalid='true']`));
  choose(tabs, wrong || tabs.find((tab) => tab.hash === location.hash) || tabs[0]);
}

const all = (root) => root.querySelectorAll("[data-tabs]:not([data-tabs='on'])").forEach(start);
all(document);
document.addEventListener("htmx:load", (event) => all(event.target));
