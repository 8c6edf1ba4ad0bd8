// One month at a glance: which days are written, late, blank, or had an infusion.
import { spoken } from "../../day.ts";
import { locale, msg, t } from "../../i18n/index.ts";
import { firstWeekday, monthBefore, nextMonth, weeksOf } from "./month.ts";
import type { Row } from "./rows.ts";

type Kind = "logged" | "late" | "blank" | "ahead";
const MARKS: Record<Kind, [string, string]> = {
  logged: ["●", msg("written")],
  late: ["◐", msg("written later")],
  blank: ["○", msg("blank")],
  ahead: ["", ""],
};

export function Calendar(props: {
  month: string;
  today: string;
  /** The first day there can be anything on. */
  begin: string;
  rows: Row[];
  infusions: Set<string>;
  onMonth: (month: string) => void;
}) {
  const { month, today, rows, infusions } = props;
  const byDate = new Map(rows.map((row) => [row.date, row]));
  const weeks = weeksOf(month, firstWeekday(locale()));
  // Any full week will do for the names of the days.
  const named = weeks.find((week) => week.days.every(Boolean)) ?? weeks[0];
  return (
    <section class="card" aria-label={t("Calendar")}>
      <div class="month-head">
        <button
          type="button"
          class="quiet"
          aria-label={t("Month before")}
          disabled={month <= props.begin}
          onClick={() => props.onMonth(monthBefore(month))}
        >
          ‹
        </button>
        <h2 aria-live="polite">{inWords(month, { month: "long", year: "numeric" })}</h2>
        <button
          type="button"
          class="quiet"
          aria-label={t("Month after")}
          disabled={nextMonth(month) > today}
          onClick={() => props.onMonth(nextMonth(month))}
        >
          ›
        </button>
      </div>
      <table class="calendar">
        <thead>
          <tr>
            {named?.days.map((date) => (
              <th scope="col" key={date}>
                <abbr title={inWords(date ?? month, { weekday: "long" })}>
                  {inWords(date ?? month, { weekday: "short" })}
                </abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, index) => (
            <tr key={index}>
              {week.days.map((date, place) => (
                <td key={place}>
                  {date && (
                    <Cell
                      date={date}
                      today={today}
                      kind={kindOf(date, today, byDate.get(date), props.begin)}
                      infusion={infusions.has(date)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="legend" aria-label={t("What the marks mean")}>
        {(["logged", "late", "blank"] as const).map((kind) => (
          <li key={kind}>
            <span aria-hidden="true">{MARKS[kind][0]}</span> {t(MARKS[kind][1])}
          </li>
        ))}
        <li>
          <span aria-hidden="true" class="drop">
            ◆
          </span>{" "}
          {t("infusion")}
        </li>
      </ul>
    </section>
  );
}

function kindOf(
  date: string,
  today: string,
  row: Row | undefined,
  begin: string,
): Kind {
  if (date > today || date < begin) return "ahead";
  if (!row?.items) return "blank";
  return row.late ? "late" : "logged";
}

function Cell(props: { date: string; today: string; kind: Kind; infusion: boolean }) {
  const { date, today, kind, infusion } = props;
  const content = (
    <>
      <span>{Number(date.slice(8))}</span>
      <span class={`mark ${kind}`} aria-hidden="true">
        {MARKS[kind][0]}
        {infusion && <span class="drop">◆</span>}
      </span>
    </>
  );
  if (kind === "ahead") return <span class="day">{content}</span>;
  const told = [
    spoken(date, today),
    t(MARKS[kind][1]),
    ...(infusion ? [t("infusion")] : []),
  ];
  return (
    <a
      class="day"
      href={`/day/${date}`}
      aria-label={told.join(", ")}
      aria-current={date === today ? "date" : undefined}
    >
      {content}
    </a>
  );
}

function inWords(date: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: "UTC", ...parts }).format(
    new Date(`${date}T00:00:00Z`),
  );
}
