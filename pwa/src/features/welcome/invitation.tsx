// An invitation is used once: it signs in, and asks how to come back later.
import { useEffect, useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Invited, Me, Refusal } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { sendsCodes } from "../../session.ts";
import { canMakePasskeys, makePasskey } from "../../store/passkeys.ts";
import { deviceName } from "../me/device-name.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";

export function Invitation(props: {
  token: string;
  /** Whether it is known what this clinic's server can do. */
  ready: boolean;
  onSignedIn: (me: Me) => void;
}) {
  const [invited, setInvited] = useState<Invited>();
  const [problem, setProblem] = useState("");
  const [passkeys, setPasskeys] = useState<boolean>();

  useEffect(() => {
    void canMakePasskeys().then(setPasskeys);
    void ask(
      api.POST("/api/v1/invitations/check/", { body: { token: props.token } }),
    ).then(({ data, error }) => (data ? setInvited(data) : setProblem(words(error))));
  }, [props.token]);

  if (!invited || passkeys === undefined || !props.ready)
    return (
      <Screen title={t("Your invitation")}>
        {problem ? (
          <Notice kind="bad">
            {problem} {t("Ask your clinic for a new link.")}
          </Notice>
        ) : (
          <p>{t("Looking at your invitation …")}</p>
        )}
      </Screen>
    );
  return (
    <Screen title={t("Welcome, {name}", { name: invited.name })}>
      <p class="lead">
        {t("{clinic} invites you. You sign in as {email}.", {
          clinic: invited.clinic_name,
          email: invited.email,
        })}
      </p>
      <Ways
        token={props.token}
        onSignedIn={props.onSignedIn}
        invited={invited}
        passkeys={passkeys}
      />
    </Screen>
  );
}

interface WaysProps {
  token: string;
  invited: Invited;
  passkeys: boolean;
  onSignedIn: (me: Me) => void;
}

function Ways(props: WaysProps) {
  const { invited, passkeys } = props;
  const codes = sendsCodes();
  const needed = !invited.for_patient || (!passkeys && !codes);
  const [typing, setTyping] = useState(needed);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [without, setWithout] = useState<Me>();

  async function accept(password?: string): Promise<Me | undefined> {
    setBusy(true);
    const { data, error } = await ask(
      api.POST("/api/v1/invitations/accept/", {
        body:
          password === undefined
            ? { token: props.token }
            : { token: props.token, password },
      }),
    );
    setBusy(false);
    if (!data) setProblem(words(error as Refusal));
    return data;
  }

  async function plainly(password?: string) {
    const me = await accept(password);
    if (me) props.onSignedIn(me);
  }

  async function withPasskey() {
    const me = without ?? (await accept());
    if (!me) return;
    const made = await makePasskey(deviceName(navigator.userAgent));
    if (!made.problem) return props.onSignedIn(me);
    setWithout(me);
    setProblem(made.problem);
  }

  if (without)
    return (
      <section class="card">
        <Notice kind="bad">{problem}</Notice>
        <p>{t("You are signed in. You can make a passkey later, under Me.")}</p>
        <div class="chips">
          <button type="button" onClick={() => void withPasskey()}>
            {t("Try again")}
          </button>
          <button type="button" class="quiet" onClick={() => props.onSignedIn(without)}>
            {t("Go on without")}
          </button>
        </div>
      </section>
    );
  if (typing)
    return (
      <PasswordForm
        email={invited.email}
        problem={problem}
        busy={busy}
        onChosen={(password) => void plainly(password)}
      />
    );
  return (
    <section class="card">
      <h2>{t("How do you want to sign in later?")}</h2>
      {problem && <Notice kind="bad">{problem}</Notice>}
      {passkeys && (
        <p class="way">
          <button type="button" disabled={busy} onClick={() => void withPasskey()}>
            {t("With this phone's lock")}
          </button>
          <span class="hint">
            {t("Your fingerprint, your face or your PIN. It never leaves your phone.")}
          </span>
        </p>
      )}
      {codes && (
        <p class="way">
          <button
            type="button"
            class={passkeys ? "quiet" : ""}
            disabled={busy}
            onClick={() => void plainly()}
          >
            {t("With a code by e-mail")}
          </button>
          <span class="hint">{t("Seldom needed: you stay signed in for months.")}</span>
        </p>
      )}
      <p class="way">
        <button type="button" class="quiet" onClick={() => setTyping(true)}>
          {t("With a password")}
        </button>
      </p>
    </section>
  );
}

function PasswordForm(props: {
  email: string;
  problem: string;
  busy: boolean;
  onChosen: (password: string) => void;
}) {
  const [password, setPassword] = useState("");
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        props.onChosen(password);
      }}
    >
      <input type="hidden" autocomplete="username" value={props.email} />
      <Field
        label={t("Choose a password")}
        hint={t("At least 10 characters. Three words you will remember are good.")}
        problem={props.problem}
        input={{
          type: "password",
          autocomplete: "new-password",
          minLength: 10,
          required: true,
          value: password,
          onInput: (event) => setPassword(event.currentTarget.value),
        }}
      />
      <button disabled={props.busy}>
        {props.busy ? t("One moment …") : t("Continue")}
      </button>
    </form>
  );
}
