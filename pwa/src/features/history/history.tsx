// All days, a month at a time: what was written, what is blank, what can be filled in.
import { useEffect, useState } from "preact/hooks";
import { addDays, diaryDate, spoken } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { fetchDays, sync } from "../../store/sync.ts";
import { Notice, Screen } from "../shell/parts.tsx";
import { Calendar } from "./calendar.tsx";
import { firstOf, lastOf } from "./month.ts";
import { DAYS_KEPT, givenInfusions, summary, useRows, type Row } from "./rows.ts";
import { Views } from "./views.tsx";

const FORTNIGHT = 14;

export function History(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [month, setMonth] = useState(firstOf(today));
  const [infusions, setInfusions] = useState(new Set<string>());
  const to = [lastOf(month), today].sort()[0] ?? today;
  // Early in a month there would be next to nothing to see.
  const from =
    month === firstOf(today) ? [month, addDays(today, -FORTNIGHT)].sort()[0]! : month;

  const [rows, problem] = useRows(me.id, from, to, (user, first, last) =>
    bringDays(user, first, last, today),
  );
  useEffect(
    () =>
      void givenInfusions(me.id).then((found) =>
        setInfusions(new Set(found.infusions?.map((one) => one.on))),
      ),
    [me.id],
  );

  const shown = rows?.filter((row) => row.date >= record.enrolled_on || row.items);
  return (
    <Screen title={t("Your days")}>
      <Views here="/history" />
      {problem === "offline" && (
        <Notice kind="calm">
          {t("No signal. These are the days this phone has.")}
        </Notice>
      )}
      {problem && problem !== "offline" && <Notice kind="bad">{problem}</Notice>}
      <Calendar
        month={month}
        today={today}
        begin={record.enrolled_on}
        rows={rows ?? []}
        infusions={infusions}
        onMonth={setMonth}
      />
      {!rows && <p>{t("Looking up your days …")}</p>}
      <ol class="days">
        {shown?.toReversed().map((row) => (
          <DayRow key={row.date} row={row} today={today} record={record} />
        ))}
      </ol>
    </Screen>
  );
}

/** Newer days come by the sync; older ones only when somebody looks for them. */
function bringDays(user: string, from: string, to: string, today: string) {
  const isKept = from >= addDays(today, -DAYS_KEPT);
  return isKept ? sync(user) : fetchDays(user, from, to);
}

function DayRow(props: { row: Row; today: string; record: Session["record"] }) {
  const { row, today, record } = props;
  const open = row.date >= record.earliest_day;
  return (
    <li class={row.items ? "logged" : "missing"}>
      <a href={`/day/${row.date}`}>
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
      </a>
    </li>
  );
}
