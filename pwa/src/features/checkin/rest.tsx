// The day of an infusion: rest first, and a short form in the evening.
import type { DayItems, OwnRecord } from "../../api/types.ts";
import { diaryDate } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import { VALUES } from "./items.ts";

const EVENING = "17:00";

/** An infusion was given today, or is booked for today. */
export function isInfusionDay(record: OwnRecord, today: string): boolean {
  const booked = record.next_appointment_at;
  return (
    record.last_infusion_on === today ||
    (booked !== null &&
      diaryDate(new Date(booked), record.time_zone, record.day_start) === today)
  );
}

/** More than the short form asks is filled in already: show all of it. */
export function hasScores(items: DayItems): boolean {
  return VALUES.filter((name) => typeof items[name] === "number").length > 1;
}

export function RestCard(props: { hour: string; onAll: () => void }) {
  return (
    <section class="card rest" aria-label={t("Infusion day")}>
      <p>
        <strong>{t("Today is an infusion day.")}</strong>{" "}
        {props.hour < EVENING
          ? t("Rest now. This evening, these few questions are enough.")
          : t("These few questions are enough today.")}
      </p>
      <p>
        <a href="/infusion">{t("What to think of today")}</a>
      </p>
      <button type="button" class="quiet" onClick={props.onAll}>
        {t("Show all questions")}
      </button>
    </section>
  );
}
