// Sends what waits on the phone. A report keeps its mark until it has arrived, so that one sent
// twice is stored once; without a session nothing is sent and nothing is lost.

import * as store from "./store.js";

export const STATES = { ok: "ok", offline: "offline", signedOut: "signed-out", later: "later" };
const LATER = new Set([408, 425, 429]); // not the report's fault
let running = null;

export function sendAll(told) {
  running ??= work(told).finally(() => (running = null));
  return running;
}

async function work(told) {
  const waiting = (await store.reports()).filter((one) => one.state === "waiting");
  if (!waiting.length) return navigator.onLine ? STATES.ok : STATES.offline;
  const session = await ask();
  if (session.state !== STATES.ok) return session.state;
  let worst = STATES.ok;
  for (const one of waiting) {
    told?.(one, "sending");
    const state = await send(one, session.token, told);
    if (state === STATES.offline || state === STATES.signedOut) return state;
    if (state !== STATES.ok) worst = state; // the others have their turn all the same
  }
  return worst;
}

async function ask() {
  try {
    const answer = await fetch(document.body.dataset.session, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      cache: "no-store",
    });
    if (!answer.ok) return { state: STATES.signedOut };
    const { user, token } = await answer.json();
    return user === document.body.dataset.user
      ? { state: STATES.ok, token }
      : { state: STATES.signedOut };
  } catch {
    return { state: STATES.offline };
  }
}

function form(one) {
  const data = new FormData();
  data.set("mark", one.mark);
  for (const [name, value] of Object.entries(one.fields)) data.set(name, value);
  for (const photo of one.photos) data.append("photos", photo.data, photo.name);
  return data;
}

async function send(one, token, told) {
  let answer;
  try {
    answer = await fetch(one.url, {
      method: "POST",
      body: form(one),
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "manual",
    });
  } catch {
    told?.(one, "waiting");
    return STATES.offline;
  }
  if (answer.ok) {
    await store.drop(one.visit, one.mark);
    await store.dropDraft(one.visit);
    await forgetPage(one.url);
    told?.(one, "arrived");
    return STATES.ok;
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    told?.(one, "waiting");
    return STATES.signedOut;
  }
  if (answer.status >= 500 || LATER.has(answer.status)) {
    told?.(one, "waiting");
    return STATES.later;
  }
  const said = await answer.json().catch(() => ({}));
  const refused = { ...one, state: "refused", why: said.errors?.join(" ") ?? `${answer.status}` };
  await store.keep(refused);
  told?.(refused, "refused");
  return STATES.ok;
}

async function forgetPage(url) {
  const kept = await caches.open(store.CACHES[0]);
  await kept.delete(url);
}
