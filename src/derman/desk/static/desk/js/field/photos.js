// The camera gives one picture at a time: those taken before stay chosen until they are removed.

const MOST = 5;

export function collect(form) {
  const field = form.elements.photos;
  const list = form.querySelector(".chosen-photos");
  let chosen = [];

  function draw() {
    list.replaceChildren();
    list.hidden = !chosen.length;
    for (const photo of chosen) {
      const item = document.createElement("li");
      item.append(photo.name);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = list.dataset.remove;
      button.addEventListener("click", () => {
        chosen = chosen.filter((one) => one !== photo);
        draw();
      });
      item.append(button);
      list.append(item);
    }
    if (chosen.length === MOST) {
      const hint = document.createElement("li");
      hint.textContent = list.dataset.many;
      list.append(hint);
    }
  }

  field?.addEventListener("change", () => {
    chosen = [...chosen, ...field.files].slice(0, MOST);
    field.value = "";
    draw();
  });
  return {
    get: () => chosen.map((file) => ({ name: file.name, data: file })),
    set: (photos) => {
      chosen = photos.map(({ name, data }) => new File([data], name, { type: data.type }));
      draw();
    },
  };
}
