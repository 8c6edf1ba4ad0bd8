// Pages for paper: the days a person wrote, and a sheet for days without a phone.
import { useEffect, useState } from "preact/hooks";
import { addDays, diaryDate, spoken } from "../../day.ts";
import { t } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { useTerms } from "../../store/terms.ts";
import { LABELS, SCALES, VALUES } from "../checkin/items.ts";
import { collect } from "../me/own-data.tsx";
import { effectsText, type OwnDay } from "../me/table.ts";
import { Notice, Screen } from "../shell/parts.tsx";

const SHEET_DAYS = 14;

export function PrintDays(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const terms = useTerms();
  const [found, setFound] = useState<{ days: OwnDay[]; complete: boolean }>();
  useEffect(() => void collect(props.session).then(setFound), [me.id]);

  return (
    <Screen title={t("Diary of {name}", { name: me.name })}>
      <Buttons ready={Boolean(found)} />
      {!found && <p role="status">{t("Collecting your days …")}</p>}
      {found && !found.complete && (
        <Notice kind="calm">
          {t("No signal. These are the days this phone has.")}
        </Notice>
      )}
      {found?.days.length === 0 && <p>{t("Nothing is written yet.")}</p>}
      {found && found.days.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("Your days")}>
          <table class="paper">
            <thead>
              <tr>
                <th scope="col">{t("Day")}</th>
                {VALUES.map((name) => (
                  <th scope="col" key={name}>
                    {t(LABELS[name] ?? name)}
                  </th>
                ))}
                <th scope="col">{t("Side effects")}</th>
                <th scope="col">{t("Note")}</th>
              </tr>
            </thead>
            <tbody>
              {found.days.map((day) => (
                <tr key={day.date}>
                  <th scope="row">{spoken(day.date, today)}</th>
                  {VALUES.map((name) => (
                    <td key={name}>{day.items[name] ?? ""}</td>
                  ))}
                  <td>{effectsText(day.items, terms)}</td>
                  <td>{day.items.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Screen>
  );
}

export function PrintSheet(props: { session: Session }) {
  const { me, record } = props.session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  const days = Array.from({ length: SHEET_DAYS }, (_, n) => addDays(today, n));
  const items = record.items.filter((name) => SCALES[name]);
  return (
    <Screen title={t("Diary sheet")}>
      <Buttons ready />
      <p>
        {me.name}, {record.clinic.name}.{" "}
        {t(
          "Write one number from 0 to 10 in each box, or leave it blank. Bring the sheet to your clinic, or copy it into the app.",
        )}
      </p>
      <ul>
        {items.map((name) => (
          <li key={name}>
            {t("{question}: 0 is {zero}, 10 is {ten}.", {
              question: t(SCALES[name]!.question),
              zero: t(SCALES[name]!.zero),
              ten: t(SCALES[name]!.ten),
            })}
          </li>
        ))}
        <li>
          {t("Side effects: write which, and 1 mild, 2 moderate or 3 severe; or none.")}
        </li>
      </ul>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label={t("Sheet for two weeks")}
      >
        <table class="paper sheet">
          <thead>
            <tr>
              <th scope="col">{t("Day")}</th>
              {items.map((name) => (
                <th scope="col" key={name}>
                  {t(SCALES[name]!.question)}
                </th>
              ))}
              <th scope="col">{t("Hours of sleep")}</th>
              <th scope="col">{t("Side effects")}</th>
              <th scope="col">{t("Note")}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((date) => (
              <tr key={date}>
                <th scope="row">{spoken(date, today)}</th>
                {[...items, "hours", "effects", "note"].map((name) => (
                  <td key={name} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Screen>
  );
}

function Buttons(props: { ready: boolean }) {
  return (
    <div class="chips no-print">
      <button type="button" disabled={!props.ready} onClick={() => print()}>
        {t("Print")}
      </button>
      <a class="button quiet" href="/me">
        {t("Back")}
      </a>
    </div>
  );
}
