// The language of the app: the phone's own, or another one.
import { useState } from "preact/hooks";
import { chooseLanguage, chosenLanguage, languages, t } from "../../i18n/index.ts";

export function Language() {
  const [tag, setTag] = useState(chosenLanguage());

  async function choose(next: string) {
    await chooseLanguage(next);
    setTag(next);
    // Every screen is asked to say itself again.
    dispatchEvent(new Event("languagechange"));
  }

  return (
    <section class="card field">
      <label for="language">{t("Language")}</label>
      <select
        id="language"
        value={tag}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        <option value="">{t("As on this phone")}</option>
        {languages().map((one) => (
          <option value={one} key={one} lang={one}>
            {inItsOwnWords(one)}
          </option>
        ))}
      </select>
    </section>
  );
}

function inItsOwnWords(tag: string): string {
  return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
}
