// The app is locked: open it with the phone's own lock, or by signing in again.
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { ownerIsHere } from "../../store/passkeys.ts";
import { Notice, Screen } from "../shell/parts.tsx";

export function Locked(props: { onOpen: () => void }) {
  const [problem, setProblem] = useState("");

  async function open() {
    setProblem("");
    if (await ownerIsHere()) props.onOpen();
    else setProblem(t("Your phone did not confirm it. The app stays locked."));
  }

  return (
    <Screen title={t("Locked")}>
      <p class="lead">{t("Your diary is safe on this phone.")}</p>
      {problem && <Notice kind="bad">{problem}</Notice>}
      <button type="button" onClick={() => void open()}>
        {t("Open with this phone's lock")}
      </button>
      <p>
        <a href="/sign-in">{t("Sign in again instead")}</a>
      </p>
      <p>
        <a href="/help">{t("Need help now?")}</a>
      </p>
    </Screen>
  );
}
