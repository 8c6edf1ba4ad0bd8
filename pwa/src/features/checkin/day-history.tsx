// Every writing of one day, newest first: no change of a day is silent.
import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { DayItems, DayRevision } from "../../api/types.ts";
import { moment } from "../../day.ts";
import { msg, number, t } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { Notice } from "../shell/parts.tsx";
import { LABELS, VALUES } from "./items.ts";

const OUTCOMES: Record<string, string> = {
  new: msg("written"),
  identical: msg("sent again, nothing changed"),
  changed: msg("changed"),
  merged: msg("joined with a change from another device"),
  conflict: msg("not taken: another device had changed it"),
  deleted: msg("deleted"),
  restored: msg("brought back"),
};

export function DayHistory(props: { session: Session; date: string }) {
  const { record } = props.session;
  const [revisions, setRevisions] = useState<DayRevision[]>();
  const [problem, setProblem] = useState("");

  async function look(event: Event) {
    if (!(event.currentTarget as HTMLDetailsElement).open) return;
    const { data, error, status } = await ask(
      api.GET("/api/v1/diary/{day}/history/", {
        params: { path: { day: props.date } },
      }),
    );
    setProblem(
      data ? "" : status ? words(error) : t("No signal. The history needs it."),
    );
    if (data) setRevisions(data.results.toReversed());
  }

  return (
    <details class="card" onToggle={(event) => void look(event)}>
      <summary>{t("How this day was written")}</summary>
      {problem && <Notice kind="calm">{problem}</Notice>}
      {!problem && !revisions && <p role="status">{t("One moment …")}</p>}
      {revisions?.length === 0 && <p>{t("Nothing is written yet.")}</p>}
      <ol class="revisions">
        {revisions?.map((one, index) => (
          <li key={one.id}>
            <strong>{moment(one.arrived_at, record.time_zone)}</strong>{" "}
            {t(OUTCOMES[one.outcome] ?? one.outcome)}
            {one.by_staff && `, ${t("entered by the clinic")}`}{" "}
            <span class="hint">{changes(one, revisions[index + 1])}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

/** What a writing says differently from the one before it. */
function changes(one: DayRevision, before: DayRevision | undefined): string {
  const now = one.result ?? one.day;
  const then: DayItems = before ? (before.result ?? before.day) : {};
  const told = VALUES.filter(
    (name) => (now[name] ?? null) !== (then[name] ?? null),
  ).map((name) =>
    [
      t(LABELS[name] ?? name),
      ...(before ? [value(then[name]), "→"] : []),
      value(now[name]),
    ].join(" "),
  );
  if ((now.note ?? "") !== (then.note ?? ""))
    told.push(`${t("Note")}: ${now.note || "–"}`);
  return told.join(" · ");
}

function value(given: number | null | undefined): string {
  return given === null || given === undefined ? "–" : number(given);
}
