import { useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Me } from "../../api/types.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";

export function SignIn(props: { onSignedIn: (me: Me) => void; note?: string }) {
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
    <Screen title="Respite">
      <p class="lead">Your diary between infusions.</p>
      {props.note && <Notice kind="calm">{props.note}</Notice>}
      <form onSubmit={submit} class="card">
        <Field
          label="E-mail"
          input={{
            type: "email",
            autocomplete: "username",
            required: true,
            value: email,
            onInput: (event) => setEmail(event.currentTarget.value),
          }}
        />
        <Field
          label="Password"
          input={{
            type: "password",
            autocomplete: "current-password",
            required: true,
            value: password,
            onInput: (event) => setPassword(event.currentTarget.value),
          }}
        />
        {problem && <Notice kind="bad">{problem}</Notice>}
        <button disabled={busy}>{busy ? "Signing in …" : "Sign in"}</button>
      </form>
      <p class="hint">
        You were invited by your clinic. If you cannot get in, ask them for a new link.
      </p>
      <p>
        <a href="/help">Need help now?</a>
      </p>
    </Screen>
  );
}
