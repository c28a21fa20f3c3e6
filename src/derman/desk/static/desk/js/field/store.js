// What is kept on the phone: drafts until they are sent, reports until they have arrived, and whose
// they are.
// Everything goes at sign-out, and when somebody else signs in.

const NAME = "derman-field";
const STORES = { reports: { keyPath: "visit" }, drafts: { keyPath: "visit" }, owner: undefined };
export const CACHES = ["derman-field-pages", "derman-field-assets"];

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 2);
    asked.onupgradeneeded = () => {
      const there = asked.result.objectStoreNames;
      for (const [name, how] of Object.entries(STORES)) {
        if (!there.contains(name)) asked.result.createObjectStore(name, how);
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function use(store, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const reports = () => use("reports", "readonly", (store) => store.getAll());
export const report = (visit) => use("reports", "readonly", (store) => store.get(visit));
export const keep = (one) => use("reports", "readwrite", (store) => store.put(one));
export const drafts = () => use("drafts", "readonly", (store) => store.getAllKeys());
export const draft = (visit) => use("drafts", "readonly", (store) => store.get(visit));
export const keepDraft = (one) => use("drafts", "readwrite", (store) => store.put(one));
export const dropDraft = (visit) => use("drafts", "readwrite", (store) => store.delete(visit));

// Only the very report that arrived: it may have been written anew meanwhile.
export async function drop(visit, mark) {
  const kept = await report(visit);
  if (kept?.mark === mark) await use("reports", "readwrite", (store) => store.delete(visit));
}

export const count = () => use("reports", "readonly", (store) => store.count());

// How much would be lost; a browser that never kept anything is asked for nothing.
export async function countAll() {
  const known = await indexedDB.databases?.();
  if (known && !known.some((one) => one.name === NAME)) return 0;
  return (await count()) + (await drafts()).length;
}

export async function forget() {
  await Promise.all(CACHES.map((name) => caches.delete(name)));
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}

// What another person left here is theirs: nobody sees or sends it.
export async function belongTo(user) {
  const owner = await use("owner", "readonly", (store) => store.get("user"));
  if (owner === user) return;
  if (owner) await forget();
  await use("owner", "readwrite", (store) => store.put(user, "user"));
}
