import { useEffect, useState } from "preact/hooks";
import { words } from "../../api/client.ts";
import type { Infusion } from "../../api/types.ts";
import { diaryDate, moment, spoken } from "../../day.ts";
import { number, t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { givenInfusions } from "../history/rows.ts";
import { Notice, Screen } from "../shell/parts.tsx";
import { AfterInfusion, BeforeInfusion } from "./treatment-day.tsx";

export function Infusions(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [infusions, setInfusions] = useState<Infusion[]>();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    void givenInfusions(me.id).then(({ infusions, error, status }) => {
      if (infusions) setInfusions(infusions);
      if (!error && status) return;
      if (status) setProblem(words(error));
      else if (infusions)
        setProblem(t("No signal. These are the infusions this phone has."));
      else setProblem(t("No signal. Your infusions show when it is back."));
    });
  }, [me.id]);

  return (
    <Screen title={t("Infusions")}>
      <section class="card">
        {record.next_appointment_at ? (
          <p>
            {t("Next appointment:")}{" "}
            <strong>
              {moment(record.next_appointment_at, record.time_zone, "long")}
            </strong>
          </p>
        ) : (
          <p>{t("No appointment is booked.")}</p>
        )}
        {record.days_since_infusion !== null && (
          <p>{lastInfusion(record.days_since_infusion)}</p>
        )}
      </section>
      {record.days_since_infusion === 0 && <AfterInfusion record={record} />}
      <BeforeInfusion record={record} today={today} />
      {problem && <Notice kind="calm">{problem}</Notice>}
      {infusions?.length === 0 && <p>{t("No infusion is recorded yet.")}</p>}
      <ol class="days">
        {infusions?.map((one) => (
          <li key={one.id} class="logged">
            <div>
              <strong>{spoken(one.on, today)}</strong>
              <span class="hint">{t(one.phase)}</span>
              <span class="values">
                {t(one.agent)}
                {one.dose_mg === null ? "" : `, ${number(one.dose_mg)} mg`}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </Screen>
  );
}

function lastInfusion(days: number): string {
  if (days === 0) return t("Your last infusion was today.");
  return tn(
    "Your last infusion was yesterday.",
    "Your last infusion was {n} days ago.",
    days,
  );
}
