// What stands around every screen of a signed-in patient.
import type { ComponentChildren } from "preact";
import { msg, t } from "../../i18n/index.ts";
import { usePath } from "../../router.ts";
import type { Session } from "../../session.ts";
import { Icon, type IconName } from "./parts.tsx";
import { StorageNotice } from "./storage-notice.tsx";

const PLACES: [string, string, IconName][] = [
  ["/", msg("Today"), "today"],
  ["/history", msg("History"), "history"],
  ["/infusion", msg("Infusion"), "infusion"],
  ["/me", msg("Me"), "me"],
];

export function Frame(props: { session: Session; children: ComponentChildren }) {
  const path = usePath();
  const here = /^\/(day\/|trends)/.test(path) ? "/history" : path;
  return (
    <>
      <header class="top">
        {props.session.record.clinic.is_synthetic && (
          <p class="synthetic">{t("Synthetic demo data. Nobody here is real.")}</p>
        )}
        <a href="/help" class="help-link">
          <Icon name="help" /> {t("Need help now?")}
        </a>
      </header>
      <StorageNotice />
      {props.children}
      <nav class="tabs" aria-label={t("Main")}>
        {PLACES.map(([to, word, icon]) => (
          <a href={to} key={to} aria-current={here === to ? "page" : undefined}>
            <Icon name={icon} />
            {t(word)}
          </a>
        ))}
      </nav>
    </>
  );
}
