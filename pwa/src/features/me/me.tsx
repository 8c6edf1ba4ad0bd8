import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import { t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { allWaiting, forget } from "../../store/records.ts";
import { endReminders } from "../../store/reminders.ts";
import { keptSafety, refreshSafety } from "../../store/safety.ts";
import { stop, sync } from "../../store/sync.ts";
import { Access } from "./access.tsx";
import { handOverUnsent } from "./file.ts";
import { Language } from "./language.tsx";
import { OwnData } from "./own-data.tsx";
import { Reminders } from "./reminders.tsx";
import { Field, Notice, Screen } from "../shell/parts.tsx";

export function MyPage(props: {
  session: Session;
  onChanged: (me: Me) => void;
  onSignedOut: () => void;
}) {
  const { me, record } = props.session;
  const [zone, setZone] = useState(record.time_zone);
  const [start, setStart] = useState(record.day_start);

  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState("");
  const [unsent, setUnsent] = useState(0);
  const [planUnsent, setPlanUnsent] = useState(false);

  async function submit(event: Event) {
    event.preventDefault();
    const { data, error } = await ask(
      api.PATCH("/api/v1/me/", {
        body: { time_zone: zone, day_start: start },
      }),
    );
    setSaid(data ? t("Saved. Days you already wrote stay where they are.") : "");
    setProblem(data ? "" : words(error));
    if (data) props.onChanged(data);
  }

  async function signOut(discard: boolean) {
    await sync(me.id);
    const waiting = (await allWaiting(me.id)).length;
    const plan = Boolean((await refreshSafety(me.id))?.unsent);
    if ((waiting || plan) && !discard) {
      setUnsent(waiting);
      setPlanUnsent(plan);
      return;
    }
    await endReminders().catch(() => undefined);
    await ask(api.DELETE("/api/v1/session/"));
    // An answer still on its way must not be kept after everything is removed.
    await stop(me.id);
    await forget(me.id);
    props.onSignedOut();
  }

  return (
    <Screen title={t("Me")}>
      <section class="card">
        <p>
          <strong>{me.name}</strong>
          <br />
          {me.email}
        </p>
        <p>{record.clinic.name}</p>
      </section>
      <form class="card" onSubmit={submit}>
        <Field
          label={t("Your time zone")}
          input={{
            value: zone,
            onInput: (event) => setZone(event.currentTarget.value),
          }}
        />
        <Field
          label={t("Your day starts at")}
          hint={t("What you write earlier counts for the day before.")}
          input={{
            type: "time",
            value: start,
            onInput: (event) => setStart(event.currentTarget.value),
          }}
        />

        {said && <Notice kind="calm">{said}</Notice>}
        {problem && <Notice kind="bad">{problem}</Notice>}
        <button>{t("Save")}</button>
      </form>
      <Reminders session={props.session} onChanged={props.onChanged} />
      <Language />
      <Access />
      <OwnData session={props.session} />
      {(unsent > 0 || planUnsent) && (
        <Notice kind="bad">
          {unsent > 0 &&
            tn("{n} day waits to be sent.", "{n} days wait to be sent.", unsent)}{" "}
          {planUnsent && t("Your plan waits to be sent.")}{" "}
          {t(
            "Signing out now would lose it. Stay signed in until there is signal, save it as a file, or discard it.",
          )}
          <br />
          <button
            type="button"
            class="quiet"
            onClick={() =>
              void Promise.all([allWaiting(me.id), keptSafety(me.id)]).then(
                ([days, kept]) => handOverUnsent(days, kept?.unsent?.text),
              )
            }
          >
            {t("Save as a file")}
          </button>{" "}
          <button type="button" class="quiet" onClick={() => void signOut(true)}>
            {t("Discard and sign out")}
          </button>
        </Notice>
      )}
      <button type="button" class="quiet" onClick={() => void signOut(false)}>
        {t("Sign out")}
      </button>
    </Screen>
  );
}
