// What keeps this phone from keeping anything: a full disk, or a browser that forbids.
import { useEffect, useState } from "preact/hooks";

export type StorageTrouble = "" | "full" | "denied";

const CHANGED = "respite-storage";
let trouble: StorageTrouble = "";

/** Remember what the browser said, for the notice on every screen. */
export function noteTrouble(fault: unknown): void {
  const { name, inner } = (fault ?? {}) as { name?: string; inner?: { name?: string } };
  // Somebody signed out while it was being written: nothing is wrong with the phone.
  if ((fault as Error)?.message === "signed out") return;
  const isFull = name === "QuotaExceededError" || inner?.name === "QuotaExceededError";
  tellTrouble(isFull ? "full" : "denied");
}

/** Keeping worked again. */
export function noTrouble(): void {
  if (trouble) tellTrouble("");
}

function tellTrouble(next: StorageTrouble): void {
  trouble = next;
  dispatchEvent(new Event(CHANGED));
}

/** What was read, or `fallback` where this phone cannot be read. */
export function orElse<T, F>(reading: Promise<T>, fallback: F): Promise<T | F> {
  return reading.catch((fault: unknown) => {
    noteTrouble(fault);
    return fallback;
  });
}

export function useTrouble(): StorageTrouble {
  const [now, setNow] = useState(trouble);
  useEffect(() => {
    const changed = () => setNow(trouble);
    changed();
    addEventListener(CHANGED, changed);
    return () => removeEventListener(CHANGED, changed);
  }, []);
  return now;
}

/** localStorage, where the browser allows it. */
export const local = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // It is asked for again the next time.
    }
  },
};
