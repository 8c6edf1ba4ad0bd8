// All days, newest first: what was written, what is blank, what can be filled in.
import { useEffect, useState } from "preact/hooks";
import type { DayItems } from "../../api/types.ts";
import { addDays, diaryDate, spoken } from "../../day.ts";
import { msg, number, t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { allWaiting, knownDays } from "../../store/records.ts";
import { fetchDays, onChange, sync } from "../../store/sync.ts";
import { LABELS } from "../checkin/items.ts";
import { Notice, Screen } from "../shell/parts.tsx";

const DAYS_A_PAGE = 60;
/** How far back every phone has the diary without signal. */
const DAYS_KEPT = 400;

/** The longest span the server answers at once, less what it may overlap. */
const MOST_AT_ONCE = 365;

const WAITING_NOTES = {
  write: msg("saved on this phone"),
  delete: msg("deleted on this phone"),
  restore: msg("brought back on this phone"),
} as const;

interface Row {
  date: string;
  items?: DayItems;
  note: string;
}

export function History(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [count, setCount] = useState(DAYS_A_PAGE);
  const [rows, setRows] = useState<Row[]>();
  const [problem, setProblem] = useState("");
  const from = [addDays(today, -count), record.enrolled_on].sort().at(-1) ?? today;

  useEffect(() => {
    async function load() {
      const [days, waiting] = await Promise.all([
        knownDays(me.id, from, today),
        allWaiting(me.id),
      ]);
      const byDate = new Map<string, Row>();
      for (const { date, day, deletedAt } of days)
        if (deletedAt) byDate.set(date, { date, note: t("deleted") });
        else if (day)
          byDate.set(date, {
            date,
            items: day,
            note: lateness(day.days_late, day.by_staff),
          });
      for (const { date, items, act, trouble } of waiting)
        byDate.set(date, {
          date,
          ...(act === "write" ? { items } : {}),
          note: t(trouble ? msg("needs you") : WAITING_NOTES[act]),
        });
      const all: Row[] = [];
      for (let date = today; date >= from; date = addDays(date, -1))
        all.push(byDate.get(date) ?? { date, note: "" });
      setRows(all);
    }
    void load();
    // Newer days come by the sync; older ones only when somebody looks for them.
    const kept = addDays(today, -DAYS_KEPT);
    void (from < kept ? fetchDays(me.id, from, addDays(kept, -1)) : sync(me.id)).then(
      setProblem,
    );
    return onChange(() => void load());
  }, [me.id, from, today]);

  return (
    <Screen title={t("Your days")}>
      {problem === "offline" && (
        <Notice kind="calm">
          {t("No signal. These are the days this phone has.")}
        </Notice>
      )}
      {problem && problem !== "offline" && <Notice kind="bad">{problem}</Notice>}
      {!rows && <p>{t("Looking up your days …")}</p>}
      <ol class="days">
        {rows?.map((row) => (
          <DayRow key={row.date} row={row} today={today} record={record} />
        ))}
      </ol>
      {from > record.enrolled_on && (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            setCount(count + (count < DAYS_KEPT ? DAYS_A_PAGE : MOST_AT_ONCE))
          }
        >
          {t("Show earlier days")}
        </button>
      )}
    </Screen>
  );
}

function DayRow(props: { row: Row; today: string; record: Session["record"] }) {
  const { row, today, record } = props;
  const open = row.date >= record.earliest_day;
  const content = (
    <>
      <strong>{spoken(row.date, today)}</strong>
      {row.note && <span class="late">{row.note}</span>}
      <span class="values">
        {row.items
          ? summary(row.items, record.items)
          : open
            ? t("Blank. Fill it in")
            : t("Blank")}
      </span>
      {row.items?.note && <span class="note">{row.items.note}</span>}
    </>
  );
  return (
    <li class={row.items ? "logged" : "missing"}>
      {open ? <a href={`/day/${row.date}`}>{content}</a> : <div>{content}</div>}
    </li>
  );
}

function summary(day: DayItems, items: string[]): string {
  const values = day as Record<string, unknown>;
  const scores = items
    .filter((name) => values[name] !== null && values[name] !== undefined)
    .map((name) => `${t(LABELS[name] ?? name)} ${number(Number(values[name]))}`);
  const effects = day.side_effects?.length;
  if (effects) scores.push(tn("{n} side effect", "{n} side effects", effects));
  return scores.join(" · ") || t("Only a note");
}

function lateness(days: number, byStaff: boolean): string {
  const who = byStaff ? t("entered by the clinic") : "";
  if (!days) return who;
  const late = tn("written the next day", "written {n} days later", days);
  return who ? `${who}, ${late}` : late;
}
