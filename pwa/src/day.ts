// Which diary day it is: the date on the patient's wall, or the day before while
// the new day has not started yet. The server's rule, for a phone without signal.
import { locale } from "./i18n/index.ts";

export interface Wall {
  date: string;
  time: string;
}

/** Date and time of day on a clock in `timeZone`. */
export function wall(moment: Date, timeZone: string): Wall {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const get = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return {
    date: `${get("year")}-${get("month")}-${get("day")}`,
    time: `${get("hour")}:${get("minute")}`,
  };
}

export function diaryDate(moment: Date, timeZone: string, dayStart: string): string {
  const now = wall(moment, timeZone);
  return now.time < dayStart ? addDays(now.date, -1) : now.date;
}

export function addDays(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

export function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / 86_400_000);
}

/** "Saturday 21 Nov", with the year when it is not the one of `today`. */
export function spoken(date: string, today: string): string {
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  return new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(new Date(`${date}T00:00:00Z`));
}

/** "19:30" as the person's own clock shows it, perhaps "7:30 PM". */
export function clock(time: string): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(`2000-01-01T${time}:00Z`));
}

/** "10 Nov, 21:00" on a clock in `timeZone`, with the weekday where it is asked for. */
export function moment(
  text: string,
  timeZone: string,
  weekday?: "long" | undefined,
): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone,
    ...(weekday ? { weekday } : {}),
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(text));
}
