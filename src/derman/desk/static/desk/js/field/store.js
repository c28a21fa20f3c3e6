// What is kept on the phone: reports until they have arrived, and whose they are.
// Everything goes at sign-out, and when somebody else signs in.

const NAME = "derman-field";
export const CACHES = ["derman-field-pages", "derman-field-assets"];

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("reports", { keyPath: "visit" });
      asked.result.createObjectStore("owner");
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

// Only the very report that arrived: it may have been written anew meanwhile.
export async function drop(visit, mark) {
  const kept = await report(visit);
  if (kept?.mark === mark) await use("reports", "readwrite", (store) => store.delete(visit));
}

export async function count() {
  const known = await indexedDB.databases?.();
  if (known && !known.some((one) => one.name === NAME)) return 0;
  return use("reports", "readonly", (store) => store.count());
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
