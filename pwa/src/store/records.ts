// What this phone keeps, as the app speaks of it: sealed on the way in, opened on
// the way out. Sealing comes before a transaction and opening after it: IndexedDB
// ends a transaction that waits for anything else.
import type { Day, DayItems, Me, Problem } from "../api/types.ts";
import { msg } from "../i18n/index.ts";
import { db, type DayRow, type OldRow, type WaitingRow } from "./db.ts";
import { uuid7 } from "./ids.ts";
import { local } from "./trouble.ts";
import { forgetKey, open, seal, welcome } from "./vault.ts";

export interface KnownDay {
  date: string;
  version: number;
  deletedAt?: string;
  day?: Day;
}

export type Act = "write" | "delete" | "restore";

export interface Waiting {
  user: string;
  date: string;
  id: string;
  sent: boolean;
  act: Act;
  items: DayItems;
  /** The version the writer had seen; 0 for none. */
  basedOn: number;
  writtenAt: string;
  /** Earlier changes of this day that were sent and never answered. */
  follows: string[];
  trouble?: Trouble;
}

export type Trouble =
  | { kind: "refused"; message: string; problems: Problem[] }
  | { kind: "conflict"; stored: Day | null; version: number }
  | { kind: "unreadable"; message: string };

type WaitingContent = Omit<Waiting, "user" | "date" | "id" | "sent">;

export async function knownDay(
  user: string,
  date: string,
): Promise<KnownDay | undefined> {
  const row = await db.days.get([user, date]);
  return row && openDay(row);
}

export async function knownDays(
  user: string,
  from: string,
  to: string,
): Promise<KnownDay[]> {
  const rows = await db.days
    .where("[user+date]")
    .between([user, from], [user, to], true, true)
    .toArray();
  return Promise.all(rows.map(openDay));
}

async function openDay(row: DayRow): Promise<KnownDay> {
  const { date, version, deletedAt, box } = row;
  const known = { date, version, ...(deletedAt ? { deletedAt } : {}) };
  if (!box) return known;
  try {
    return { ...known, day: await open<Day>(row.user, box) };
  } catch {
    // The clinic has it; the next sync brings it again.
    await db.cursors.delete(row.user);
    return { date, version: 0 };
  }
}

/** Keep days as the server tells them; an older version replaces nothing. */
export async function keepDays(user: string, days: Day[]): Promise<void> {
  const rows = await Promise.all(
    days.map(async (day) => ({
      user,
      date: day.date,
      version: day.version,
      box: await seal(user, day),
    })),
  );
  await db.transaction("rw", db.days, async () => {
    const before = await db.days.bulkGet(rows.map((row) => [user, row.date]));
    await db.days.bulkPut(
      rows.filter((row, index) => row.version >= (before[index]?.version ?? 0)),
    );
  });
}

export async function keepTombstone(
  user: string,
  stone: { date: string; version: number; deleted_at: string },
): Promise<void> {
  await db.transaction("rw", db.days, async () => {
    const before = await db.days.get([user, stone.date]);
    if (before && before.version > stone.version) return;
    const { date, version, deleted_at: deletedAt } = stone;
    await db.days.put({ ...before, user, date, version, deletedAt });
  });
}

export async function waitingDay(
  user: string,
  date: string,
): Promise<Waiting | undefined> {
  const row = await db.outbox.get([user, date]);
  return row && openWaiting(row);
}

export async function allWaiting(user: string): Promise<Waiting[]> {
  return Promise.all((await db.outbox.where({ user }).toArray()).map(openWaiting));
}

async function openWaiting(row: WaitingRow): Promise<Waiting> {
  const { user, date, id, sent } = row;
  try {
    return { user, date, id, sent, ...(await open<WaitingContent>(user, row.box)) };
  } catch {
    const message = msg("This phone can no longer read what you wrote for this day.");
    const lost = { act: "write" as const, items: {}, basedOn: 0, writtenAt: "" };
    const trouble: Trouble = { kind: "unreadable", message };
    return { user, date, id, sent, ...lost, follows: [], trouble };
  }
}

function sealWaiting(waiting: Waiting): Promise<WaitingRow> {
  const { user, date, id, sent, ...content } = waiting;
  return seal(user, content).then((box) => ({ user, date, id, sent, box }));
}

export async function keepWaiting(waiting: Waiting): Promise<void> {
  const row = await sealWaiting(waiting);
  // A draft still on its way would come back after it was saved.
  await drafting;
  await db.transaction("rw", [db.outbox, db.drafts], async () => {
    await db.outbox.put(row);
    await db.drafts.delete([row.user, row.date]);
  });
}

/** Put trouble on a change, unless a newer one has taken its place. */
export async function setAside(waiting: Waiting, trouble: Trouble): Promise<void> {
  const row = await sealWaiting({ ...waiting, trouble });
  await db.transaction("rw", db.outbox, async () => {
    const now = await db.outbox.get([row.user, row.date]);
    if (now?.id === row.id) await db.outbox.put(row);
  });
}

