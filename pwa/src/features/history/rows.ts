// A person's days as the calendar, the list and the trends tell of them.
import { useEffect, useState } from "preact/hooks";
import type { DayItems, Infusion, OwnRecord } from "../../api/types.ts";
import { api, ask } from "../../api/client.ts";
import { addDays } from "../../day.ts";
import { msg, number, t, tn } from "../../i18n/index.ts";
import { allWaiting, keepList, keptList, knownDays } from "../../store/records.ts";
import { onChange } from "../../store/sync.ts";
import { orElse } from "../../store/trouble.ts";
import { LABELS } from "../checkin/items.ts";

/** How far back every phone has the diary without signal. */
export const DAYS_KEPT = 400;

const WAITING_NOTES = {
  write: msg("saved on this phone"),
  delete: msg("deleted on this phone"),
  restore: msg("brought back on this phone"),
} as const;

export interface Row {
  date: string;
  items?: DayItems;
  /** Days between the day and its first writing. */
  late: number;
  note: string;
}

/** One row a day from `from` to `to`, oldest first; blank days are rows too. */
export async function rowsOf(user: string, from: string, to: string): Promise<Row[]> {
  const [days, waiting] = await Promise.all([
    orElse(knownDays(user, from, to), []),
    orElse(allWaiting(user), []),
  ]);
  const byDate = new Map<string, Row>();
  for (const { date, day, deletedAt } of days)
    if (deletedAt) byDate.set(date, { date, late: 0, note: t("deleted") });
    else if (day)
      byDate.set(date, {
        date,
        items: day,
        late: day.days_late,
        note: lateness(day.days_late, day.by_staff),
      });
  for (const { date, items, act, trouble } of waiting)
    byDate.set(date, {
      date,
      ...(act === "write" ? { items } : {}),
      late: byDate.get(date)?.late ?? 0,
      note: t(trouble ? msg("needs you") : WAITING_NOTES[act]),
    });
  const rows: Row[] = [];
  for (let date = from; date <= to; date = addDays(date, 1))
    rows.push(byDate.get(date) ?? { date, late: 0, note: "" });
  return rows;
}

/** The rows of a span as they come and change, and what kept newer ones away. */
export function useRows(
  user: string,
  from: string,
  to: string,
  bring: (user: string, from: string, to: string) => Promise<string>,
): [Row[] | undefined, string] {
  const [rows, setRows] = useState<Row[]>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let current = true;
    const load = () =>
      rowsOf(user, from, to).then((found) => current && setRows(found));
    void load();
    void bring(user, from, to).then((told) => current && setProblem(told));
    const stop = onChange(() => void load());
    return () => {
      current = false;
      stop();
    };
  }, [user, from, to]);
  return [rows, problem];
}

/** Infusions given, newest first: the server's, or those this phone has. */
export async function givenInfusions(
  user: string,
): Promise<{ infusions?: Infusion[]; error?: unknown; status: number }> {
  const { data, error, status } = await ask(api.GET("/api/v1/infusions/"));
  if (!data) {
    const kept = await orElse(keptList<Infusion[]>(user, "infusions"), undefined);
    return { ...(kept ? { infusions: kept } : {}), error, status };
  }
  const given = data.results.filter((one) => one.status === "given").reverse();
  // A phone that cannot keep it still shows it.
  await keepList(user, "infusions", given).catch(() => undefined);
  return { infusions: given, status };
}

export function summary(day: DayItems, items: OwnRecord["items"]): string {
  const values = day as Record<string, unknown>;
  const scores = items
    .filter((name) => values[name] !== null && values[name] !== undefined)
    .map((name) => `${t(LABELS[name] ?? name)} ${number(Number(values[name]))}`);
  const effects = day.side_effects?.length;
  if (effects) scores.push(tn("{n} side effect", "{n} side effects", effects));
  return scores.join(" · ") || t("Only a note");
}

export function lateness(days: number, byStaff: boolean): string {
  const who = byStaff ? t("entered by the clinic") : "";
  if (!days) return who;
  const late = tn("written the next day", "written {n} days later", days);
  return who ? `${who}, ${late}` : late;
}
