// Files may be dropped on the field; the browser's own control does the rest.

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-file-drop]");
    if (!place) return;
    event.preventDefault();
    place.toggleAttribute("data-over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const field = place.querySelector("input[type=file]");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
