import { useEffect, useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Infusion } from "../../api/types.ts";
import { diaryDate, spoken } from "../../day.ts";
import type { Session } from "../../session.ts";
import { Notice, Screen } from "../shell/parts.tsx";

export function Infusions(props: { session: Session }) {
  const { record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [infusions, setInfusions] = useState<Infusion[]>();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    void ask(api.GET("/api/v1/infusions/")).then(({ data, error, status }) => {
      if (data)
        setInfusions(data.results.filter((one) => one.status === "given").reverse());
      else
        setProblem(
          status ? words(error) : "No signal. Your infusions show when it is back.",
        );
    });
  }, []);

  return (
    <Screen title="Infusions">
      <section class="card">
        {record.next_appointment_at ? (
          <p>
            Next appointment:{" "}
            <strong>{moment(record.next_appointment_at, record.time_zone)}</strong>
          </p>
        ) : (
          <p>No appointment is booked.</p>
        )}
        {record.days_since_infusion !== null && (
          <p>Your last infusion was {ago(record.days_since_infusion)}.</p>
        )}
      </section>
      {problem && <Notice kind="calm">{problem}</Notice>}
      {infusions?.length === 0 && <p>No infusion is recorded yet.</p>}
      <ol class="days">
        {infusions?.map((one) => (
          <li key={one.id} class="logged">
            <div>
              <strong>{spoken(one.on, today)}</strong>
              <span class="late">{one.phase}</span>
              <span class="values">
                {one.agent}
                {one.dose_mg === null ? "" : `, ${one.dose_mg} mg`}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </Screen>
  );
}

function ago(days: number): string {
  if (days === 0) return "today";
  return days === 1 ? "yesterday" : `${days} days ago`;
}

function moment(text: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(text));
}
