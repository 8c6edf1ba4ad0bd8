// A day that can no longer be changed on the phone: what it holds, and its history.
import { useEffect } from "preact/hooks";
import type { DayItems } from "../../api/types.ts";
import { addDays, spoken } from "../../day.ts";
import { number, t } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { fetchDays } from "../../store/sync.ts";
import { useTerms } from "../../store/terms.ts";
import { lateness, DAYS_KEPT } from "../history/rows.ts";
import { effectsText } from "../me/table.ts";
import type { KnownDay } from "../../store/records.ts";
import { Screen } from "../shell/parts.tsx";
import { DayHistory } from "./day-history.tsx";
import { LABELS, VALUES } from "./items.ts";

export function PastDay(props: {
  session: Session;
  date: string;
  today: string;
  known: KnownDay | undefined;
}) {
  const { session, date, today, known } = props;
  const { me, record } = session;
  useEffect(() => {
    if (date < addDays(today, -DAYS_KEPT)) void fetchDays(me.id, date, date);
  }, [me.id, date]);

  const day = known?.deletedAt ? undefined : known?.day;
  return (
    <Screen title={spoken(date, today)}>
      {day ? (
        <DayTable day={day} />
      ) : (
        <p>{known?.deletedAt ? t("This day was deleted.") : t("Blank")}</p>
      )}
      {day && lateness(day.days_late, day.by_staff) && (
        <p class="hint">{lateness(day.days_late, day.by_staff)}</p>
      )}
      <p>
        {t("You can fill in days back to {day}. For earlier ones, ask your clinic.", {
          day: spoken(record.earliest_day, today),
        })}
      </p>
      {known && <DayHistory session={session} date={date} />}
      <div class="chips">
        <a class="button quiet" href="/history">
          {t("Back to all days")}
        </a>
        <a class="button quiet" href="/">
          {t("Go to today")}
        </a>
      </div>
    </Screen>
  );
}

export function DayTable(props: { day: DayItems }) {
  const terms = useTerms();
  const { day } = props;
  return (
    <table class="card day-table">
      <tbody>
        {VALUES.map((name) => (
          <tr key={name}>
            <th scope="row">{t(LABELS[name] ?? name)}</th>
            <td>
              {day[name] === null || day[name] === undefined
                ? t("blank")
                : number(day[name])}
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t("Side effects")}</th>
          <td>{effectsText(day, terms)}</td>
        </tr>
        {day.note && (
          <tr>
            <th scope="row">{t("Note")}</th>
            <td>{day.note}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
