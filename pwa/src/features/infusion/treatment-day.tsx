// What to think of around an infusion. Hours and medicines differ by clinic and
// person, so they are the clinic's to say: nothing here is a number.
import type { OwnRecord } from "../../api/types.ts";
import { daysBetween, diaryDate } from "../../day.ts";
import { msg, t, tn } from "../../i18n/index.ts";

const BEFORE = [
  msg("Ask your clinic from when on not to eat and drink, and keep to it."),
  msg(
    "Take your medicines as your clinic told you for that day. Stop none by yourself.",
  ),
  msg("Arrange who takes you home. You cannot drive yourself."),
];
const AFTER = [
  msg("Do not drive or use machines until your clinic says you can."),
  msg("No alcohol, and no important decisions."),
  msg("Rest. Somebody you trust nearby is good."),
];

/** Sooner it would be forgotten again. */
const DAYS_AHEAD = 7;

export function BeforeInfusion(props: { record: OwnRecord; today: string }) {
  const { record, today } = props;
  if (!record.next_appointment_at) return null;
  const planned = new Date(record.next_appointment_at);
  const on = diaryDate(planned, record.time_zone, record.day_start);
  const days = daysBetween(today, on);
  if (days > DAYS_AHEAD) return null;
  return (
    <section class="card">
      <h2>
        {days === 0
          ? t("Before your infusion today")
          : tn(
              "Before your infusion tomorrow",
              "Before your infusion in {n} days",
              days,
            )}
      </h2>
      <List texts={BEFORE} />
      <AskClinic record={record} />
    </section>
  );
}

export function AfterInfusion(props: { record: OwnRecord }) {
  return (
    <section class="card">
      <h2>{t("After your infusion")}</h2>
      <List texts={AFTER} />
      <AskClinic record={props.record} />
    </section>
  );
}

function List(props: { texts: string[] }) {
  return (
    <ul>
      {props.texts.map((text) => (
        <li key={text}>{t(text)}</li>
      ))}
    </ul>
  );
}

function AskClinic(props: { record: OwnRecord }) {
  const { phone, name } = props.record.clinic;
  if (!phone) return null;
  return (
    <p>
      {t("Questions?")}{" "}
      <a href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}>
        {t("Call {name}", { name })}
      </a>
    </p>
  );
}
