// Two versions of one day, side by side; the person picks.
import type { Day, DayItems } from "../../api/types.ts";
import { spoken } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import type { Waiting } from "../../store/records.ts";
import { LABELS, VALUES } from "./items.ts";

export function Conflict(props: {
  waiting: Waiting;
  /** What is stored elsewhere; null when it was deleted there. */
  stored: Day | null;
  today: string;
  onChoose: (mine: boolean) => void;
}) {
  const { waiting, stored } = props;
  if (!stored || waiting.act !== "write") return <DeletedOnOneSide {...props} />;
  return (
    <section class="card conflict" role="alert">
      <h2>{t("Two versions of {day}", { day: spoken(waiting.date, props.today) })}</h2>
      <p>{t("This day was written on another device too. Which one is right?")}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("Item")}</th>
            <th scope="col">{t("This phone")}</th>
            <th scope="col">{t("Elsewhere")}</th>
          </tr>
        </thead>
        <tbody>
          {VALUES.map((name) => (
            <tr
              key={name}
              class={differs(waiting.items, stored, name) ? "differs" : ""}
            >
              <th scope="row">{t(LABELS[name] ?? name)}</th>
              <td>{waiting.items[name] ?? t("blank")}</td>
              <td>{stored[name] ?? t("blank")}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("Note")}</th>
            <td>{waiting.items.note || t("blank")}</td>
            <td>{stored.note || t("blank")}</td>
          </tr>
        </tbody>
      </table>
      <div class="chips">
        <button type="button" onClick={() => props.onChoose(true)}>
          {t("Keep this phone's")}
        </button>
        <button type="button" class="quiet" onClick={() => props.onChoose(false)}>
          {t("Keep the other")}
        </button>
      </div>
      <p class="hint">
        {t("The one you do not keep stays in the history of the day.")}
      </p>
    </section>
  );
}

/** One side deleted the day; there is no item to compare. */
function DeletedOnOneSide(props: Parameters<typeof Conflict>[0]) {
  const { waiting, stored } = props;
  return (
    <section class="card conflict" role="alert">
      <h2>
        {t("{day}: delete it or keep it?", { day: spoken(waiting.date, props.today) })}
      </h2>
      <p>
        {stored
          ? t("You deleted this day here, but it was changed on another device since.")
          : t("You wrote this day here, but it was deleted on another device.")}
      </p>
      <div class="chips">
        <button type="button" onClick={() => props.onChoose(!stored)}>
          {t("Keep the day")}
        </button>
        <button type="button" class="quiet" onClick={() => props.onChoose(!!stored)}>
          {t("Delete the day")}
        </button>
      </div>
      <p class="hint">{t("A deleted day can be brought back for 30 days.")}</p>
    </section>
  );
}

function differs(mine: DayItems, stored: Day, name: (typeof VALUES)[number]): boolean {
  return (mine[name] ?? null) !== (stored[name] ?? null);
}
