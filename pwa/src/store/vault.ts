// What this phone keeps of a person is unreadable without that person's key, which
// the browser keeps and hands to nobody, this app included: it only lends its use.
import { db } from "./db.ts";

export interface Box {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const keys = new Map<string, Promise<CryptoKey>>();
/** Who signed out here: a late answer must not be kept under a new key. */
const gone = new Set<string>();

function keyOf(user: string): Promise<CryptoKey> {
  if (gone.has(user)) return Promise.reject(new Error("signed out"));
  let key = keys.get(user);
  if (!key) {
    key = findOrMake(user);
    keys.set(user, key);
    // A failed look must not be remembered.
    key.catch(() => keys.delete(user));
  }
  return key;
}

async function findOrMake(user: string): Promise<CryptoKey> {
  const found = await db.keys.get(user);
  if (found) return found.key;
  const made = await crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  // Another tab may have been quicker; there is one key, or nothing opens.
  return db.transaction("rw", db.keys, async () => {
    const other = await db.keys.get(user);
    if (other) return other.key;
    await db.keys.put({ user, key: made });
    return made;
  });
}

export async function seal(user: string, content: unknown): Promise<Box> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(content));
  const key = await keyOf(user);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text);
  return { iv, data };
}

export async function open<T>(user: string, box: Box): Promise<T> {
  const key = await keyOf(user);
  const text = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: box.iv },
    key,
    box.data,
  );
  return JSON.parse(new TextDecoder().decode(text)) as T;
}

export function forgetKey(user: string): void {
  keys.delete(user);
  gone.add(user);
}

/** Somebody signed in: what is theirs may be kept again. */
export function welcome(user: string): void {
  gone.delete(user);
}
