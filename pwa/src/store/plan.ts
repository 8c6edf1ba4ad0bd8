// Writing one's own plan; what shows and sends it is there from the first start.
import { msg, t } from "../i18n/index.ts";
import { uuid7 } from "./ids.ts";
import {
  change,
  keptSafety,
  send,
  textOf,
  type PlanText,
  type Told,
} from "./safety.ts";

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
