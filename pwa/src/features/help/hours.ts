// Whether a clinic is open just now, in its own zone, without asking anybody.
import { addDays, wall } from "../../day.ts";

export interface Hours {
  time_zone: string;
  /** Monday is 0. */
  hours: { weekday: number; opens: string; closes: string }[];
  closed: string[];
}

export type Opening =
  | { open: true; until: string }
  | { open: false; date: string; at: string }
  /** No hours are known, or none in the days looked at. */
  | { open: false; date: null };

const DAYS_AHEAD = 60;

export function openingOf(clinic: Hours, now: Date): Opening {
  const { date, time } = wall(now, clinic.time_zone);
  const today = spansOf(clinic, date);
  const current = today.find((span) => span.opens <= time && time < span.closes);
  if (current) return { open: true, until: current.closes };
  const later = today.find((span) => span.opens > time);
  if (later) return { open: false, date, at: later.opens };
  for (let ahead = 1; ahead <= DAYS_AHEAD; ahead++) {
    const day = addDays(date, ahead);
    const first = spansOf(clinic, day)[0];
    if (first) return { open: false, date: day, at: first.opens };
  }
  return { open: false, date: null };
}

function spansOf(clinic: Hours, date: string) {
  if (clinic.closed.includes(date)) return [];
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return clinic.hours
    .filter((span) => span.weekday === weekday)
    .sort((one, other) => (one.opens < other.opens ? -1 : 1));
}
