// Deleting a day, which can be undone for a month.
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";

/** Asks once more: a slip of the thumb deletes nothing. */
export function DeleteDay(props: { onDelete: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button type="button" class="quiet" onClick={() => setAsked(true)}>
        {t("Delete this day")}
      </button>
    );
  return (
    <div class="card" role="group" aria-label={t("Delete this day?")}>
      <p>{t("Delete this day? You can bring it back for 30 days.")}</p>
      <div class="chips">
        <button
          type="button"
          onClick={() => {
            setAsked(false);
            props.onDelete();
          }}
        >
          {t("Yes, delete")}
        </button>
        <button type="button" class="quiet" onClick={() => setAsked(false)}>
          {t("No, keep it")}
        </button>
      </div>
    </div>
  );
}
