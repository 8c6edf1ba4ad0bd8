// One 0-10 question: eleven targets across the width, nothing chosen beforehand.
import { t } from "../../i18n/index.ts";
import type { Scale } from "./items.ts";

export function ScaleCard(props: {
  scale: Scale;
  value: number | null | undefined;
  problem?: string | undefined;
  onChange: (value: number | null) => void;
}) {
  const { scale, value } = props;
  const chosen = value ?? null;
  return (
    <fieldset class={`card scale ${scale.key}`}>
      <legend>
        {t(scale.question)} <output class="value">{chosen ?? ""}</output>
      </legend>
      <div class="segments" role="presentation">
        {Array.from({ length: 11 }, (_, score) => (
          <label key={score} class={chosen === score ? "chosen" : ""}>
            <input
              type="radio"
              name={scale.key}
              value={score}
              checked={chosen === score}
              onChange={() => props.onChange(score)}
              onClick={() => chosen === score && props.onChange(null)}
              aria-label={spokenScore(scale, score)}
            />
            <span aria-hidden="true">{score}</span>
          </label>
        ))}
      </div>
      <div class="anchors" aria-hidden="true">
        <span>{t(scale.zero)}</span>
        <span>{t(scale.ten)}</span>
      </div>
      {props.problem && <p class="problem">{props.problem}</p>}
    </fieldset>
  );
}

function spokenScore(scale: Scale, score: number): string {
  const end = { 0: scale.zero, 10: scale.ten }[score];
  return end ? `${score}, ${t(end)}` : String(score);
}
