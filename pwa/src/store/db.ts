// What this phone keeps, as it lies there: keys of rows in plain, contents sealed.
// Every row is keyed by the person it belongs to; nobody sees another's.
import Dexie, { type Table } from "dexie";
import type { Day, DayItems, Me } from "../api/types.ts";
import type { Box } from "./vault.ts";

export interface DayRow {
  user: string;
  date: string;
  version: number;
  /** When it was deleted; its content stays, so that it can be brought back. */
  deletedAt?: string;
  box?: Box;
}

export interface WaitingRow {
  user: string;
  date: string;
  /** The key of the change: what arrives twice is done once. */
  id: string;
  /** Whether it was ever sent; then its answer may be lost. */
  sent: boolean;
  box: Box;
}

export interface DraftRow {
  user: string;
  date: string;
  box: Box;
}

/** What the server told last of something this phone only shows. */
export interface ListRow {
  user: string;
  name: string;
  box: Box;
}

export interface PersonRow {
  user: string;
  box: Box;
}

/** Rows as the first version kept them: readable. */
export interface OldRow {
  user: string;
  date?: string;
  box?: Box;
  day?: Day;
  items?: DayItems;
  basedOn?: number;
  writtenAt?: string;
  me?: Me;
}

class Database extends Dexie {
  days!: Table<DayRow, [string, string]>;
  outbox!: Table<WaitingRow, [string, string]>;
  drafts!: Table<DraftRow, [string, string]>;
  people!: Table<PersonRow, string>;
  keys!: Table<{ user: string; key: CryptoKey }, string>;
  lists!: Table<ListRow, [string, string]>;
  cursors!: Table<{ user: string; cursor: number }, string>;

  constructor() {
    super("respite");
    const first = {
      days: "[user+date], user",
      outbox: "[user+date], user",
      drafts: "[user+date], user",
      people: "user",
    };
    this.version(1).stores(first);
    // What the first version wrote is sealed by `sealOldRows`, row by row.
    const second = { ...first, keys: "user", cursors: "user" };
    this.version(2).stores(second);
    this.version(3).stores({ ...second, lists: "[user+name], user" });
  }
}

export const db = new Database();
