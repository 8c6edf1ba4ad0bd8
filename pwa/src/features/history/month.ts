// A month as weeks of seven days, beginning on the locale's own first day.
import { addDays } from "../../day.ts";

export interface Week {
  /** ISO dates; null before the month's first day and after its last. */
  days: (string | null)[];
}

type WithWeek = Intl.Locale & {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
};

/** 1 for Monday to 7 for Sunday; Monday where the browser cannot say. */
export function firstWeekday(tag: string): number {
  const one = new Intl.Locale(tag) as WithWeek;
  return (one.getWeekInfo?.() ?? one.weekInfo)?.firstDay ?? 1;
}

/** Monday 1 to Sunday 7. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function firstOf(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

export function lastOf(date: string): string {
  return addDays(nextMonth(date), -1);
}

export function nextMonth(date: string): string {
  // No month has more than 31 days, and the 1st plus 31 is always in the next one.
  return firstOf(addDays(firstOf(date), 31));
}

export function monthBefore(date: string): string {
  return firstOf(addDays(firstOf(date), -1));
}

export function weeksOf(month: string, firstDay: number): Week[] {
  const first = firstOf(month);
  const blank = (weekday(first) - firstDay + 7) % 7;
  const cells: (string | null)[] = Array.from({ length: blank }, () => null);
  for (let date = first; date <= lastOf(month); date = addDays(date, 1))
    cells.push(date);
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => ({
    days: cells.slice(week * 7, week * 7 + 7),
  }));
}
