// Somebody was signed out by time, by their clinic or from another device: what they
// wrote is still here, and they say what becomes of it.
import { useEffect, useState } from "preact/hooks";
import type { Me } from "../../api/types.ts";
import { t, tn } from "../../i18n/index.ts";
import { allWaiting, forget, lastPerson, type Waiting } from "../../store/records.ts";
import { keptSafety, type PlanText } from "../../store/safety.ts";
import { stop } from "../../store/sync.ts";
import { orElse } from "../../store/trouble.ts";
import { handOverUnsent } from "../me/file.ts";

interface Left {
  me: Me;
  days: Waiting[];
  plan: PlanText | undefined;
}

export function LeftBehind() {
  const [left, setLeft] = useState<Left>();
  const [asked, setAsked] = useState(false);

  useEffect(() => {
    void orElse(find(), undefined).then(setLeft);
  }, []);
  if (!left) return null;

  const { me, days, plan } = left;
  const unsent = days.length > 0 || plan !== undefined;

  async function remove() {
    await stop(me.id);
    await forget(me.id);
    setLeft(undefined);
  }

  return (
    <section class="card" aria-label={t("Still on this phone")}>
      <p>
        <strong>{t("{name} was signed out.", { name: me.name })}</strong>{" "}
        {unsent
          ? t("What was written here is safe on this phone. Sign in to send it.")
          : t("Everything written here was sent.")}
      </p>
      {days.length > 0 && (
        <p>
          {tn("{n} day waits to be sent.", "{n} days wait to be sent.", days.length)}
        </p>
      )}
      <div class="chips">
        {unsent && (
          <button
            type="button"
            class="quiet"
            onClick={() => handOverUnsent(days, plan)}
          >
            {t("Save as a file")}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => (asked || !unsent ? void remove() : setAsked(true))}
        >
          {asked ? t("Yes, remove it unsent") : t("Remove it from this phone")}
        </button>
      </div>
    </section>
  );
}

async function find(): Promise<Left | undefined> {
  const me = await lastPerson();
  if (!me?.patient) return undefined;
  const days = await allWaiting(me.id);
  return { me, days, plan: (await keptSafety(me.id))?.unsent?.text };
}
