// The first open, in three screens: what is asked, why now, which zone and hour.
import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import type { Session } from "../../session.ts";
import { clock } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import { LABELS } from "../checkin/items.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";

export function Introduction(props: { session: Session; onDone: (me: Me) => void }) {
  const { record } = props.session;
  const [page, setPage] = useState(0);
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [hour, setHour] = useState(record.reminder_time ?? "19:30");
  const [problem, setProblem] = useState("");

  async function finish(event: Event) {
    event.preventDefault();
    const { data, error } = await ask(
      api.PATCH("/api/v1/me/", {
        body: { time_zone: zone, reminder_time: hour || null, introduced: true },
      }),
    );
    if (data) props.onDone(data);
    else setProblem(words(error));
  }

  const next = (
    <button type="button" onClick={() => setPage(page + 1)}>
      {t("Next")}
    </button>
  );
  const count = <p class="hint">{t("{page} of 3", { page: page + 1 })}</p>;
  if (page === 0)
    return (
      <Screen title={t("Twenty seconds a day")} aside={count}>
        <div class="card">
          <p>{t("Once a day you say how the day was:")}</p>
          <ul>
            {record.items.map((item) => (
              <li key={item}>{t(LABELS[item] ?? item)}</li>
            ))}
            <li>{t("Side effects, if there were any")}</li>
          </ul>
          <p>{t("You can leave anything blank. A blank is never counted as zero.")}</p>
        </div>
        {next}
      </Screen>
    );
  if (page === 1)
    return (
      <Screen title={t("Why the days before matter")} aside={count}>
        <div class="card">
          <p>
            {t(
              "Your clinic wants to see how long relief lasts after an infusion. For that it compares with how you were before the first one.",
            )}
          </p>
          <p>
            {t(
              "Each day you fill in before your first infusion makes that comparison better. A week is good, two are better.",
            )}
          </p>
          <p>{t("Already had infusions? Every day from now on still helps.")}</p>
        </div>
        {next}
      </Screen>
    );
  return (
    <Screen title={t("Your day")} aside={count}>
      <form class="card" onSubmit={finish}>
        <p>
          {t(
            "Your day starts at {start}. What you write earlier than that counts for the day before.",
            { start: clock(record.day_start) },
          )}
        </p>
        <Field
          label={t("Your time zone")}
          input={{
            value: zone,
            required: true,
            onInput: (event) => setZone(event.currentTarget.value),
          }}
        />
        <Field
          label={t("A good hour for your diary")}
          hint={t("Under Me you choose whether to be reminded then.")}
          input={{
            type: "time",
            value: hour,
            onInput: (event) => setHour(event.currentTarget.value),
          }}
        />
        {problem && <Notice kind="bad">{problem}</Notice>}
        <button>{t("Start my diary")}</button>
      </form>
    </Screen>
  );
}
