// One diary day as it stands on this phone, being written and kept.
import { useEffect, useRef, useState } from "preact/hooks";
import type { DayItems } from "../../api/types.ts";
import {
  draft as keptDraft,
  keepDraft,
  knownDay,
  waitingDay,
  type KnownDay,
  type Waiting,
} from "../../store/records.ts";
import { onChange, saveDay, sendNow, sync } from "../../store/sync.ts";
import { noTrouble, noteTrouble, orElse } from "../../store/trouble.ts";

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

export interface OpenDay {
  items: DayItems;
  /** What waits to be sent. */
  waiting: Waiting | undefined;
  /** What the clinic has, as far as this phone knows. */
  known: KnownDay | undefined;
  dirty: boolean;
  loaded: boolean;
  /** What became of a day sent past the store, which took nothing. */
  direct: { problem: string } | undefined;
  change: (part: Partial<DayItems>) => void;
  save: () => Promise<void>;
}

export function useDay(user: string, date: string): OpenDay {
  const [items, setItems] = useState<DayItems>({});
  const [waiting, setWaiting] = useState<Waiting>();
  const [known, setKnown] = useState<KnownDay>();
  const [dirty, setDirty] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const [direct, setDirect] = useState<{ problem: string }>();
  const touched = useRef(false);
  /** What was sent past a store that keeps nothing: nobody else here knows of it. */
  const past = useRef<KnownDay | undefined>(undefined);

  useEffect(() => {
    let current = true;
    touched.current = false;
    past.current = undefined;
    setDirect(undefined);
    setLoaded(false);
    setDirty(false);
    async function load() {
      const [kept, sent, draft] = await Promise.all([
        orElse(knownDay(user, date), undefined),
        orElse(waitingDay(user, date), undefined),
        orElse(keptDraft(user, date), undefined),
      ]);
      if (!current) return;
      const day = kept ?? past.current;
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
    void sync(user);
    const stop = onChange(() => void load());
    return () => {
      current = false;
      stop();
    };
  }, [user, date]);

  function change(part: Partial<DayItems>) {
    touched.current = true;
    setDirect(undefined);
    const next = { ...items, ...part };
    setItems(next);
    setDirty(true);
    // Half-filled screens survive a closed tab and a dead battery.
    void keepDraft(user, date, next).then(noTrouble, noteTrouble);
  }

  async function save() {
    const failed = await saveDay(user, date, items).catch((fault: unknown) => fault);
    if (failed === undefined) noTrouble();
    else {
      noteTrouble(failed);
      const told = await sendNow(date, items, known?.version ?? 0);
      setDirect(told);
      if (!told.day) return;
      past.current = { date, version: told.day.version, day: told.day };
      setKnown(past.current);
    }
    touched.current = false;
    setDirty(false);
  }

  return { items, waiting, known, dirty, loaded, direct, change, save };
}
