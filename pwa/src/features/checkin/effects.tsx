// Side effects: "none" is one tap and differs from not answering.
import { useState } from "preact/hooks";
import type { DayItems, OwnRecord, Term } from "../../api/types.ts";
import { daysBetween } from "../../day.ts";
import { msg, t } from "../../i18n/index.ts";
import { SafetyCard } from "../help/help.tsx";
import { SEVERITY } from "./items.ts";

const DAYS_OF_FULL_LIST = 3;

type Effects = DayItems["side_effects"];

export function SideEffects(props: {
  value: Effects;
  terms: Term[];
  user: string;
  record: OwnRecord;
  date: string;
  problem?: string | undefined;
  onChange: (effects: Effects) => void;
}) {
  const { last_infusion_on: infusion } = props.record;
  const since = infusion ? daysBetween(infusion, props.date) : undefined;
  // For three days after an infusion the whole list lies open.
  const recent = since !== undefined && since >= 0 && since <= DAYS_OF_FULL_LIST;
  const [opened, setAdding] = useState<boolean>();
  const adding = opened ?? (recent && !props.value);
  const effects = props.value ?? null;
  const none = effects?.length === 0;
  const known = new Map(props.terms.map((term) => [term.code, term]));
  const alarming = effects?.some((effect) => known.get(effect.code)?.red_flag);

  function set(code: string, severity: number | null) {
    const others = (effects ?? []).filter((effect) => effect.code !== code);
    const all = severity === null ? others : [...others, { code, severity }];
    props.onChange(all.length || !effects ? all : null);
  }

  return (
    <fieldset class="card effects">
      <legend>{t(recent ? msg("Side effects") : msg("Any new side effects?"))}</legend>
      <div class="chips">
        <button
          type="button"
          class="chip wide"
          aria-pressed={none}
          onClick={() => props.onChange(none ? null : [])}
        >
          {t("None")}
        </button>
        <button
          type="button"
          class="chip wide"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {adding ? t("Close the list") : t("Add")}
        </button>
      </div>
      {effects?.map((effect) => (
        <div class="effect" key={effect.code}>
          <span>{t(known.get(effect.code)?.lay ?? effect.code)}</span>
          <div class="chips" role="group" aria-label={t("How strong")}>
            {[1, 2, 3].map((severity) => (
              <button
                type="button"
                class="chip"
                key={severity}
                aria-pressed={effect.severity === severity}
                onClick={() => set(effect.code, severity)}
              >
                {t(SEVERITY[severity] ?? "")}
              </button>
            ))}
            <button type="button" class="chip" onClick={() => set(effect.code, null)}>
              {t("remove")}
            </button>
          </div>
        </div>
      ))}
      {alarming && <SafetyCard user={props.user} record={props.record} />}
      {adding && (
        <ul class="terms">
          {props.terms
            .filter((term) => !effects?.some((effect) => effect.code === term.code))
            .map((term) => (
              <li key={term.code}>
                <button
                  type="button"
                  class="term"
                  onClick={() => {
                    setAdding(true);
                    set(term.code, 1);
                  }}
                >
                  {t(term.lay)}
                </button>
              </li>
            ))}
        </ul>
      )}
      {props.problem && <p class="problem">{props.problem}</p>}
    </fieldset>
  );
}
