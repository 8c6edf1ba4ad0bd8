// Own trends: one small chart an item over the same days, and the same as a table.
import { useEffect, useState } from "preact/hooks";
import type { DayItems, Infusion } from "../../api/types.ts";
import { addDays, diaryDate } from "../../day.ts";
import { msg, t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { fetchDays, sync } from "../../store/sync.ts";
import { Notice, Screen } from "../shell/parts.tsx";
import { Chart } from "./chart.tsx";
import { pointsOf, type Grain } from "./points.ts";
import { DAYS_KEPT, givenInfusions, useRows } from "./rows.ts";
import { TrendTable } from "./trend-table.tsx";
import { ReliefCard } from "./relief.tsx";
import { Views } from "./views.tsx";

interface Range {
  word: string;
  days: number;
  grain: Grain;
}

const RANGES: Range[] = [
  { word: msg("3 months"), days: 91, grain: "day" },
  { word: msg("A year"), days: 365, grain: "week" },
  { word: msg("All"), days: 40_000, grain: "month" },
];
/** The longest span the server answers at once. */
const MOST_AT_ONCE = 365;

export function Trends(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [range, setRange] = useState(RANGES[0]!);
  const [infusions, setInfusions] = useState<Infusion[]>([]);
  const from = [addDays(today, 1 - range.days), record.enrolled_on].sort().at(-1)!;

  const [rows, problem] = useRows(me.id, from, today, bringDays);
  useEffect(
    () =>
      void givenInfusions(me.id).then((found) => setInfusions(found.infusions ?? [])),
    [me.id],
  );

  const items = record.items as (keyof DayItems)[];
  const logged = rows?.filter((row) => row.items).length ?? 0;
  const marks = infusions.map((one) => one.on).filter((on) => on >= from);
  return (
    <Screen title={t("Your trends")}>
      <Views here="/trends" />
      <div class="chips" role="group" aria-label={t("How far back")}>
        {RANGES.map((one) => (
          <button
            type="button"
            class="chip"
            key={one.word}
            aria-pressed={one === range}
            onClick={() => setRange(one)}
          >
            {t(one.word)}
          </button>
        ))}
      </div>
      <ReliefCard session={props.session} today={today} />
      {problem === "offline" && (
        <Notice kind="calm">
          {t("No signal. These are the days this phone has.")}
        </Notice>
      )}
      {problem && problem !== "offline" && <Notice kind="bad">{problem}</Notice>}
      {!rows && <p role="status">{t("Looking up your days …")}</p>}
      {rows && logged === 0 && (
        <p>
          {t("Nothing is written in this time yet.")}{" "}
          <a href="/">{t("Write about today")}</a>
        </p>
      )}
      {rows && logged > 0 && (
        <>
          <p class="hint">
            {tn("{n} day written", "{n} days written", logged)}
            {marks.length > 0 &&
              ` · ◆ ${tn("{n} infusion", "{n} infusions", marks.length)}`}
            {range.grain === "week" && ` · ${t("each dot is the mean of a week")}`}
            {range.grain === "month" && ` · ${t("each dot is the mean of a month")}`}
          </p>
          {items.map((item) => (
            <Chart
              key={item}
              item={item}
              points={pointsOf(rows, item, range.grain)}
              marks={marks}
              from={from}
              to={today}
            />
          ))}
          <TrendTable
            rows={rows}
            items={items}
            grain={range.grain}
            marks={marks}
            today={today}
          />
          <p class="hint">
            {t("Ups and downs are normal. Your clinic looks at them with you.")}
          </p>
        </>
      )}
    </Screen>
  );
}

/** Days older than those every phone has, a year at a time, newest first. */
async function bringDays(user: string, from: string, today: string): Promise<string> {
  let to = addDays(today, -DAYS_KEPT);
  let told = await sync(user);
  while (!told && to >= from) {
    const first = [addDays(to, 1 - MOST_AT_ONCE), from].sort().at(-1)!;
    told = await fetchDays(user, first, to);
    to = addDays(first, -1);
  }
  return told;
}
