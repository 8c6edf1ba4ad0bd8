// What stands between a day and the clinic, above its questions.
import { words } from "../../api/client.ts";
import { t } from "../../i18n/index.ts";
import { choose, discard, restoreDay } from "../../store/sync.ts";
import { later } from "../shell/later.tsx";
import { Notice } from "../shell/parts.tsx";
import type { OpenDay } from "./use-day.ts";

const Conflict = later(
  () => import("./conflict.tsx").then((part) => part.Conflict),
  true,
);

export function DayNotices(props: {
  user: string;
  date: string;
  today: string;
  day: OpenDay;
}) {
  const { user, date, today, day } = props;
  const { waiting, known, direct } = day;
  return (
    <>
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
            onClick={() => void restoreDay(user, date)}
          >
            {t("Bring it back")}
          </button>
        </Notice>
      )}
    </>
  );
}
