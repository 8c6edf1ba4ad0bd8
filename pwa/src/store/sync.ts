// Saving writes here first and sends after. What is sent twice does no harm: the
// server gives the same answer to the same day.
import { api, ask, words } from "../api/client.ts";
import type { Day, DayConflict, DayInput, DayItems, Refusal } from "../api/types.ts";
import { db, deviceId, type Trouble, type Waiting } from "./db.ts";

export type Outbox = "sent" | "waiting" | "needs you" | "sign in";

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 300_000;

let sending: Promise<void> | undefined;
let again = false;
let retryMs = FIRST_RETRY_MS;
let timer: number | undefined;
let signedOut = false;
const listeners = new Set<() => void>();

export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

export async function saveDay(
  user: string,
  date: string,
  items: DayItems,
  basedOn?: number,
): Promise<void> {
  await db.transaction("rw", [db.days, db.outbox, db.drafts], async () => {
    const known = await db.days.get([user, date]);
    const before = await db.outbox.get([user, date]);
    await db.outbox.put({
      user,
      date,
      items,
      basedOn: basedOn ?? before?.basedOn ?? known?.day.version ?? 0,
      writtenAt: new Date().toISOString(),
      edit: (before?.edit ?? 0) + 1,
    });
    await db.drafts.delete([user, date]);
  });
  tell();
  void send(user);
}

export async function outboxState(user: string): Promise<Outbox> {
  const waiting = await db.outbox.where({ user }).toArray();
  if (waiting.some((item) => item.trouble)) return "needs you";
  if (!waiting.length) return "sent";
  return signedOut ? "sign in" : "waiting";
}

/** Send what waits, one day after the other; a day in trouble holds up no other. */
export function send(user: string): Promise<void> {
  if (sending) {
    again = true;
    return sending;
  }
  sending = sendAll(user).finally(() => {
    sending = undefined;
    tell();
    if (again) {
      again = false;
      void send(user);
    }
  });
  return sending;
}

async function sendAll(user: string): Promise<void> {
  clearTimeout(timer);
  const waiting = await db.outbox.where({ user }).toArray();
  for (const item of waiting) {
    if (item.trouble) continue;
    if (!(await sendOne(item))) {
      timer = window.setTimeout(() => void send(user), retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      return;
    }
    retryMs = FIRST_RETRY_MS;
  }
}

/** Whether the server took a stand; false is worth another try. */
async function sendOne(item: Waiting): Promise<boolean> {
  const { data, error, status } = await ask(
    api.PUT("/api/v1/diary/{day}/", {
      params: { path: { day: item.date }, header: { "If-Match": `"${item.basedOn}"` } },
      body: {
        ...forSending(item.items),
        device_id: deviceId(),
        written_at: item.writtenAt,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
    }),
  );
  if (data) {
    await settle(item, data);
    return true;
  }
  signedOut = status === 401;
  if (status === 0 || status === 401 || status === 429 || status >= 500) return false;
  await setAside(item, trouble(status, error));
  return true;
}

/** Only what was filled in: an item left out is blank. */
function forSending(items: DayItems): DayInput {
  return Object.fromEntries(
    Object.entries(items).filter(([, value]) => value !== null && value !== undefined),
  ) as DayInput;
}

function trouble(status: number, error: unknown): Trouble {
  if (status === 409) {
    const conflict = error as DayConflict;
    return { kind: "conflict", message: conflict.message, stored: conflict.stored };
  }
  const refusal = error as Partial<Refusal> | undefined;
  return {
    kind: "refused",
    message: words(refusal),
    problems: refusal?.problems ?? [],
  };
}

async function settle(item: Waiting, day: Day): Promise<void> {
  signedOut = false;
  await db.transaction("rw", [db.days, db.outbox], async () => {
    await db.days.put({ user: item.user, date: item.date, day });
    const now = await db.outbox.get([item.user, item.date]);
    if (now?.edit === item.edit) await db.outbox.delete([item.user, item.date]);
    // Edited meanwhile: the newer one is based on what was just stored.
    else if (now) await db.outbox.put({ ...now, basedOn: day.version });
  });
  tell();
}

async function setAside(item: Waiting, reason: Trouble): Promise<void> {
  await db.outbox.update([item.user, item.date], { trouble: reason });
  tell();
}

/** Settle a conflict the way the person chose. */
export async function choose(item: Waiting, mine: boolean): Promise<void> {
  if (item.trouble?.kind !== "conflict") return;
  const { stored } = item.trouble;
  if (mine) {
    await saveDay(item.user, item.date, item.items, stored.version);
    return;
  }
  await settle(item, stored);
}

/** Fetch days from the clinic; what waits here is not overwritten. */
export async function fetchDays(
  user: string,
  from: string,
  to: string,
): Promise<string> {
  const { data, error, status } = await ask(
    api.GET("/api/v1/diary/", { params: { query: { from, to } } }),
  );
  if (!data) return status === 0 ? "offline" : words(error);
  await db.transaction("rw", db.days, async () => {
    await db.days
      .where("[user+date]")
      .between([user, from], [user, to], true, true)
      .delete();
    await db.days.bulkPut(data.results.map((day) => ({ user, date: day.date, day })));
  });
  tell();
  return "";
}
