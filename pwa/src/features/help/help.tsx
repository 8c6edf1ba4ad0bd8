// The safety card: reachable from everywhere, also signed out and offline.
import { useEffect, useState } from "preact/hooks";
import type { OwnRecord, Safety } from "../../api/types.ts";
import { clock, spoken, wall } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import {
  keptSafety,
  planOf,
  refreshSafety,
  watchers,
  type Kept,
} from "../../store/safety.ts";
import { later } from "../shell/later.tsx";
import { Screen } from "../shell/parts.tsx";
import { openingOf } from "./hours.ts";

const Plan = later(() => import("./plan.tsx").then((part) => part.Plan), true);

/** The card this phone has, brought up to date when there is signal. */
export function useSafety(user: string | undefined): [Kept | undefined, () => void] {
  const [kept, setKept] = useState<Kept>();
  const read = () =>
    void keptSafety(user ?? "").then((found) => found && setKept(found));
  const look = () => {
    if (!user) return;
    read();
    void refreshSafety(user).then((found) => found && setKept(found));
  };
  useEffect(() => {
    look();
    watchers.add(read);
    return () => watchers.delete(read);
  }, [user]);
  return [kept, look];
}

export function SafetyCard(props: {
  user: string | undefined;
  record: OwnRecord | undefined;
}) {
  const [kept] = useSafety(props.user);
  return <Card kept={kept} record={props.record} />;
}

function Card(props: { kept: Kept | undefined; record: OwnRecord | undefined }) {
  const { kept, record } = props;
  const card = kept?.card;
  const plan = planOf(kept);
  return (
    <section class="card safety" aria-label={t("Safety card")}>
      <p>
        <strong>{t("This app is not watched around the clock.")}</strong>{" "}
        {t("Nobody may see what you write until the clinic opens.")}
      </p>
      <p>
        {t(
          "If you are in danger, cannot breathe well, have chest pain, or think of ending your life, call now:",
        )}
      </p>
      <ul class="calls">
        {card?.confirmed ? (
          <>
            <Call phone={card.emergency} name={t("Emergency")} loud />
            {card.lines.map((line) => (
              <Call key={line.phone} {...line} />
            ))}
          </>
        ) : (
          <li>
            {t(
              "Your local emergency number: 112 in Europe, 911 in North America. Or go to the nearest emergency department.",
            )}
          </li>
        )}
        {plan.contact_phone && (
          <Call
            phone={plan.contact_phone}
            name={plan.contact_name || t("My person")}
            hours={t("your own person")}
          />
        )}
      </ul>
      <Clinic clinic={card?.clinic} record={record} />
      <p>{t("If you can, tell somebody near you how you feel.")}</p>
    </section>
  );
}

function Call(props: {
  phone: string;
  name: string;
  sms?: string;
  hours?: string;
  loud?: boolean;
}) {
  return (
    <li>
      <a
        href={`tel:${bare(props.phone)}`}
        class={props.loud ? "button call loud" : "button call quiet"}
      >
        {t("Call {phone}", { phone: props.phone })}
      </a>
      <span>
        {props.name}
        {props.hours && <span class="hint"> · {props.hours}</span>}
        {props.sms && (
          <>
            {" "}
            <a href={`sms:${bare(props.sms)}`}>
              {t("or text {number}", { number: props.sms })}
            </a>
          </>
        )}
      </span>
    </li>
  );
}

/** As a phone dials it. */
function bare(phone: string): string {
  return phone.replaceAll(/[^+\d]/g, "");
}

function Clinic(props: {
  clinic: Safety["clinic"] | undefined;
  record: OwnRecord | undefined;
}) {
  const { clinic, record } = props;
  const phone = clinic?.phone || record?.clinic.phone;
  if (!phone) return <p>{t("In opening hours, call your clinic.")}</p>;
  return (
    <ul class="calls">
      <Call
        phone={phone}
        name={clinic?.name ?? record?.clinic.name ?? ""}
        hours={clinic ? openingWords(clinic) : t("in its opening hours")}
      />
    </ul>
  );
}

function openingWords(clinic: Safety["clinic"]): string {
  const now = new Date();
  const opening = openingOf(clinic, now);
  if (opening.open) return t("open until {time}", { time: clock(opening.until) });
  if (opening.date === null) return t("in its opening hours");
  const today = wall(now, clinic.time_zone).date;
  return t("closed, opens {day} at {time}", {
    day: opening.date === today ? t("today") : spoken(opening.date, today),
    time: clock(opening.at),
  });
}

export function Help(props: {
  user: string | undefined;
  record: OwnRecord | undefined;
}) {
  const [kept, look] = useSafety(props.user);
  return (
    <Screen title={t("Help now")}>
      <Card kept={kept} record={props.record} />
      {props.user && props.record && (
        <Plan user={props.user} kept={kept} onChanged={look} />
      )}
      <p>
        <a href="/">{t("Back to your diary")}</a>
      </p>
    </Screen>
  );
}
