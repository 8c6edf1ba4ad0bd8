// Own trends: one small chart an item over the same days, and the same as a table.
import { useEffect, useState } from "preact/hooks";
import type { DayItems, Infusion } from "../../api/types.ts";
import { addDays, diaryDate, spoken } from "../../day.ts";
import { locale, msg, number, t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { fetchDays, onChange, sync } from "../../store/sync.ts";
import { LABELS, SCALES } from "../checkin/items.ts";
import { Notice, Screen } from "../shell/parts.tsx";
import { place, pointsOf, runsOf, type Grain, type Point } from "./points.ts";
import { DAYS_KEPT, givenInfusions, rowsOf, type Row } from "./rows.ts";
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
const SPAN_WORDS: Record<Grain, string> = {
  day: msg("Day"),
  week: msg("Week from"),
  month: msg("Month"),
};
/** The longest span the server answers at once. */
const MOST_AT_ONCE = 365;
const WIDE = 320;
const HIGH = 92;

export function Trends(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const [range, setRange] = useState(RANGES[0]!);
  const [rows, setRows] = useState<Row[]>();
  const [infusions, setInfusions] = useState<Infusion[]>([]);
  const [problem, setProblem] = useState("");
  const from = [addDays(today, 1 - range.days), record.enrolled_on].sort().at(-1)!;

  useEffect(() => {
    let current = true;
    const load = () =>
      rowsOf(me.id, from, today).then((found) => current && setRows(found));
    void load();
    void bringDays(me.id, from, today).then((told) => current && setProblem(told));
    const stop = onChange(() => void load());
    return () => {
      current = false;
      stop();
    };
  }, [me.id, from, today]);
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
          <Table
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

function Chart(props: {
  item: keyof DayItems;
  points: Point[];
  marks: string[];
  from: string;
  to: string;
}) {
  const { item, points, from, to } = props;
  const scale = SCALES[item];
  const top = item === "sleep_hours" ? 12 : 10;
  const x = (date: string) => 6 + Math.max(0, place(date, from, to)) * (WIDE - 12);
  const y = (value: number) => HIGH - 8 - (Math.min(value, top) / top) * (HIGH - 16);
  const told = points.filter((point) => point.value !== null);
  const mean = told.reduce((sum, point) => sum + point.value!, 0) / told.length;
  const name = t(LABELS[item] ?? item);
  return (
    <figure class={`card trend ${item}`}>
      <figcaption>
        <strong>{name}</strong>
        <span class="hint">
          {scale
            ? t("0 {zero}, 10 {ten}", { zero: t(scale.zero), ten: t(scale.ten) })
            : t("0 to 12 hours")}
        </span>
      </figcaption>
      {told.length === 0 ? (
        <p class="hint">{t("No value in this time.")}</p>
      ) : (
        <svg
          viewBox={`0 0 ${WIDE} ${HIGH}`}
          role="img"
          aria-label={t(
            "{item} from {from} to {to}, on average {mean}. The table below tells all values.",
            {
              item: name,
              from: spoken(from, to),
              to: spoken(to, to),
              mean: number(Math.round(mean * 10) / 10),
            },
          )}
        >
          {[0, top / 2, top].map((value) => (
            <line
              class="grid"
              x1={6}
              x2={WIDE - 6}
              y1={y(value)}
              y2={y(value)}
              key={value}
            />
          ))}
          {props.marks.map((on) => (
            <g class="given" key={on}>
              <line x1={x(on)} x2={x(on)} y1={6} y2={HIGH - 8} />
              <path d={`M${x(on)} 0l4 4-4 4-4-4z`} />
            </g>
          ))}
          {runsOf(points).map((run) => (
            <polyline
              key={run[0]!.date}
              points={run
                .map(
                  (point) =>
                    `${x(point.date).toFixed(1)},${y(point.value!).toFixed(1)}`,
                )
                .join(" ")}
            />
          ))}
          <path
            class="dots"
            d={told
              .map(
                (point) =>
                  `M${x(point.date).toFixed(1)} ${y(point.value!).toFixed(1)}h0`,
              )
              .join("")}
          />
        </svg>
      )}
      <p class="ends" aria-hidden="true">
        <span>{brief(from)}</span>
        <span>{brief(to)}</span>
      </p>
    </figure>
  );
}

function Table(props: {
  rows: Row[];
  items: (keyof DayItems)[];
  grain: Grain;
  marks: string[];
  today: string;
}) {
  const { rows, items, grain, marks, today } = props;
  const columns = items.map((item) => pointsOf(rows, item, grain));
  const dates = columns[0]?.map((point) => point.date).toReversed() ?? [];
  const byDate = columns.map((points) => new Map(points.map((one) => [one.date, one])));
  const given = new Set(
    pointsOf(
      marks.map((date) => ({ date })),
      "mood",
      grain,
    ).map((one) => one.date),
  );
  return (
    <details class="card">
      <summary>{t("The same as a table")}</summary>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label={t("Your trends as a table")}
      >
        <table class="paper">
          <thead>
            <tr>
              <th scope="col">{t(SPAN_WORDS[grain])}</th>
              {items.map((item) => (
                <th scope="col" key={item}>
                  {t(LABELS[item] ?? item)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {dates.map((date) => (
              <tr key={date}>
                <th scope="row">
                  {spoken(date, today)}
                  {given.has(date) && ` ◆ ${t("infusion")}`}
                </th>
                {byDate.map((points, index) => (
                  <td key={items[index]}>{shownValue(points.get(date)?.value)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function shownValue(value: number | null | undefined): string {
  return value === null || value === undefined
    ? "–"
    : number(Math.round(value * 10) / 10);
}

function brief(date: string): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "2-digit",
  }).format(new Date(`${date}T00:00:00Z`));
}
