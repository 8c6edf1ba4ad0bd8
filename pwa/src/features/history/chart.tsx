// One item over the days, with infusions as lines across it.
import type { DayItems } from "../../api/types.ts";
import { spoken } from "../../day.ts";
import { locale, number, t } from "../../i18n/index.ts";
import { LABELS, SCALES } from "../checkin/items.ts";
import { place, runsOf, type Point } from "./points.ts";

const WIDE = 320;
const HIGH = 92;

export function Chart(props: {
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

function brief(date: string): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "2-digit",
  }).format(new Date(`${date}T00:00:00Z`));
}
