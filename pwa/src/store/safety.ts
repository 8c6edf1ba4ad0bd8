// The safety card on this phone: sealed like the diary, and there without signal.
import { api, ask, problemWords, words } from "../api/client.ts";
import type { Refusal, Safety, SafetyPlan } from "../api/types.ts";
import { msg, t } from "../i18n/index.ts";
import { uuid7 } from "./ids.ts";
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
function textOf(plan: PlanText): PlanText {
  const { contact_name, contact_phone, signs, helps, people } = plan;
  return { contact_name, contact_phone, signs, helps, people };
}

let changing: Promise<unknown> = Promise.resolve();

/** What this phone has is read and written as one step; gives what it has then. */
function change(
  user: string,
  next: (kept: Kept | undefined) => Kept | undefined,
): Promise<Kept | undefined> {
  const step = changing.then(async () => {
    const kept = await keptSafety(user);
    const changed = next(kept);
    if (changed) await keepList(user, LIST, changed);
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

/** Keep a plan here first; gives what the server says against it, or nothing. */
export async function savePlan(user: string, text: PlanText): Promise<Told> {
  if (text.contact_phone && !CALLABLE.test(text.contact_phone))
    return {
      field: "contact_phone",
      problem: t("{value} cannot be called. Use digits, with + ( ) - and spaces.", {
        value: text.contact_phone,
      }),
    };
  const kept = await change(user, (kept) => {
    if (!kept) return undefined;
    const based_on = kept.elsewhere?.version ?? kept.card.plan?.version ?? 0;
    const { elsewhere: _, ...rest } = kept;
    return { ...rest, unsent: { id: uuid7(), based_on, text: textOf(text) } };
  });
  return kept ? send(user) : { problem: t(NEVER_SEEN) };
}

/** The server's rule: said here at once, without signal too. */
const CALLABLE = /^[+0-9][0-9 ()-]{1,18}$/;
const NEVER_SEEN = msg("Your plan needs signal once, to be opened on this phone.");

/** Settle two versions: the one written here, or the one from elsewhere. */
export async function choosePlan(user: string, mine: boolean): Promise<void> {
  const kept = await keptSafety(user);
  if (!kept?.unsent || !kept.elsewhere) return;
  if (mine) {
    await savePlan(user, kept.unsent.text);
    return;
  }
  const { card, elsewhere } = kept;
  await change(user, () => ({ card: { ...card, plan: elsewhere } }));
}

interface Told {
  problem: string;
  field?: string;
}

let sending: Promise<unknown> = Promise.resolve();

/** One after the other: a newer text builds on the version the older one got. */
function send(user: string): Promise<Told> {
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
