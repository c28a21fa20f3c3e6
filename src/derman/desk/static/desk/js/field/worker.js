// Keeps today's visits for when there is no connection. The network comes first, always; what is
// kept is shown only where it does not answer, and is gone after a day. Reports are not its matter.

const PAGES = "derman-field-pages";
const ASSETS = "derman-field-assets";
const PATIENCE = 5000; // ms
const DAY = 20 * 60 * 60 * 1000; // ms that a page may be shown
const KEPT_AT = "X-Kept-At";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), dropOld()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname.startsWith(scope())) event.respondWith(page(request));
  } else if (!url.pathname.startsWith(scope())) {
    event.respondWith(asset(request));
  }
});

self.addEventListener("message", (event) => {
  const said = keepAll(event.data).then(() => event.source.postMessage("kept"));
  event.waitUntil(said.catch(() => {}));
});

function scope() {
  return new URL(self.registration.scope).pathname;
}

async function page(request) {
  try {
    const answer = await soon(fetch(request));
    if (answer.type === "opaqueredirect") await caches.delete(PAGES); // nobody is signed in
    if (answer.ok && answer.type === "basic") await keepPage(request.url, answer.clone());
    return answer;
  } catch {
    return (await keptPage(request.url)) ?? (await keptPage(scope())) ?? Response.error();
  }
}

async function asset(request) {
  try {
    return await soon(fetch(request));
  } catch {
    return (await (await caches.open(ASSETS)).match(request.url)) ?? Response.error();
  }
}

// A connection that never answers is none, where something is kept.
function soon(answer) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
  return Promise.race([answer, late]);
}

async function keepPage(url, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, Date.now());
  const kept = new Response(await answer.blob(), { status: answer.status, headers });
  await (await caches.open(PAGES)).put(new URL(url, location).pathname, kept);
}

async function keptPage(url) {
  await dropOld();
  const pages = await caches.open(PAGES);
  return (await pages.match(new URL(url, location).pathname)) ?? null;
}

// Of yesterday nothing stays on this phone, whichever page is asked for.
async function dropOld() {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const kept = await pages.match(request);
    if (Date.now() - Number(kept?.headers.get(KEPT_AT)) >= DAY) await pages.delete(request);
  }
}

async function keepAll({ assets, visits, page: shown, isList }) {
  const kept = await caches.open(ASSETS);
  await Promise.all(
    assets.map(async (url) => {
      const answer = await fetch(url);
      if (answer.ok) await kept.put(url, answer);
    }),
  );
  if (isList) await dropOthers(visits);
  await Promise.all([shown, ...visits].map(fetchPage));
}

async function fetchPage(url) {
  const answer = await fetch(url, { redirect: "manual" });
  if (answer.ok) await keepPage(url, answer);
}

// What is no longer among today's visits has no business on this phone.
async function dropOthers(visits) {
  const wanted = new Set([scope(), ...visits.map((url) => new URL(url).pathname)]);
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await pages.delete(request);
  }
}
