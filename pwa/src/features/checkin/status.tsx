// Where a day is: only here, at the clinic, or in need of its writer.
import { useEffect, useState } from "preact/hooks";
import { t, tn } from "../../i18n/index.ts";
import type { Waiting } from "../../store/records.ts";
import { onChange, outbox as lookAtOutbox, type Outbox } from "../../store/sync.ts";

export function Status(props: {
  waiting: Waiting | undefined;
  stored: boolean;
  dirty: boolean;
  user: string;
}) {
  const [outbox, setOutbox] = useState<Outbox>({ state: "sent", count: 0 });
  useEffect(() => {
    const look = () => void lookAtOutbox(props.user).then(setOutbox);
    look();
    return onChange(look);
  }, [props.user]);

  const [mark, text] = describe(props, outbox);
  return (
    <p class={`status ${mark}`} role="status" aria-live="polite">
      <span aria-hidden="true">{MARKS[mark]}</span> {text}
      {mark === "waiting" && outbox.state === "sign in" && (
        <>
          {" "}
          <a href="/sign-in">{t("Sign in to send")}</a>
        </>
      )}
    </p>
  );
}

type Mark = "empty" | "unsaved" | "waiting" | "sent" | "trouble";
const MARKS: Record<Mark, string> = {
  empty: "○",
  unsaved: "◌",
  waiting: "◐",
  sent: "●",
  trouble: "▲",
};

function describe(
  props: { waiting: Waiting | undefined; stored: boolean; dirty: boolean },
  outbox: Outbox,
): [Mark, string] {
  if (props.waiting?.trouble) return ["trouble", t("Needs you")];
  if (props.dirty) return ["unsaved", t("Not saved yet")];
  if (props.waiting)
    return [
      "waiting",
      outbox.count > 1
        ? tn(
            "Saved on this phone. {n} day waits for signal",
            "Saved on this phone. {n} days wait for signal",
            outbox.count,
          )
        : t("Saved on this phone"),
    ];
  if (props.stored) return ["sent", t("Sent to your clinic")];
  return outbox.state === "needs you"
    ? ["trouble", t("Another day needs you")]
    : ["empty", t("Nothing written yet")];
}
