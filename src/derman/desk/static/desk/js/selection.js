// Marking lines of the list for one verb on many cases. x marks the line that has focus, Shift and
// a click mark all lines between; the bar says how many. Without scripts the bar is always there.

const form = document.querySelector("form[data-selection]");

if (form) {
  const bar = form.querySelector(".selection-bar");
  const boxes = [...form.querySelectorAll("input[name=number]")];
  const page = form.querySelector("[data-mark-page]");
  const all = form.querySelector("[name=all]");
  const told = form.querySelector("[data-marked]");
  let last = -1;

  function tell() {
    const count = boxes.filter((box) => box.checked).length;
    bar.hidden = !count && !all?.checked;
    page.checked = count === boxes.length;
    page.indeterminate = count > 0 && count < boxes.length;
    told.textContent = all?.checked ? all.dataset.said : told.dataset.text.replace("{n}", count);
    if (all) all.closest("label").hidden = !page.checked && !all.checked;
  }

  function range(here, on) {
    const [from, to] = [Math.min(last, here), Math.max(last, here)];
    for (let n = from; n <= to; n++) boxes[n].checked = on;
  }

  form.addEventListener("click", (event) => {
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && last >= 0) range(here, event.target.checked);
    last = here;
  });
  form.addEventListener("change", (event) => {
    if (event.target === page) for (const box of boxes) box.checked = page.checked;
    else if (event.target !== all && all) all.checked = false;
    if (event.target === page && !page.checked && all) all.checked = false;
    tell();
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-row]");
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (!row || modified || event.key.toLowerCase() !== "x") return;
    if (document.documentElement.dataset.keys === "off") return;
    event.preventDefault();
    row.closest("li").querySelector("input[name=number]").click();
  });
  window.addEventListener("pageshow", tell);
  tell();
}
