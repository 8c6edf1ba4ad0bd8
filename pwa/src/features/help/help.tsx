// The safety card: reachable from everywhere, also signed out and offline.
import type { OwnRecord } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Screen } from "../shell/parts.tsx";

export function SafetyCard(props: { record?: OwnRecord | undefined }) {
  const phone = props.record?.clinic.phone;
  return (
    <section class="card safety" aria-label={t("Safety card")}>
      <p>
        <strong>{t("This app is not watched around the clock.")}</strong>{" "}
        {t("Nobody may see what you write until the clinic opens.")}
      </p>
      <p>
        {t(
          "If you are in danger, cannot breathe well, have chest pain, or think of ending your life: call your local emergency number now (112 in Europe, 911 in North America), or go to the nearest emergency department.",
        )}
      </p>
      {phone ? (
        <p>
          {t("Your clinic, {name}, in its opening hours:", {
            name: props.record?.clinic.name ?? "",
          })}{" "}
          <a href={`tel:${phone.replaceAll(" ", "")}`} class="button quiet">
            {t("Call {phone}", { phone })}
          </a>
        </p>
      ) : (
        <p>{t("In opening hours, call your clinic.")}</p>
      )}
      <p>{t("If you can, tell somebody near you how you feel.")}</p>
    </section>
  );
}

export function Help(props: { record?: OwnRecord | undefined }) {
  return (
    <Screen title={t("Help now")}>
      <SafetyCard record={props.record} />
      <p>
        <a href="/">{t("Back to your diary")}</a>
      </p>
    </Screen>
  );
}