/** Remove a change that was answered, unless a newer one has taken its place. */
export async function dropWaiting(waiting: Waiting): Promise<void> {
  const key: [string, string] = [waiting.user, waiting.date];
  await db.transaction("rw", db.outbox, async () => {
    const now = await db.outbox.get(key);
    if (now?.id === waiting.id) await db.outbox.delete(key);
  });
}

export async function markSent(waiting: Waiting[]): Promise<void> {
  await db.transaction("rw", db.outbox, async () => {
    for (const { user, date, id } of waiting) {
      const now = await db.outbox.get([user, date]);
      if (now?.id === id) await db.outbox.update([user, date], { sent: true });
    }
  });
}

export async function draft(user: string, date: string): Promise<DayItems | undefined> {
  const row = await db.drafts.get([user, date]);
  if (!row) return undefined;
  return open<DayItems>(user, row.box).catch(() => undefined);
}

/** Drafts one after the other: an older one must not come to lie on a newer one. */
let drafting: Promise<unknown> = Promise.resolve();

export function keepDraft(user: string, date: string, items: DayItems): Promise<void> {
  const kept = drafting.then(async () => {
    await db.drafts.put({ user, date, box: await seal(user, items) });
  });
  drafting = kept.catch(() => undefined);
  return kept;
}

export async function cursor(user: string): Promise<number> {
  return (await db.cursors.get(user))?.cursor ?? 0;
}

export async function keepCursor(user: string, reached: number): Promise<void> {
  await db.cursors.put({ user, cursor: reached });
}

/** Keep a list as the server told it, to show it without signal. */
export async function keepList(
  user: string,
  name: string,
  list: unknown,
): Promise<void> {
  await db.lists.put({ user, name, box: await seal(user, list) });
}

export async function keptList<T>(user: string, name: string): Promise<T | undefined> {
  const row = await db.lists.get([user, name]);
  return row && open<T>(user, row.box).catch(() => undefined);
}

/** The server knows less than this phone did: what it told us is void. */
export async function forgetDays(user: string): Promise<void> {
  await db.days.where({ user }).delete();
}

/** Remove everything one person has on this phone, and the key to it. */
export async function forget(user: string): Promise<void> {
  // First, so that nothing new is kept while the old is removed.
  forgetKey(user);
  await db.transaction("rw", db.tables, async () => {
    for (const table of [db.days, db.outbox, db.drafts, db.lists])
      await table.where({ user }).delete();
    for (const table of [db.people, db.keys, db.cursors]) await table.delete(user);
  });
  if (local.get(LAST_USER) === user) local.set(LAST_USER, null);
  // The next person sets a lock of their own.
  for (const key of ["lock", "passkey"]) local.set(key, null);
}

const LAST_USER = "respite-last-user";

export function lastUser(): string | null {
  return local.get(LAST_USER);
}

/** Keep who is signed in, so that the app opens without a network. */
export async function rememberPerson(me: Me): Promise<void> {
  welcome(me.id);
  await db.people.put({ user: me.id, box: await seal(me.id, me) });
  local.set(LAST_USER, me.id);
}

export async function lastPerson(): Promise<Me | undefined> {
  const user = local.get(LAST_USER);
  const row = user ? await db.people.get(user) : undefined;
  return row && open<Me>(row.user, row.box).catch(() => undefined);
}

/** A key this phone made up for itself; it names no person. */
export function deviceId(): string {
  const known = local.get("respite-device");
  if (known) return known;
  const made = crypto.randomUUID();
  local.set("respite-device", made);
  return made;
}

/** Seal what the first version of the app kept readable; each row by itself, so that
 * a phone that dies halfway loses none and goes on the next time. */
export async function sealOldRows(): Promise<void> {
  for (const table of [db.days, db.outbox, db.drafts, db.people]) {
    const rows = (await table.toArray()) as OldRow[];
    for (const row of rows.filter((one) => !one.box && !("deletedAt" in one))) {
      const sealed = await sealOld(row);
      await table.put(sealed as never);
    }
  }
}

async function sealOld(row: OldRow): Promise<object> {
  const { user, date } = row;
  if (row.me) return { user, box: await seal(user, row.me) };
  if (row.day)
    return { user, date, version: row.day.version, box: await seal(user, row.day) };
  if (row.writtenAt === undefined)
    return { user, date, box: await seal(user, row.items) };
  const { items = {}, basedOn = 0, writtenAt } = row;
  const content = { act: "write", items, basedOn, writtenAt, follows: [] };
  // The first version sent days by another way; a replay by this one does no harm.
  return { user, date, id: uuid7(), sent: false, box: await seal(user, content) };
}
