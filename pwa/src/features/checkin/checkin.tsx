// One diary day on one screen.
import { useEffect, useRef, useState } from "preact/hooks";
import { problemWords, words } from "../../api/client.ts";
import type { DayItems } from "../../api/types.ts";
import { addDays, clock, diaryDate, daysBetween, spoken, wall } from "../../day.ts";
import { number, t, tn } from "../../i18n/index.ts";
import { go } from "../../router.ts";
import type { Session } from "../../session.ts";
import {
  draft as keptDraft,
  keepDraft,
  knownDay,
  waitingDay,
  type KnownDay,
  type Waiting,
} from "../../store/records.ts";
import {
  choose,
  deleteDay,
  discard,
  onChange,
  restoreDay,
  saveDay,
  sendNow,
  sync,
} from "../../store/sync.ts";
import { useTerms } from "../../store/terms.ts";
import { noTrouble, noteTrouble, orElse } from "../../store/trouble.ts";
import { later } from "../shell/later.tsx";
import { Notice, Screen } from "../shell/parts.tsx";
import { SideEffects } from "./effects.tsx";
import { MAX_NOTE, SCALES } from "./items.ts";
import { hasScores, isInfusionDay, RestCard } from "./rest.tsx";
import { ScaleCard } from "./scale.tsx";
import { SleepHours } from "./sleep.tsx";
import { Status } from "./status.tsx";

const Conflict = later(
  () => import("./conflict.tsx").then((part) => part.Conflict),
  true,
);
const DayHistory = later(
  () => import("./day-history.tsx").then((part) => part.DayHistory),
  true,
);
const PastDay = later(() => import("./past-day.tsx").then((part) => part.PastDay));

const ITEMS = [
  "mood",
  "anxiety",
  "pain",
  "sleep_quality",
  "energy",
  "sleep_hours",
  "note",
  "side_effects",
] as const;

function itemsOf(day: DayItems): DayItems {
  return Object.fromEntries(ITEMS.map((name) => [name, day[name]])) as DayItems;
}

export function CheckIn(props: { session: Session; date?: string }) {
  const { me, record } = props.session;
  const now = new Date();
  const today = diaryDate(now, record.time_zone, record.day_start);
  const date = props.date ?? today;
  const [items, setItems] = useState<DayItems>({});
  const [waiting, setWaiting] = useState<Waiting>();
  const [known, setKnown] = useState<KnownDay>();
  const [dirty, setDirty] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const [whole, setWhole] = useState(false);
  const [direct, setDirect] = useState<{ problem: string }>();
  const touched = useRef(false);
  const terms = useTerms();

  useEffect(() => {
    let current = true;
    touched.current = false;
    setLoaded(false);
    setDirty(false);
    async function load() {
      const [day, sent, draft] = await Promise.all([
        orElse(knownDay(me.id, date), undefined),
        orElse(waitingDay(me.id, date), undefined),
        orElse(keptDraft(me.id, date), undefined),
      ]);
      if (!current) return;
      setWaiting(sent);
      setKnown(day);
      if (!touched.current) {
        const shown = day?.day && !day.deletedAt ? itemsOf(day.day) : {};
        setItems(draft ?? sent?.items ?? shown);
        setDirty(Boolean(draft));
      }
      setLoaded(true);
    }
    void load();
    // What another device wrote may be newer than what this phone has.
    void sync(me.id);
    const stop = onChange(() => void load());
    return () => {
      current = false;
      stop();
    };
  }, [me.id, date]);

  function change(part: Partial<DayItems>) {
    touched.current = true;
    setDirect(undefined);
    const next = { ...items, ...part };
    setItems(next);
    setDirty(true);
    // Half-filled screens survive a closed tab and a dead battery.
    void keepDraft(me.id, date, next).then(noTrouble, noteTrouble);
  }

  async function save(event: Event) {
    event.preventDefault();
    const failed = await saveDay(me.id, date, items).catch((fault: unknown) => fault);
    if (failed !== undefined) {
      noteTrouble(failed);
      const told = await sendNow(date, items, known?.version ?? 0);
      setDirect(told);
      if (told.problem) return;
    } else noTrouble();
    touched.current = false;
    setDirty(false);
  }

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
      {waiting?.trouble?.kind === "conflict" && (
        <Conflict
          waiting={waiting}
          stored={waiting.trouble.stored}
          today={today}
          onChoose={(mine) => void choose(waiting, mine)}
        />
      )}
      {waiting?.trouble?.kind === "refused" && (
        <Notice kind="bad">
          {t("The clinic's server did not take this day:")}{" "}
          {words({ code: "invalid", message: waiting.trouble.message })}{" "}
          {t("What you typed is still here. Change it and save again.")}
        </Notice>
      )}
      {waiting?.trouble?.kind === "unreadable" && (
        <Notice kind="bad">
          {t(waiting.trouble.message)} {t("Please write it again.")}{" "}
          <button type="button" class="quiet" onClick={() => void discard(waiting)}>
            {t("Clear it")}
          </button>
        </Notice>
      )}
      {direct && (
        <Notice kind={direct.problem ? "bad" : "calm"}>
          {direct.problem
            ? `${t("Not saved yet.")} ${direct.problem}`
            : t("Sent to your clinic at once, because this phone could not keep it.")}
        </Notice>
      )}
      {known?.deletedAt && !waiting && (
        <Notice kind="calm">
          {t("You deleted this day. It can be brought back for 30 days.")}{" "}
          <button
            type="button"
            class="quiet"
            onClick={() => void restoreDay(me.id, date)}
          >
            {t("Bring it back")}
          </button>
        </Notice>
      )}
      <form onSubmit={save} aria-busy={!loaded} class="checkin">
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

/** Asks once more: a slip of the thumb deletes nothing. */
function DeleteDay(props: { onDelete: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button type="button" class="quiet" onClick={() => setAsked(true)}>
        {t("Delete this day")}
      </button>
    );
  return (
    <div class="card" role="group" aria-label={t("Delete this day?")}>
      <p>{t("Delete this day? You can bring it back for 30 days.")}</p>
      <div class="chips">
        <button
          type="button"
          onClick={() => {
            setAsked(false);
            props.onDelete();
          }}
        >
          {t("Yes, delete")}
        </button>
        <button type="button" class="quiet" onClick={() => setAsked(false)}>
          {t("No, keep it")}
        </button>
      </div>
    </div>
  );
}
