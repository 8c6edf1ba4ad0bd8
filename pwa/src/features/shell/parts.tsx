// Pieces that every screen is made of.
import type { ComponentChildren, JSX } from "preact";

export function Screen(props: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <main>
      <header class="screen-head">
        <h1>{props.title}</h1>
        {props.aside}
      </header>
      {props.children}
    </main>
  );
}

export function Field(props: {
  label: string;
  hint?: string;
  problem?: string | undefined;
  input: JSX.IntrinsicElements["input"];
}) {
  const id = props.label.toLowerCase().replaceAll(/\W+/g, "-");
  const notes = [props.hint && `${id}-hint`, props.problem && `${id}-problem`];
  return (
    <p class="field">
      <label for={id}>{props.label}</label>
      {props.hint && (
        <span class="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
      <input
        id={id}
        aria-describedby={notes.filter(Boolean).join(" ") || undefined}
        aria-invalid={props.problem ? true : undefined}
        {...props.input}
      />
      {props.problem && (
        <span class="problem" id={`${id}-problem`}>
          {props.problem}
        </span>
      )}
    </p>
  );
}

export function Notice(props: { kind: "calm" | "bad"; children: ComponentChildren }) {
  return (
    <div
      class={`notice ${props.kind}`}
      role={props.kind === "bad" ? "alert" : "status"}
    >
      {props.children}
    </div>
  );
}

export type IconName = "today" | "history" | "infusion" | "me" | "help";

// Drawn for this app on a 24 by 24 grid; always beside a word.
const PATHS: Record<IconName, string> = {
  today: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  history: "M4 6h16M4 12h16M4 18h10",
  infusion: "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6",
  help: "M12 21s-8-5-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 6-8 11-8 11z",
};

export function Icon(props: { name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class="icon">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
