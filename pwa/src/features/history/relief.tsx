// How long relief lasted after each series, as far as the clinic shows it.
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../../api/client.ts";
import type { Relief, Spell } from "../../api/types.ts";
import { addDays, spoken } from "../../day.ts";
import { number, t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { keepList, keptList } from "../../store/records.ts";
import { orElse } from "../../store/trouble.ts";

const LIST = "relief";

export function ReliefCard(props: { session: Session; today: string }) {
  const { me, record } = props.session;
  const shown = record.clinic.patients_see;
  const [relief, setRelief] = useState<Relief>();

  useEffect(() => {
    if (shown === "nothing") return;
    void orElse(keptList<Relief>(me.id, LIST), undefined).then(
      (kept) => kept && setRelief(kept),
    );
    void ask(api.GET("/api/v1/relief/")).then(({ data }) => {
      if (!data) return;
      setRelief(data);
      void keepList(me.id, LIST, data).catch(() => undefined);
    });
  }, [me.id, shown]);

  if (shown === "nothing" || !relief?.spells.length) return null;
  return (
    <section class="card">
      <h2>{t("How long relief lasted")}</h2>
      <ul class="spells">
        {relief.spells.toReversed().map((spell) => (
          <li key={spell.series}>
            <strong>{spoken(spell.last_infusion, props.today)}</strong>
            <span>{lasted(spell)}</span>
          </li>
        ))}
      </ul>
      {shown === "outlook" && relief.outlook && (
        <p>{ahead(relief.outlook, props.today)}</p>
      )}
      <p class="hint">
        {t(
          "Counted from the days you wrote. Relief differs each time; what follows from it, your clinic decides with you.",
        )}
      </p>
    </section>
  );
}

/** In words that claim no more than what was written carries. */
function lasted(spell: Spell): string {
  const { lower, upper } = spell;
  switch (spell.status) {
    case "lost":
      if (lower === null || upper === null) return t("cannot be said");
      if (upper - lower <= 1) return tn("{n} day", "{n} days", lower);
      return t("between {from} and {to} days", {
        from: number(lower),
        to: number(upper),
      });
    case "holding":
      return lower === null
        ? t("cannot be said")
        : tn("holding, {n} day so far", "holding, {n} days so far", lower);
    case "cut_by_infusion":
    case "cut_by_silence":
      return lower === null
        ? t("cannot be said")
        : tn("at least {n} day", "at least {n} days", lower);
    case "no_response":
      return t("no clear relief");
    default:
      return t("not enough days to say");
  }
}

function ahead(outlook: NonNullable<Relief["outlook"]>, today: string): string {
  const at = (share: number) =>
    outlook.quantiles.find((one) => one.share === share)?.date;
  const early = at(0.1);
  const late = at(0.9);
  if (!early || early <= addDays(today, -1))
    return t("Nothing can be said of the days ahead.");
  return late
    ? t("Relief may fade between {from} and {to}.", {
        from: spoken(early, today),
        to: spoken(late, today),
      })
    : t("Relief may fade after {from}.", { from: spoken(early, today) });
}
