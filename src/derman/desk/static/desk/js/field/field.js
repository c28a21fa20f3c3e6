// Starts what a field page does beyond showing itself: keeps pages, sends reports, says where
// they stand. A browser that cannot keep anything leaves the plain form as it is.

import { start } from "./report.js";
import { sendAll, STATES } from "./send.js";
import { show, showAll, tell } from "./shown.js";
import * as store from "./store.js";

const { user, worker, home } = document.body.dataset;
const AGAIN = 15000;

async function send() {
  tell(await sendAll(show));
}

async function keepPages() {
  const ready = await navigator.serviceWorker.register(worker, { scope: home }).then(
    () => navigator.serviceWorker.ready,
  );
  navigator.serviceWorker.addEventListener("message", () => {
    for (const note of document.querySelectorAll("[data-kept-note]")) note.hidden = false;
  });
  const sheets = [...document.querySelectorAll("link[href], script[src]")];
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const assets = [...sheets.map((one) => one.href || one.src), ...loaded].filter(
    (url) => new URL(url).origin === location.origin && !url.includes(home),
  );
  const visits = [...document.querySelectorAll(".visit-line[data-visit]")].map((one) => one.href);
  const isList = location.pathname === home;
  ready.active.postMessage({ assets, visits, page: location.href, isList });
}

async function begin() {
  await store.belongTo(user);
  await showAll();
  const form = document.querySelector("form[data-report]");
  if (form) {
    await start(
      form,
      async (one, done) => {
        show(one);
        done();
        document.getElementById("on-phone").scrollIntoView();
        await send();
      },
      () => tell("full"),
    );
  }
  addEventListener("online", send);
  addEventListener("offline", () => tell(STATES.offline));
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(async () => (await store.count()) && send(), AGAIN);
  if ("serviceWorker" in navigator && navigator.onLine) await keepPages().catch(() => {});
  await send();
  document.body.dataset.ready = "yes"; // nothing more is sent by the page that only came
}

if ("indexedDB" in window && "caches" in window) begin();
