import { number, t, tn } from "../../i18n/index.ts";
// Hours of sleep: one tap for the usual ones, a fine step for the rest.
const USUAL = [5, 6, 7, 8, 9];
const STEP = 0.5;

export function SleepHours(props: {
  value: number | null | undefined;
  problem?: string | undefined;
  onChange: (hours: number | null) => void;
}) {
  const hours = props.value ?? null;
  const step = (by: number) =>
    props.onChange(Math.min(24, Math.max(0, (hours ?? 7) + by)));
  return (
    <fieldset class="card sleep">
      <legend>
        {t("Hours of sleep")}
        <output class="value">{hours === null ? "" : `${number(hours)} h`}</output>
      </legend>
      <div class="chips">
        <button
          type="button"
          class="chip"
          aria-label={t("Half an hour less")}
          onClick={() => step(-STEP)}
        >
          −
        </button>
        {USUAL.map((usual) => (
          <button
            type="button"
            key={usual}
            class="chip"
            aria-pressed={hours === usual}
            aria-label={tn("{n} hour", "{n} hours", usual)}
            onClick={() => props.onChange(hours === usual ? null : usual)}
          >
            {usual}
          </button>
        ))}
        <button
          type="button"
          class="chip"
          aria-label={t("Half an hour more")}
          onClick={() => step(STEP)}
        >
          +
        </button>
      </div>
      {props.problem && <p class="problem">{props.problem}</p>}
    </fieldset>
  );
}
