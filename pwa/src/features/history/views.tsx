// The two ways to look back.
import { msg, t } from "../../i18n/index.ts";

const VIEWS: [string, string][] = [
  ["/history", msg("Calendar")],
  ["/trends", msg("Trends")],
];

export function Views(props: { here: string }) {
  return (
    <nav class="views" aria-label={t("Ways to look back")}>
      {VIEWS.map(([to, word]) => (
        <a href={to} key={to} aria-current={to === props.here ? "page" : undefined}>
          {t(word)}
        </a>
      ))}
    </nav>
  );
}
