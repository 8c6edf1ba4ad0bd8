// The safety card on this phone: sealed like the diary, and there without signal.
import { api, ask, problemWords, words } from "../api/client.ts";
import type { Refusal, Safety, SafetyPlan } from "../api/types.ts";
import { keepList, keptList } from "./records.ts";
import { orElse } from "./trouble.ts";

export interface PlanText {
  contact_name: string;
  contact_phone: string;
  signs: string;
  helps: string;
  people: string;
}

export interface Kept {
  card: Safety;
  /** Written here and not at the clinic yet; sent twice, it is stored once. */
  unsent?: { id: string; based_on: number; text: PlanText };
  /** What another device wrote in the meantime; the person picks. */
  elsewhere?: SafetyPlan;
}

export const EMPTY: PlanText = {
  contact_name: "",
  contact_phone: "",
  signs: "",
  helps: "",
  people: "",
};
const LIST = "safety";

export function keptSafety(user: string): Promise<Kept | undefined> {
  return orElse(keptList<Kept>(user, LIST), undefined);
}

export function planOf(kept: Kept | undefined): PlanText {
  return textOf(kept?.unsent?.text ?? kept?.card.plan ?? EMPTY);
}

/** Without the version and moment a stored plan has: the server sets those. */
export function textOf(plan: PlanText): PlanText {
  const { contact_name, contact_phone, signs, helps, people } = plan;
  return { contact_name, contact_phone, signs, helps, people };
}

let changing: Promise<unknown> = Promise.resolve();
/** Who shows the card: a plan may be sent, or disputed, with nobody touching it. */
export const watchers = new Set<() => void>();

/** What this phone has is read and written as one step; gives what it has then. */
export function change(
  user: string,
  next: (kept: Kept | undefined) => Kept | undefined,
): Promise<Kept | undefined> {
  const step = changing.then(async () => {
    const kept = await keptSafety(user);
    const changed = next(kept);
    if (changed) await keepList(user, LIST, changed);
    if (changed) for (const look of watchers) look();
    return changed ?? kept;
  });
  changing = step.catch(() => undefined);
  return step;
}

/** Try again with a plan that waits; no browser tells of every change of signal. */
export async function resendPlan(user: string): Promise<void> {
  await send(user);
}

/** Send what waits, then fetch the card; gives what this phone has afterwards. */
export async function refreshSafety(user: string): Promise<Kept | undefined> {
  await send(user);
  const { data } = await ask(api.GET("/api/v1/safety/"));
  if (!data) return keptSafety(user);
  // A phone that cannot keep the card still shows it.
  return change(user, (kept) => ({ ...kept, card: data })).catch(() => ({
    card: data,
  }));
}

export interface Told {
  problem: string;
  field?: string;
}

let sending: Promise<unknown> = Promise.resolve();

/** One after the other: a newer text builds on the version the older one got. */
export function send(user: string): Promise<Told> {
  const sent = sending.then(() => sendWaiting(user));
  sending = sent.catch(() => undefined);
  return sent;
}

async function sendWaiting(user: string): Promise<Told> {
  const kept = await keptSafety(user);
  if (!kept?.unsent || kept.elsewhere) return { problem: "" };
  const { id, based_on, text } = kept.unsent;
  const { data, error, status } = await ask(
    api.PUT("/api/v1/safety/plan/", { body: { id, based_on, ...textOf(text) } }),
  );
  if (data) {
    await change(user, (now) => now && answered(now, id, data));
    return { problem: "" };
  }
  if (status === 409) {
    const { stored } = error as { stored: SafetyPlan };
    await change(user, (now) => now && { ...now, elsewhere: stored });
    return { problem: "" };
  }
  // Without signal it waits; a refusal is about what was typed.
  if (status !== 400) return { problem: "" };
  const problem = (error as Refusal).problems?.[0];
  return {
    problem: problemWords(problem) ?? words(error),
    ...(problem ? { field: problem.field } : {}),
  };
}

/** The clinic's server has the text sent as `id`; one written since still waits. */
function answered(kept: Kept, id: string, plan: SafetyPlan): Kept {
  const card = { ...kept.card, plan };
  const { unsent } = kept;
  if (!unsent || unsent.id === id) return { card };
  return { ...kept, card, unsent: { ...unsent, based_on: plan.version } };
}
