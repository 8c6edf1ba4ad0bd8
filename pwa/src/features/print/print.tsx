// Pages for paper: the days a person wrote, and a sheet for days without a phone.
import { useEffect, useState } from "preact/hooks";
import { addDays, diaryDate, spoken } from "../../day.ts";
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
    <Screen title={`Diary of ${me.name}`}>
      <Buttons ready={Boolean(found)} />
      {!found && <p role="status">Collecting your days …</p>}
      {found && !found.complete && (
        <Notice kind="calm">No signal. These are the days this phone has.</Notice>
      )}
      {found?.days.length === 0 && <p>Nothing is written yet.</p>}
      {found && found.days.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Your days">
          <table class="paper">
            <thead>
              <tr>
                <th scope="col">Day</th>
                {VALUES.map((name) => (
                  <th scope="col" key={name}>
                    {LABELS[name]}
                  </th>
                ))}
                <th scope="col">Side effects</th>
                <th scope="col">Note</th>
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
    <Screen title="Diary sheet">
      <Buttons ready />
      <p>
        {me.name}, {record.clinic.name}. Write one number from 0 to 10 in each box, or
        leave it blank. Bring the sheet to your clinic, or copy it into the app.
      </p>
      <ul>
        {items.map((name) => (
          <li key={name}>
            {SCALES[name]!.question}: 0 is {SCALES[name]!.zero}, 10 is{" "}
            {SCALES[name]!.ten}.
          </li>
        ))}
        <li>Side effects: write which, and 1 mild, 2 moderate or 3 severe; or none.</li>
      </ul>
      <div class="scroll" tabIndex={0} role="region" aria-label="Sheet for two weeks">
        <table class="paper sheet">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {items.map((name) => (
                <th scope="col" key={name}>
                  {SCALES[name]!.question}
                </th>
              ))}
              <th scope="col">Hours of sleep</th>
              <th scope="col">Side effects</th>
              <th scope="col">Note</th>
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
        Print
      </button>
      <a class="button quiet" href="/me">
        Back
      </a>
    </div>
  );
}
