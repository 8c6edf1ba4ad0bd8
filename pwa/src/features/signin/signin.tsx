import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";
import { later } from "../shell/later.tsx";

const LeftBehind = later(
  () => import("./left-behind.tsx").then((part) => part.LeftBehind),
  true,
);

export function SignIn(props: { onSignedIn: (me: Me) => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    const { data, error } = await ask(
      api.POST("/api/v1/session/", { body: { email, password } }),
    );
    setBusy(false);
    if (data) props.onSignedIn(data);
    else setProblem(words(error));
  }

  return (
    <Screen title={t("Respite")}>
      <p class="lead">{t("Your diary between infusions.")}</p>
      <LeftBehind />
      <form onSubmit={submit} class="card">
        <Field
          label={t("E-mail")}
          input={{
            type: "email",
            autocomplete: "username",
            required: true,
            value: email,
            onInput: (event) => setEmail(event.currentTarget.value),
          }}
        />
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
