/** A small box in the browser's database: what must not be lost, and answers that are shown before they are asked anew. */

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('tamiti', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('box');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within<T>(mode: IDBTransactionMode, work: (box: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction('box', mode);
  const request = work(transaction.objectStore('box'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** The value, or undefined; browsers that keep nothing (private windows) have none. */
export async function read<T>(key: string): Promise<T | undefined> {
  try {
    return (await within('readonly', (box) => box.get(key))) as T | undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the value; false where the browser refuses. */
export async function write(key: string, value: unknown): Promise<boolean> {
  try {
    await within('readwrite', (box) => box.put(value, key));
    return true;
  } catch {
    return false;
  }
}

export async function clear(): Promise<void> {
  try {
    await within('readwrite', (box) => box.clear());
  } catch {
    // Nothing was kept, then.
  }
}
