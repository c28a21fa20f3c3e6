// Passkeys: a form with data-passkey="create" or "get" asks the browser for one and sends it along.
// The server's wishes stand in data-options, or at data-options-url.

const supported = () =>
  Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON && navigator.credentials);

const wishes = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
};

const create = async (form) => {
  const wanted = (await wishes(form)).publicKey;
  const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
  const chosen = wanted.authenticatorSelection ?? {};
  wanted.authenticatorSelection = {
    ...chosen,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : chosen.userVerification,
  };
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(wanted);
  return navigator.credentials.create({ publicKey });
};

const get = async (form) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON((await wishes(form)).publicKey);
  return navigator.credentials.get({ publicKey });
};

const say = (form, text) => {
  const place = form.querySelector("[data-passkey-says]");
  place.textContent = text;
  place.hidden = !text;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-button]");
  button.hidden = false;
  if (!supported()) {
    button.disabled = true;
    say(form, form.dataset.unsupported);
    continue;
  }
  button.addEventListener("click", async () => {
    say(form, "");
    button.disabled = true;
    try {
      const credential = await (form.dataset.passkey === "create" ? create : get)(form);
      form.querySelector("[name=credential]").value = JSON.stringify(credential);
      form.submit();
    } catch {
      button.disabled = false;
      say(form, form.dataset.failed);
    }
  });
}
