// Saving writes here first and sends after, all that waits in one request. Each
// change has a key of its own: what is sent twice is done once.
import { api, ask, words } from "../api/client.ts";
import type { Day, DayInput, DayItems, SyncAnswer, Synced } from "../api/types.ts";
import { t } from "../i18n/index.ts";
import { uuid7 } from "./ids.ts";
import {
  allWaiting,
  cursor,
  deviceId,
  dropWaiting,
  forgetDays,
  keepCursor,
  keepDays,
  keepTombstone,
  keepWaiting,
  knownDay,
  markSent,
  setAside,
  waitingDay,
  type Act,
  type Waiting,
} from "./records.ts";
import { local, noteTrouble, orElse } from "./trouble.ts";

export interface Outbox {
  state: "sent" | "waiting" | "needs you" | "sign in";
  count: number;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 300_000;
/** As many changes as the server takes at once. */
const BATCH = 100;

let running: Promise<string> | undefined;
let again = false;
let retryMs = FIRST_RETRY_MS;
let timer: number | undefined;
let signedOut = false;
const listeners = new Set<() => void>();
/** Who signed out: nothing of theirs is fetched or kept until they are back. */
const gone = new Set<string>();

export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function saveDay(
  user: string,
  date: string,
  items: DayItems,
  basedOn?: number,
): Promise<void> {
  return change(user, date, "write", items, basedOn);
}

/** Send a day at once, past this phone's store, which takes nothing just now. */
export async function sendNow(
  date: string,
  items: DayItems,
  basedOn: number,
): Promise<{ problem: string; day?: Day }> {
  const { data, error, status } = await ask(
    api.PUT("/api/v1/diary/{day}/", {
      // A day this phone cannot see must not be overwritten by a half-blank one.
      params: { path: { day: date }, header: { "If-Match": `"${basedOn}"` } },
      body: forSending(items),
    }),
  );
  if (data) return { problem: "", day: data };
  return {
    problem: status ? words(error) : t("No signal. Try again when it is back."),
  };
}

export function deleteDay(user: string, date: string): Promise<void> {
  return change(user, date, "delete", {});
}

export function restoreDay(user: string, date: string): Promise<void> {
  return change(user, date, "restore", {});
}

async function change(
  user: string,
  date: string,
  act: Act,
  items: DayItems,
  basedOn?: number,
): Promise<void> {
  const [before, known] = await Promise.all([
    waitingDay(user, date),
    knownDay(user, date),
  ]);
  // An answered change is nothing to follow; one whose answer may be lost is.
  const unanswered = before && !before.trouble ? before : undefined;
  await keepWaiting({
    user,
    date,
    id: uuid7(),
    sent: false,
    act,
    items,
    basedOn: basedOn ?? before?.basedOn ?? known?.version ?? 0,
    writtenAt: new Date().toISOString(),
    follows: unanswered
      ? [...unanswered.follows, ...(unanswered.sent ? [unanswered.id] : [])]
      : [],
  });
  void askToPersist();
  tell();
  void sync(user);
}

const ASKED = "respite-asked-to-persist";

/** A browser that was not asked may clear this store when space is short. Some ask
 * the person in turn, so we ask once and not at every save. */
async function askToPersist(): Promise<void> {
  if (local.get(ASKED) || !navigator.storage?.persist) return;
  local.set(ASKED, "yes");
  await navigator.storage.persist();
}

export async function outbox(user: string): Promise<Outbox> {
  const waiting = await orElse(allWaiting(user), []);
  const count = waiting.length;
  if (waiting.some((item) => item.trouble)) return { state: "needs you", count };
  if (!count) return { state: "sent", count };
  return { state: signedOut ? "sign in" : "waiting", count };
}

/** Send what waits and fetch what is new; gives what went wrong, or nothing. */
export function sync(user: string): Promise<string> {
  if (gone.has(user)) return Promise.resolve("");
  if (running) {
    again = true;
    return running;
  }
  running = syncAll(user)
    // Storage that fails must not stop the next try.
    .catch((fault: unknown) => {
      noteTrouble(fault);
      return words(fault);
    })
    .finally(() => {
      running = undefined;
      tell();
      if (again) {
        again = false;
        void sync(user);
      }
    });
  return running;
}

/** End syncing for a person; what is under way is waited for. */
export async function stop(user: string): Promise<void> {
  gone.add(user);
  clearTimeout(timer);
  again = false;
  await running;
}

/** Begin, or begin again, to sync for a person who signed in. */
export function resume(user: string): void {
  gone.delete(user);
  void sync(user);
}

async function syncAll(user: string): Promise<string> {
  clearTimeout(timer);
  for (;;) {
    const ready = (await allWaiting(user)).filter((item) => !item.trouble);
    const batch = ready.slice(0, BATCH);
    await markSent(batch);
    const { data, error, status } = await ask(
      api.POST("/api/v1/sync/", { body: await bodyOf(user, batch) }),
    );
    signedOut = status === 401;
    if (!data) return refused(user, batch, status, error);
    retryMs = FIRST_RETRY_MS;
    await take(user, batch, data);
    if (!data.has_more && ready.length <= BATCH) return "";
  }
}

async function bodyOf(user: string, batch: Waiting[]) {
  return {
    device_id: deviceId(),
    device_time: new Date().toISOString(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cursor: await cursor(user),
    changes: batch.map((item) => ({
      id: item.id,
      act: item.act,
      date: item.date,
      based_on: item.basedOn,
      written_at: item.writtenAt,
      follows: item.follows,
      ...(item.act === "write" ? { day: forSending(item.items) } : {}),
    })),
  };
}

/** Only what was filled in: an item left out is blank. */
function forSending(items: DayItems): DayInput {
  return Object.fromEntries(
    Object.entries(items).filter(([, value]) => value !== null && value !== undefined),
  ) as DayInput;
}

async function refused(
  user: string,
  batch: Waiting[],
  status: number,
  error: unknown,
): Promise<string> {
  if (status === 0 || status === 401 || status === 429 || status >= 500) {
    timer = window.setTimeout(() => void sync(user), retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    return status === 0 ? "offline" : words(error);
  }
  // The request itself was not understood: keep what was typed, and say so.
  for (const item of batch)
    await setAside(item, { kind: "refused", message: words(error), problems: [] });
  return words(error);
}

async function take(user: string, batch: Waiting[], synced: Synced): Promise<void> {
  if (synced.is_reset) await forgetDays(user);
  for (const answer of synced.answers) {
    const item = batch.find((one) => one.id === answer.id);
    if (item) await settle(item, answer);
  }
  await keepDays(user, synced.days);
  for (const stone of synced.deleted) await keepTombstone(user, stone);
  // Last: a phone that dies before this line is told the same again.
  await keepCursor(user, synced.cursor ?? 0);
}

async function settle(item: Waiting, answer: SyncAnswer): Promise<void> {
  if (answer.day) await keepDays(item.user, [answer.day]);
  if (answer.deleted) await keepTombstone(item.user, answer.deleted);
  if (answer.outcome === "refused") {
    const { message = words(undefined), problems = [] } = answer.refusal ?? {};
    await setAside(item, {
      kind: "refused",
      message,
      problems: problems.map((one) => ({
        ...one,
        field: one.field.replace(/^changes\.\d+\./, ""),
      })),
    });
  } else if (answer.outcome === "conflict") {
    const version = answer.day?.version ?? answer.deleted?.version ?? 0;
    await setAside(item, { kind: "conflict", stored: answer.day, version });
  } else {
    await dropWaiting(item);
  }
}

/** Settle a conflict the way the person chose. */
export async function choose(item: Waiting, mine: boolean): Promise<void> {
  if (item.trouble?.kind !== "conflict") return;
  if (mine)
    await change(item.user, item.date, item.act, item.items, item.trouble.version);
  else await dropWaiting(item);
  tell();
}

/** Give up a change that cannot be sent. */
export async function discard(item: Waiting): Promise<void> {
  await dropWaiting(item);
  tell();
}

/** Fetch days older than what every phone keeps. */
export async function fetchDays(
  user: string,
  from: string,
  to: string,
): Promise<string> {
  const { data, error, status } = await ask(
    api.GET("/api/v1/diary/", { params: { query: { from, to } } }),
  );
  if (!data) return status === 0 ? "offline" : words(error);
  if (gone.has(user)) return "";
  await keepDays(user, data.results as Day[]);
  tell();
  return "";
}
