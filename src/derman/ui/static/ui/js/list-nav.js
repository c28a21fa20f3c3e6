// j and k walk through the links of [data-list]; arrows do the same while one of them has focus.
// Enter is the link's own. Honours the switch of the key sheet.

const STEP = { j: 1, J: 1, k: -1, K: -1 };
const ARROW = { ArrowDown: 1, ArrowUp: -1 };

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] a[data-row]")];
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement);
  const current = here >= 0 ? here : rows.findIndex((row) => row.ariaCurrent === "true");
  const next = current < 0 ? (step > 0 ? 0 : rows.length - 1) : current + step;
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const inside = event.target.matches("[data-list] a[data-row]");
  const on = document.documentElement.dataset.keys !== "off";
  const step = (on && STEP[event.key]) || (inside && ARROW[event.key]);
  if (step && move(step)) event.preventDefault();
});
