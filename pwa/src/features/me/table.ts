// A person's days as a table: what the files and the printed page show.
import type { Term } from "../../api/types.ts";
import { SEVERITY, VALUES } from "../checkin/items.ts";
import type { KnownDay, Waiting } from "../../store/records.ts";
import type { DayItems } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";

export interface OwnDay {
  date: string;
  items: DayItems;
  days_late: number;
  /** Not sent to the clinic yet. */
  waiting: boolean;
}

/** Days oldest first; what waits to be sent counts as it will be. */
export function ownDays(known: KnownDay[], waiting: Waiting[]): OwnDay[] {
  const byDate = new Map<string, OwnDay>();
  for (const { date, day, deletedAt } of known)
    if (day && !deletedAt)
      byDate.set(date, { date, items: day, days_late: day.days_late, waiting: false });
  for (const { date, act, items } of waiting) {
    if (act === "write") byDate.set(date, { date, items, days_late: 0, waiting: true });
    if (act === "delete") byDate.delete(date);
  }
  return [...byDate.values()].sort((one, other) => (one.date < other.date ? -1 : 1));
}

export function asCsv(days: OwnDay[], terms: Term[]): string {
  const head = ["date", ...VALUES, "side_effects", "note", "days_late", "sent"];
  const rows = days.map((day) => [
    day.date,
    ...VALUES.map((name) => day.items[name] ?? ""),
    effectsText(day.items, terms),
    day.items.note ?? "",
    day.days_late,
    day.waiting ? "no" : "yes",
  ]);
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: string | number): string {
  let text = String(value);
  // A spreadsheet would run a note that begins like a formula.
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function asJson(days: OwnDay[]): string {
  const told = days.map(({ date, items, days_late, waiting }) => ({
    date,
    ...Object.fromEntries(VALUES.map((name) => [name, items[name] ?? null])),
    side_effects: items.side_effects ?? null,
    note: items.note ?? "",
    days_late,
    sent: !waiting,
  }));
  return JSON.stringify(told, null, 2);
}

/** "none", "not asked", or each with its severity. */
export function effectsText(items: DayItems, terms: Term[]): string {
  const effects = items.side_effects;
  if (!effects) return t("not asked");
  if (!effects.length) return t("none");
  return effects
    .map(({ code, severity }) => {
      const term = terms.find((one) => one.code === code);
      return `${t(term?.lay ?? code)} (${t(SEVERITY[severity] ?? "")})`;
    })
    .join("; ");
}
