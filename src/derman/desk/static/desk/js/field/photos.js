// The camera gives one picture at a time: those taken before stay chosen until they are removed.
// Each is made as small as a finding needs, so that five of them arrive over a poor connection.

const MOST = 5;
const LONGEST = 2048; // px
const SMALL = 1_000_000; // bytes that need not become fewer

async function smaller(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    if (scale === 1 && file.size <= SMALL) return file;
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const data = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return new File([data], file.name.replace(/(\.\w+)?$/, ".jpg"), { type: data.type });
  } catch {
    return file; // no picture, or none that this browser reads: the server says so
  }
}

export function collect(form) {
  const field = form.elements.photos;
  const list = form.querySelector(".chosen-photos");
  let chosen = [];
  let ready = Promise.resolve();

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
      button.setAttribute("aria-label", `${list.dataset.remove}: ${photo.name}`);
      button.addEventListener("click", () => change(chosen.filter((one) => one !== photo)));
      item.append(button);
      list.append(item);
    }
    if (chosen.length === MOST) {
      const hint = document.createElement("li");
      hint.textContent = list.dataset.many;
      list.append(hint);
    }
  }

  function change(photos) {
    chosen = photos;
    draw();
    form.dispatchEvent(new Event("change"));
  }

  field?.addEventListener("change", () => {
    const added = [...field.files].slice(0, MOST - chosen.length);
    field.value = "";
    ready = Promise.all([ready, ...added.map(smaller)]).then(([, ...made]) =>
      change([...chosen, ...made].slice(0, MOST)),
    );
  });
  return {
    get: async () => {
      await ready;
      return chosen.map((file) => ({ name: file.name, data: file }));
    },
    set: (photos) => {
      chosen = photos.map(({ name, data }) => new File([data], name, { type: data.type }));
      draw();
    },
  };
}
