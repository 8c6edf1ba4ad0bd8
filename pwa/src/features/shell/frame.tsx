// What stands around every screen of a signed-in patient.
import type { ComponentChildren } from "preact";
import { usePath } from "../../router.ts";
import type { Session } from "../../session.ts";
import { Icon, type IconName } from "./parts.tsx";

const PLACES: [string, string, IconName][] = [
  ["/", "Today", "today"],
  ["/history", "History", "history"],
  ["/infusion", "Infusion", "infusion"],
  ["/me", "Me", "me"],
];

export function Frame(props: { session: Session; children: ComponentChildren }) {
  const path = usePath();
  const here = path.startsWith("/day/") ? "/history" : path;
  return (
    <>
      <header class="top">
        {props.session.record.clinic.is_synthetic && (
          <p class="synthetic">Synthetic demo data. Nobody here is real.</p>
        )}
        <a href="/help" class="help-link">
          <Icon name="help" /> Need help now?
        </a>
      </header>
      {props.children}
      <nav class="tabs" aria-label="Main">
        {PLACES.map(([to, word, icon]) => (
          <a href={to} key={to} aria-current={here === to ? "page" : undefined}>
            <Icon name={icon} />
            {word}
          </a>
        ))}
      </nav>
    </>
  );
}
