// Says on every screen that this phone keeps nothing, and what is safe all the same.
import { t } from "../../i18n/index.ts";
import { useTrouble } from "../../store/trouble.ts";
import { Notice } from "./parts.tsx";

export function StorageNotice() {
  const trouble = useTrouble();
  if (!trouble) return null;
  return (
    <Notice kind="bad">
      <strong>
        {trouble === "full"
          ? t("This phone is full.")
          : t("This browser keeps nothing of the app.")}
      </strong>{" "}
      {t(
        "What you sent before is safe at your clinic. What you type stays on the screen.",
      )}{" "}
      {trouble === "full"
        ? t("Free some space, then save again.")
        : t(
            "Leave the private window or allow the app to store data, then save again.",
          )}
    </Notice>
  );
}
