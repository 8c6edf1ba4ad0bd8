// Somebody signed in who has no diary of their own.
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/index.ts";
import { Screen } from "./parts.tsx";

export function Staff(props: { onSignedOut: () => void }) {
  async function signOut() {
    await ask(api.DELETE("/api/v1/session/"));
    props.onSignedOut();
  }
  return (
    <Screen title={t("Respite")}>
      <p>{t("This account has no diary of its own.")}</p>
      <p>
        <a href="/dashboard/" class="button">
          {t("Go to the dashboard")}
        </a>
      </p>
      <button type="button" class="quiet" onClick={() => void signOut()}>
        {t("Sign out")}
      </button>
    </Screen>
  );
}
