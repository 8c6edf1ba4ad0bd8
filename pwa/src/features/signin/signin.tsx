// Signing in: a passkey, a code by e-mail, or a password for who has one.
import { useEffect, useState } from "preact/hooks";
import { api, ask, problemWords, words } from "../../api/client.ts";
import type { Me, Refusal } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { safeNext } from "../../router.ts";
import { sendsCodes } from "../../session.ts";
import { canMakePasskeys, signInByPasskey } from "../../store/passkeys.ts";
import { local } from "../../store/trouble.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";
import { later } from "../shell/later.tsx";

const LeftBehind = later(
  () => import("./left-behind.tsx").then((part) => part.LeftBehind),
  true,
);

type Way = "code" | "password";
const WAY = "sign-in-way";

/** What was used last; staff, who come for the dashboard, have a password. */
function usualWay(): Way {
  if (!sendsCodes()) return "password";
  const last = local.get(WAY);
  if (last === "code" || last === "password") return last;
  return safeNext(location.search).startsWith("/dashboard") ? "password" : "code";
}

export function SignIn(props: { onSignedIn: (me: Me) => void }) {
  const [way, setWay] = useState<Way>(usualWay);
  const [email, setEmail] = useState("");
  const [passkeys, setPasskeys] = useState(false);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    void canMakePasskeys().then(setPasskeys);
  }, []);

  async function byPasskey() {
    setProblem("");
    const { me, problem: trouble } = await signInByPasskey();
    if (me) props.onSignedIn(me);
    else setProblem(trouble);
  }

  function signedIn(me: Me) {
    local.set(WAY, way);
    props.onSignedIn(me);
  }

  const other = way === "code" ? "password" : "code";
  const form = { email, setEmail, onSignedIn: signedIn };
  return (
    <Screen title={t("Respite")}>
      <p class="lead">{t("Your diary between infusions.")}</p>
      <LeftBehind />
      {way === "code" ? <ByCode {...form} /> : <ByPassword {...form} />}
      {problem && <Notice kind="bad">{problem}</Notice>}
      <div class="chips">
        {passkeys && (
          <button type="button" class="quiet" onClick={() => void byPasskey()}>
            {t("Use a passkey")}
          </button>
        )}
        {sendsCodes() && (
          <button type="button" class="quiet" onClick={() => setWay(other)}>
            {other === "password" ? t("Use a password") : t("Get a code by e-mail")}
          </button>
        )}
      </div>
      <p class="hint">
        {t(
          "You were invited by your clinic. If you cannot get in, ask them for a new link.",
        )}
      </p>
      <p>
        <a href="/help">{t("Need help now?")}</a>
      </p>
    </Screen>
  );
}

interface FormProps {
  email: string;
  setEmail: (email: string) => void;
  onSignedIn: (me: Me) => void;
}

function Email(props: FormProps & { problem?: string | undefined }) {
  return (
    <Field
      label={t("E-mail")}
      problem={props.problem}
      input={{
        type: "email",
        autocomplete: "username",
        required: true,
        value: props.email,
        onInput: (event) => props.setEmail(event.currentTarget.value),
      }}
    />
  );
}

function ByPassword(props: FormProps) {
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    const { data, error } = await ask(
      api.POST("/api/v1/session/", { body: { email: props.email, password } }),
    );
    setBusy(false);
    if (data) props.onSignedIn(data);
    else setProblem(words(error));
  }

  return (
    <form onSubmit={(event) => void submit(event)} class="card">
      <Email {...props} />
      <Field
        label={t("Password")}
        input={{
          type: "password",
          autocomplete: "current-password",
          required: true,
          value: password,
          onInput: (event) => setPassword(event.currentTarget.value),
        }}
      />
      {problem && <Notice kind="bad">{problem}</Notice>}
      <button disabled={busy}>{busy ? t("Signing in …") : t("Sign in")}</button>
    </form>
  );
}

const ASKED = "sign-in-code";
const ASKED_MS = 15 * 60_000;

/** Whom a code was sent to; looking at the letter may close the app on a phone. */
function askedFor(): string | undefined {
  const [at, ...email] = (local.get(ASKED) ?? "").split(" ");
  return Date.now() - Number(at) < ASKED_MS && email.length > 0
    ? email.join(" ")
    : undefined;
}

function ByCode(props: FormProps) {
  const [asked, setAsked] = useState(askedFor() !== undefined);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function askForCode() {
    const { error, status } = await ask(
      api.POST("/api/v1/session/code/", { body: { email: props.email } }),
    );
    if (status === 204) local.set(ASKED, `${Date.now()} ${props.email}`);
    setAsked(status === 204);
    setProblem(status === 204 ? "" : told(error));
  }

  async function confirm() {
    const { data, error } = await ask(
      api.POST("/api/v1/session/code/confirm/", { body: { code } }),
    );
    if (!data) return setProblem(told(error));
    local.set(ASKED, null);
    props.onSignedIn(data);
  }

  function again() {
    local.set(ASKED, null);
    setAsked(false);
    setProblem("");
  }

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    await (asked ? confirm() : askForCode());
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void submit(event)} class="card">
      {asked ? (
        <>
          <p role="status">
            {t(
              "If {email} is known at a clinic here, a code is on its way. Look among unwanted mail too.",
              { email: props.email || askedFor() || "" },
            )}
          </p>
          <Field
            label={t("The code in the letter")}
            problem={problem}
            input={{
              inputMode: "numeric",
              autocomplete: "one-time-code",
              required: true,
              value: code,
              onInput: (event) => setCode(event.currentTarget.value),
            }}
          />
        </>
      ) : (
        <Email {...props} problem={problem} />
      )}
      <button disabled={busy}>
        {busy ? t("One moment …") : asked ? t("Sign in") : t("E-mail me a code")}
      </button>
      {asked && (
        <button type="button" class="quiet" onClick={again}>
          {t("Ask for another code")}
        </button>
      )}
    </form>
  );
}

/** The problem of the one field there is, or of the whole. */
function told(refusal: unknown): string {
  const first = (refusal as Partial<Refusal> | undefined)?.problems?.[0];
  return problemWords(first) ?? words(refusal);
}
