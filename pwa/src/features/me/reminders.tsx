// Whether, when and how to be reminded; what to do where a phone cannot.
import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import { diaryDate } from "../../day.ts";
import { currentLanguage, msg, t } from "../../i18n/index.ts";
import type { Session } from "../../session.ts";
import { uuid7 } from "../../store/ids.ts";
import {
  ability,
  endReminders,
  remindHere,
  type Ability,
} from "../../store/reminders.ts";
import { Field, Notice } from "../shell/parts.tsx";
import { calendarFile } from "./calendar-file.ts";
import { handOver } from "./file.ts";

type Channel = "" | "push" | "email";
const CHANNELS: [Channel, string][] = [
  ["push", msg("A notification on this phone")],
  ["email", msg("An e-mail")],
  ["", msg("No reminders")],
];
const OBSTACLES: Partial<Record<Ability, string>> = {
  refused: msg(
    "Notifications of this app are switched off on this phone. Allow them in the phone's settings, or choose e-mail or your calendar.",
  ),
  "needs install": msg(
    "On an iPhone, first put the app on your home screen: tap Share, then Add to Home Screen, and open it from there. Or choose e-mail or your calendar.",
  ),
  missing: msg(
    "This browser cannot show notifications. Choose e-mail or your calendar.",
  ),
};
const USUAL = "19:30";

export function Reminders(props: { session: Session; onChanged: (me: Me) => void }) {
  const { record } = props.session;
  const [channel, setChannel] = useState<Channel>(record.reminder_channel);
  const [hour, setHour] = useState(record.reminder_time ?? USUAL);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState("");
  const obstacle = channel === "push" ? OBSTACLES[ability()] : undefined;

  async function save(event: Event) {
    event.preventDefault();
    setBusy(true);
    setSaid("");
    const trouble = channel === "push" ? await remindHere() : "";
    if (!trouble && channel !== "push") await endReminders().catch(() => undefined);
    const told = trouble || (await store());
    setBusy(false);
    setProblem(told);
    if (!told) setSaid(t("Saved."));
  }

  async function store(): Promise<string> {
    const { data, error, status } = await ask(
      api.PATCH("/api/v1/me/", {
        body: {
          reminder_channel: channel,
          reminder_time: hour,
          language: currentLanguage(),
        },
      }),
    );
    if (data) props.onChanged(data);
    if (data) return "";
    return status ? words(error) : t("No signal. Try again when it is back.");
  }

  async function tryNow() {
    setBusy(true);
    setSaid("");
    const { error, status } = await ask(api.POST("/api/v1/reminders/try/"));
    setBusy(false);
    const failed = status ? words(error) : t("No signal. Try again when it is back.");
    setProblem(status === 204 ? "" : failed);
    if (status === 204)
      setSaid(t("One is on its way. Give it two minutes, also with the app closed."));
  }

  function giveCalendar() {
    const entry = {
      title: t("A moment for my diary"),
      from: diaryDate(new Date(), record.time_zone, record.day_start),
      at: hour || USUAL,
      key: uuid7(),
    };
    handOver("respite.ics", "text/calendar", calendarFile(entry, new Date()));
  }

  return (
    <form class="card" onSubmit={(event) => void save(event)}>
      <h2>{t("Reminders")}</h2>
      <p class="hint">
        {t(
          "One reminder at your hour and one more later, only on days you have not written. After five without an answer it rests, and asks once a week. On the day before an infusion there is one more.",
        )}
      </p>
      <fieldset class="choices">
        <legend class="hidden">{t("How to be reminded")}</legend>
        {CHANNELS.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name="channel"
              checked={channel === value}
              onChange={() => setChannel(value)}
            />
            {t(text)}
          </label>
        ))}
      </fieldset>
      <Field
        label={t("A good hour for your diary")}
        input={{
          type: "time",
          required: true,
          value: hour,
          onInput: (event) => setHour(event.currentTarget.value),
        }}
      />
      {obstacle && <Notice kind="calm">{t(obstacle)}</Notice>}
      {said && <Notice kind="calm">{said}</Notice>}
      {problem && <Notice kind="bad">{problem}</Notice>}
      <div class="chips">
        <button disabled={busy}>{busy ? t("One moment …") : t("Save")}</button>
        {record.reminder_channel && (
          <button
            type="button"
            class="quiet"
            disabled={busy}
            onClick={() => void tryNow()}
          >
            {t("Send me one now")}
          </button>
        )}
        <button type="button" class="quiet" onClick={giveCalendar}>
          {t("Put it in my calendar")}
        </button>
      </div>
    </form>
  );
}
