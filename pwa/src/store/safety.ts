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
  return kept?.unsent?.text ?? kept?.card.plan ?? EMPTY;
}

/** Try again with a plan that waits; no browser tells of every change of signal. */
export async function resendPlan(user: string): Promise<void> {
  const kept = await keptSafety(user);
  if (kept?.unsent && !kept.elsewhere) await send(user, kept);
}

/** Send what waits, then fetch the card; gives what this phone has afterwards. */
export async function refreshSafety(user: string): Promise<Kept | undefined> {
  await resendPlan(user);
  const { data } = await ask(api.GET("/api/v1/safety/"));
  const kept = await keptSafety(user);
  if (!data) return kept;
  const next: Kept = { ...kept, card: data };
  await keepList(user, LIST, next).catch(() => undefined);
  return next;
}

/** Keep a plan here first; gives what the server says against it, or nothing. */
export async function savePlan(
  user: string,
  text: PlanText,
): Promise<{ problem: string; field?: string }> {
  if (text.contact_phone && !CALLABLE.test(text.contact_phone))
    return {
      field: "contact_phone",
      problem: t("{value} cannot be called. Use digits, with + ( ) - and spaces.", {
        value: text.contact_phone,
      }),
    };
  const kept = await keptSafety(user);
  if (!kept) return { problem: t(NEVER_SEEN) };
  const based_on = kept.elsewhere?.version ?? kept.card.plan?.version ?? 0;
  const { elsewhere: _, ...rest } = kept;
  const next: Kept = { ...rest, unsent: { id: uuid7(), based_on, text } };
  await keepList(user, LIST, next);
  return send(user, next);
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
  const card = { ...kept.card, plan: kept.elsewhere };
  await keepList(user, LIST, { card } satisfies Kept);
}

async function send(
  user: string,
  kept: Kept,
): Promise<{ problem: string; field?: string }> {
  const { unsent } = kept;
  if (!unsent) return { problem: "" };
  const { id, based_on, text } = unsent;
  const { data, error, status } = await ask(
    api.PUT("/api/v1/safety/plan/", { body: { id, based_on, ...text } }),
  );
  if (data) {
    await keepList(user, LIST, { card: { ...kept.card, plan: data } } satisfies Kept);
    return { problem: "" };
  }
  if (status === 409) {
    const { stored } = error as { stored: SafetyPlan };
    await keepList(user, LIST, { ...kept, elsewhere: stored } satisfies Kept);
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
