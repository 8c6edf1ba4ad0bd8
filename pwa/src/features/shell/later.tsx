// Screens that few open each day come in parts of their own, so that the first
// start on a slow network fetches what today needs. The worker keeps them all.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Screen } from "./parts.tsx";

export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  /** A piece of a screen: it comes without a word, and pushes nothing about. */
  piece = false,
): ComponentType<P> {
  let Loaded: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [state, setState] = useState<"" | "ready" | "failed">(Loaded ? "ready" : "");
    useEffect(() => {
      if (Loaded) return;
      load().then(
        (found) => {
          Loaded = found;
          setState("ready");
        },
        () => setState("failed"),
      );
    }, []);
    if (Loaded) return <Loaded {...props} />;
    if (piece)
      return state === "failed" ? (
        <p class="hint">
          {t("This page is not on your phone yet. It comes when there is signal.")}
        </p>
      ) : null;
    if (state !== "failed") return <p class="waiting-line">{t("One moment …")}</p>;
    return (
      <Screen title={t("No signal")}>
        <p>{t("This page is not on your phone yet. It comes when there is signal.")}</p>
        <button type="button" onClick={() => location.reload()}>
          {t("Try again")}
        </button>
      </Screen>
    );
  };
}
