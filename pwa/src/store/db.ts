// What this phone keeps: days, what waits to be sent, and half-filled screens.
// Every row is keyed by the person it belongs to; nobody sees another's.
import Dexie, { type Table } from "dexie";
import type { Day, DayItems, Me, Problem } from "../api/types.ts";

export interface StoredDay {
  user: string;
  date: string;
  day: Day;
}

export interface Waiting {
  user: string;
  date: string;
  items: DayItems;
  /** The version the writer had seen; 0 for none. */
  basedOn: number;
  writtenAt: string;
  /** Grows with every edit, so that an answer to an older one is recognised. */
  edit: number;
  trouble?: Trouble;
}

export type Trouble =
  | { kind: "refused"; message: string; problems: Problem[] }
  | { kind: "conflict"; message: string; stored: Day };

export interface Draft {
  user: string;
  date: string;
  items: DayItems;
}

export interface Person {
  user: string;
  me: Me;
}

class Database extends Dexie {
  days!: Table<StoredDay, [string, string]>;
  outbox!: Table<Waiting, [string, string]>;
  drafts!: Table<Draft, [string, string]>;
  people!: Table<Person, string>;

  constructor() {
    super("respite");
    this.version(1).stores({
      days: "[user+date], user",
      outbox: "[user+date], user",
      drafts: "[user+date], user",
      people: "user",
    });
  }
}

export const db = new Database();

/** Remove everything one person has on this phone. */
export async function forget(user: string): Promise<void> {
  await db.transaction("rw", [db.days, db.outbox, db.drafts, db.people], async () => {
    await db.days.where({ user }).delete();
    await db.outbox.where({ user }).delete();
    await db.drafts.where({ user }).delete();
    await db.people.delete(user);
  });
  if (localStorage.getItem(LAST_USER) === user) localStorage.removeItem(LAST_USER);
}

const LAST_USER = "respite-last-user";

/** Keep who is signed in, so that the app opens without a network. */
export async function rememberPerson(me: Me): Promise<void> {
  await db.people.put({ user: me.id, me });
  localStorage.setItem(LAST_USER, me.id);
}

export async function lastPerson(): Promise<Me | undefined> {
  const user = localStorage.getItem(LAST_USER);
  return user ? (await db.people.get(user))?.me : undefined;
}

/** A key this phone made up for itself; it names no person. */
export function deviceId(): string {
  const known = localStorage.getItem("respite-device");
  if (known) return known;
  const made = crypto.randomUUID();
  localStorage.setItem("respite-device", made);
  return made;
}
