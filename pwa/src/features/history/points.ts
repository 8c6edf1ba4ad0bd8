// What a trend is drawn and told from: days, or means of weeks and months.
import type { DayItems } from "../../api/types.ts";
import { addDays, daysBetween } from "../../day.ts";
import { firstOf, weekday } from "./month.ts";

export type Grain = "day" | "week" | "month";

export interface Point {
  /** First day of the span. */
  date: string;
  /** Mean of the days that have a value; null where none has. */
  value: number | null;
  /** Days with a value. */
  days: number;
}

interface Dated {
  date: string;
  items?: DayItems;
}

/** Begin of the span that `date` is in. */
export function spanOf(date: string, grain: Grain): string {
  if (grain === "day") return date;
  return grain === "month" ? firstOf(date) : addDays(date, 1 - weekday(date));
}

/** One point a span from the first day to the last; a span without a value is kept,
 * so that a gap is drawn as a gap. */
export function pointsOf(rows: Dated[], item: keyof DayItems, grain: Grain): Point[] {
  const spans = new Map<string, { sum: number; days: number }>();
  for (const { date, items } of rows) {
    const key = spanOf(date, grain);
    const span = spans.get(key) ?? { sum: 0, days: 0 };
    const value = items?.[item];
    if (typeof value === "number") {
      span.sum += value;
      span.days += 1;
    }
    spans.set(key, span);
  }
  return [...spans].map(([date, { sum, days }]) => ({
    date,
    value: days ? sum / days : null,
    days,
  }));
}

/** Runs of points with values, each to be drawn as one line. */
export function runsOf(points: Point[]): Point[][] {
  const runs: Point[][] = [[]];
  for (const point of points)
    if (point.value === null) runs.push([]);
    else runs.at(-1)?.push(point);
  return runs.filter((run) => run.length);
}

/** Where `date` is between `from` (0) and `to` (1). */
export function place(date: string, from: string, to: string): number {
  return daysBetween(from, date) / Math.max(1, daysBetween(from, to));
}
