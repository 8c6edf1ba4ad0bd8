// All of a person's days, to take away: as a file, on paper, and an empty sheet.
import { useState } from "preact/hooks";
import { addDays, diaryDate } from "../../day.ts";
import { t, tn } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { allWaiting, knownDays } from "../../store/records.ts";
import { fetchDays } from "../../store/sync.ts";
import { useTerms } from "../../store/terms.ts";
import { Notice } from "../shell/parts.tsx";
import { handOver } from "./file.ts";
import { asCsv, asJson, ownDays, type OwnDay } from "./table.ts";

/** Longest span the server answers at once. */
const SPAN_DAYS = 365;
/** Days before enrolment that staff may have added: the time before treatment. */
const BEFORE_DAYS = 400;

/** Every day this phone can get hold of; `complete` is false without signal. */
export async function collect(
  session: Session,
): Promise<{ days: OwnDay[]; complete: boolean }> {
  const { me, record } = session;
  const today = diaryDate(new Date(), record.time_zone, record.day_start);
  let complete = true;
  let from = addDays(record.enrolled_on, -BEFORE_DAYS);
  while (from <= today && complete) {
    const to = addDays(from, SPAN_DAYS - 1);
    complete = (await fetchDays(me.id, from, to < today ? to : today)) === "";
    from = addDays(from, SPAN_DAYS);
  }
  const known = await knownDays(me.id, "0000-01-01", "9999-12-31");
  return { days: ownDays(known, await allWaiting(me.id)), complete };
}

export function OwnData(props: { session: Session }) {
  const terms = useTerms();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");

  async function take(kind: "csv" | "json") {
    setBusy(true);
    const { days, complete } = await collect(props.session);
    setBusy(false);
    if (kind === "csv")
      handOver("respite-diary.csv", "text/csv", `\ufeff${asCsv(days, terms)}`);
    else handOver("respite-diary.json", "application/json", asJson(days));
    setSaid(
      complete
        ? tn("Saved {n} day.", "Saved {n} days.", days.length)
        : tn(
            "No signal: saved the {n} day this phone has. Older ones need signal.",
            "No signal: saved the {n} days this phone has. Older ones need signal.",
            days.length,
          ),
    );
  }

  return (
    <section class="card">
      <h2>{t("Your data")}</h2>
      <p>{t("Everything you wrote, for yourself or for another doctor.")}</p>
      <div class="chips">
        <button
          type="button"
          class="quiet"
          disabled={busy}
          onClick={() => void take("csv")}
        >
          {t("Save for a spreadsheet")}
        </button>
        <button
          type="button"
          class="quiet"
          disabled={busy}
          onClick={() => void take("json")}
        >
          {t("Save as JSON")}
        </button>
        <a class="button quiet" href="/print">
          {t("Print your days")}
        </a>
        <a class="button quiet" href="/sheet">
          {t("Print an empty sheet")}
        </a>
      </div>
      {busy && <p role="status">{t("Collecting your days …")}</p>}
      {said && <Notice kind="calm">{said}</Notice>}
      <p class="hint">
        {t("Files and paper are not protected. Keep them where you like.")}
      </p>
    </section>
  );
}
