// Opening an invitation: who it is for, and choosing a password.
import { useEffect, useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { Invited, Me, Refusal } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Field, Notice, Screen } from "../shell/parts.tsx";

export function Invitation(props: { token: string; onSignedIn: (me: Me) => void }) {
  const [invited, setInvited] = useState<Invited>();
  const [problem, setProblem] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    void ask(
      api.POST("/api/v1/invitations/check/", { body: { token: props.token } }),
    ).then(({ data, error }) => (data ? setInvited(data) : setProblem(words(error))));
  }, [props.token]);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    const { data, error } = await ask(
      api.POST("/api/v1/invitations/accept/", {
        body: { token: props.token, password },
      }),
    );
    setBusy(false);
    if (data) props.onSignedIn(data);
    else setProblem(words(error as Refusal));
  }

  if (!invited)
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
      <form onSubmit={submit} class="card">
        <input type="hidden" autocomplete="username" value={invited.email} />
        <Field
          label={t("Choose a password")}
          hint={t("At least 10 characters. Three words you will remember are good.")}
          problem={problem}
          input={{
            type: "password",
            autocomplete: "new-password",
            minLength: 10,
            required: true,
            value: password,
            onInput: (event) => setPassword(event.currentTarget.value),
          }}
        />
        <button disabled={busy}>{busy ? t("One moment …") : t("Continue")}</button>
      </form>
    </Screen>
  );
}
