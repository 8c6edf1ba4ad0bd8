// One 0-10 question: eleven targets across the width, nothing chosen beforehand.
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
        {scale.question}
        <output class="value">{chosen ?? ""}</output>
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
              aria-label={`${score}${score === 0 ? `, ${scale.zero}` : ""}${score === 10 ? `, ${scale.ten}` : ""}`}
            />
            <span aria-hidden="true">{score}</span>
          </label>
        ))}
      </div>
      <div class="anchors" aria-hidden="true">
        <span>{scale.zero}</span>
        <span>{scale.ten}</span>
      </div>
      {props.problem && <p class="problem">{props.problem}</p>}
    </fieldset>
  );
}
