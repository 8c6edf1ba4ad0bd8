// The values of the charts, told instead of drawn.
import type { DayItems } from "../../api/types.ts";
import { spoken } from "../../day.ts";
import { msg, number, t } from "../../i18n/index.ts";
import { LABELS } from "../checkin/items.ts";
import { pointsOf, type Grain } from "./points.ts";
import type { Row } from "./rows.ts";

const SPAN_WORDS: Record<Grain, string> = {
  day: msg("Day"),
  week: msg("Week from"),
  month: msg("Month"),
};

export function TrendTable(props: {
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
