// The app's own lock: screens stay shut until the phone knows its owner. It keeps
// curious hands out; the diary itself is sealed whether it is on or not.
import { useEffect, useState } from "preact/hooks";
import { local } from "./trouble.ts";

const ON = "lock";
/** Away for longer than this, and the lock asks again. */
const AWAY_MS = 5 * 60_000;

export function lockIsOn(): boolean {
  return local.get(ON) === "on";
}

export function setLock(on: boolean): void {
  local.set(ON, on ? "on" : null);
}

/** Whether the screens are shut now, and the way to open them. */
export function useLock(): [boolean, () => void] {
  const [shut, setShut] = useState(lockIsOn);
  useEffect(() => {
    let left = Date.now();
    const changed = () => {
      if (document.hidden) left = Date.now();
      else if (lockIsOn() && Date.now() - left > AWAY_MS) setShut(true);
    };
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  return [shut, () => setShut(false)];
}
