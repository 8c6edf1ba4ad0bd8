// One diary day on one screen.
import { useState } from "preact/hooks";
import { problemWords } from "../../api/client.ts";
import { addDays, clock, diaryDate, daysBetween, spoken, wall } from "../../day.ts";
import { number, t, tn } from "../../i18n/index.ts";
import { go } from "../../router.ts";
import type { Session } from "../../session.ts";
import { deleteDay } from "../../store/sync.ts";
import { useTerms } from "../../store/terms.ts";
import { later } from "../shell/later.tsx";
import { Notice, Screen } from "../shell/parts.tsx";
import { DayNotices } from "./day-notices.tsx";
import { SideEffects } from "./effects.tsx";
import { MAX_NOTE, SCALES } from "./items.ts";
import { hasScores, isInfusionDay, RestCard } from "./rest.tsx";
import { ScaleCard } from "./scale.tsx";
import { SleepHours } from "./sleep.tsx";
import { Status } from "./status.tsx";
import { useDay } from "./use-day.ts";

const DayHistory = later(
  () => import("./day-history.tsx").then((part) => part.DayHistory),
  true,
);
const DeleteDay = later(
  () => import("./delete-day.tsx").then((part) => part.DeleteDay),
  true,
);
const PastDay = later(() => import("./past-day.tsx").then((part) => part.PastDay));

export function CheckIn(props: { session: Session; date?: string }) {
  const { me, record } = props.session;
  const now = new Date();
  const today = diaryDate(now, record.time_zone, record.day_start);
  const date = props.date ?? today;
  const day = useDay(me.id, date);
  const { items, known, waiting, dirty, change } = day;
  const [whole, setWhole] = useState(false);
  const terms = useTerms();

  const stored = Boolean(known?.day) && !known?.deletedAt;
  const problem = (field: string) =>
    waiting?.trouble?.kind === "refused"
      ? problemWords(
          waiting.trouble.problems.find((one) => one.field.startsWith(field)),
        )
      : undefined;
  const early = wall(now, record.time_zone);
  // On the day of an infusion only what matters most is asked, and in the evening.
  const restful =
    !whole && date === today && isInfusionDay(record, today) && !hasScores(items);
  const asked = restful ? [record.primary_outcome] : record.items;
  const isLate = date < record.earliest_day && date < today;
  if (isLate)
    return <PastDay session={props.session} date={date} today={today} known={known} />;
  if (date > today)
    return (
      <Screen title={spoken(date, today)}>
        <p>{t("This day is still to come.")}</p>
        <p>
          <a href="/">{t("Go to today")}</a>
        </p>
      </Screen>
    );

  return (
    <Screen
      title={spoken(date, today)}
      aside={<Status waiting={waiting} stored={stored} dirty={dirty} user={me.id} />}
    >
      <p class="under-title">
        {record.last_infusion_on && date >= record.last_infusion_on
          ? t("Day {n} after your infusion", {
              n: number(daysBetween(record.last_infusion_on, date)),
            })
          : t("Before your first infusion every day counts twice")}
        {date === today ? (
          <a href={`/day/${addDays(today, -1)}`}>{t("Yesterday")}</a>
        ) : (
          <a href="/">{t("Today")}</a>
        )}
      </p>
      {date === today && early.time < record.day_start && (
        <Notice kind="calm">
          {t("It is {now}. Until {start} this still counts for {day}.", {
            now: clock(early.time),
            start: clock(record.day_start),
            day: spoken(today, today),
          })}
        </Notice>
      )}
      <DayNotices user={me.id} date={date} today={today} day={day} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void day.save();
        }}
        aria-busy={!day.loaded}
        class="checkin"
      >
        {restful && <RestCard hour={early.time} onAll={() => setWhole(true)} />}
        {asked.map((name) => {
          const scale = SCALES[name];
          if (scale)
            return (
              <ScaleCard
                key={name}
                scale={scale}
                value={items[scale.key]}
                problem={problem(name)}
                onChange={(value) => change({ [scale.key]: value })}
              />
            );
          return (
            <SleepHours
              key={name}
              value={items.sleep_hours}
              problem={problem(name)}
              onChange={(value) => change({ sleep_hours: value })}
            />
          );
        })}
        <SideEffects
          value={items.side_effects}
          terms={terms}
          user={me.id}
          record={record}
          date={date}
          problem={problem("side_effects")}
          onChange={(value) => change({ side_effects: value ?? null })}
        />
        <p class="card field">
          <label for="note">{t("Note (optional)")}</label>
          <textarea
            id="note"
            rows={2}
            maxLength={MAX_NOTE}
            value={items.note ?? ""}
            aria-describedby="note-left"
            onInput={(event) => change({ note: event.currentTarget.value })}
          />
          <span class="hint" id="note-left">
            {tn(
              "{n} character left. Staff may read it days later.",
              "{n} characters left. Staff may read it days later.",
              MAX_NOTE - (items.note ?? "").length,
            )}
          </span>
        </p>
        <div class="save">
          <button disabled={!dirty && stored}>
            {dirty || !stored ? t("Save") : t("Saved")}
          </button>
        </div>
      </form>
      <div class="after-form">
        {date !== today && (
          <button type="button" class="quiet" onClick={() => go("/history")}>
            {t("Back to all days")}
          </button>
        )}
        {stored && <DayHistory session={props.session} date={date} key={date} />}
        {stored && !waiting && (
          <DeleteDay
            onDelete={() => {
              void deleteDay(me.id, date);
              // What happened, and how to undo it, is said at the top.
              scrollTo({ top: 0 });
            }}
          />
        )}
      </div>
    </Screen>
  );
}
