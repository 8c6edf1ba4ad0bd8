// A person's own plan for bad hours: theirs alone, written before they come.
import { useState } from "preact/hooks";
import { msg, t } from "../../i18n/index.ts";
import { choosePlan, savePlan } from "../../store/plan.ts";
import { planOf, type Kept, type PlanText } from "../../store/safety.ts";
import { Field, Notice } from "../shell/parts.tsx";

const PARTS: [keyof PlanText, string, string][] = [
  ["signs", msg("How I notice that it gets bad"), ""],
  ["helps", msg("What helps me"), msg("Small things count: a walk, a shower, music.")],
  ["people", msg("People and places I can go to"), ""],
];
const LONGEST = 1000;

export function Plan(props: {
  user: string;
  kept: Kept | undefined;
  onChanged: () => void;
}) {
  const { user, kept } = props;
  const [draft, setDraft] = useState<PlanText>();
  const [trouble, setTrouble] = useState<{ problem: string; field?: string }>();
  const plan = planOf(kept);
  const written = Object.values(plan).some(Boolean);
  const change = (part: Partial<PlanText>) => setDraft({ ...plan, ...draft, ...part });

  async function save(event: Event) {
    event.preventDefault();
    const told = await savePlan(user, { ...plan, ...draft });
    setTrouble(told.problem ? told : undefined);
    // What was typed while it was on its way stays open.
    if (!told.problem) setDraft((now) => (now === draft ? undefined : now));
    props.onChanged();
  }

  if (kept?.unsent && kept.elsewhere)
    return <TwoPlans {...props} mine={kept.unsent.text} theirs={kept.elsewhere} />;
  if (!draft)
    return (
      <section class="card plan">
        <h2>{t("My plan")}</h2>
        {written ? (
          <Shown plan={plan} />
        ) : (
          <p>
            {t(
              "Write down what helps you, on a good day, for a bad one. Only you can read it.",
            )}
          </p>
        )}
        {kept?.unsent && <p class="hint">{t("Saved on this phone")}</p>}
        <button type="button" class="quiet" onClick={() => setDraft(plan)}>
          {written ? t("Change my plan") : t("Write my plan")}
        </button>
      </section>
    );
  return (
    <form class="card plan" onSubmit={(event) => void save(event)}>
      <h2>{t("My plan")}</h2>
      <p class="hint">{t("Only you can read it. Your clinic does not see it.")}</p>
      <Field
        label={t("Somebody I can call")}
        input={{
          maxLength: 80,
          autocomplete: "off",
          value: draft.contact_name,
          onInput: (event) => change({ contact_name: event.currentTarget.value }),
        }}
      />
      <Field
        label={t("Their number")}
        problem={trouble?.field === "contact_phone" ? trouble.problem : undefined}
        input={{
          type: "tel",
          maxLength: 19,
          autocomplete: "off",
          value: draft.contact_phone,
          onInput: (event) => change({ contact_phone: event.currentTarget.value }),
        }}
      />
      {PARTS.map(([name, question, hint]) => (
        <p class="field" key={name}>
          <label for={`plan-${name}`}>{t(question)}</label>
          {hint && (
            <span class="hint" id={`plan-${name}-hint`}>
              {t(hint)}
            </span>
          )}
          <textarea
            id={`plan-${name}`}
            aria-describedby={hint ? `plan-${name}-hint` : undefined}
            rows={3}
            maxLength={LONGEST}
            value={draft[name]}
            onInput={(event) => change({ [name]: event.currentTarget.value })}
          />
        </p>
      ))}
      {trouble && trouble.field !== "contact_phone" && (
        <Notice kind="bad">{trouble.problem}</Notice>
      )}
      <div class="chips">
        <button>{t("Save my plan")}</button>
        <button type="button" class="quiet" onClick={() => setDraft(undefined)}>
          {t("Do not change it")}
        </button>
      </div>
    </form>
  );
}

function Shown(props: { plan: PlanText }) {
  const { contact_name, contact_phone } = props.plan;
  const contact = [contact_name, contact_phone].filter(Boolean).join(", ");
  return (
    <dl>
      {contact && (
        <div>
          <dt>{t("Somebody I can call")}</dt>
          <dd>{contact}</dd>
        </div>
      )}
      {PARTS.filter(([name]) => props.plan[name]).map(([name, question]) => (
        <div key={name}>
          <dt>{t(question)}</dt>
          <dd>{props.plan[name]}</dd>
        </div>
      ))}
    </dl>
  );
}

function TwoPlans(props: {
  user: string;
  mine: PlanText;
  theirs: PlanText;
  onChanged: () => void;
}) {
  const pick = (mine: boolean) =>
    void choosePlan(props.user, mine).then(props.onChanged);
  return (
    <section class="card conflict" role="alert">
      <h2>{t("Two versions of your plan")}</h2>
      <p>{t("Your plan was changed on another device too. Which one is right?")}</p>
      <h3>{t("This phone")}</h3>
      <Shown plan={props.mine} />
      <h3>{t("Elsewhere")}</h3>
      <Shown plan={props.theirs} />
      <div class="chips">
        <button type="button" onClick={() => pick(true)}>
          {t("Keep this phone's")}
        </button>
        <button type="button" class="quiet" onClick={() => pick(false)}>
          {t("Keep the other")}
        </button>
      </div>
    </section>
  );
}
