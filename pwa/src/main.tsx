import "@fontsource-variable/inter/wght.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { App } from "./app.tsx";
import { FILES } from "./i18n/files.ts";
import { currentLanguage, loadLanguage, offerLanguages, t } from "./i18n/index.ts";
import "./style.css";
import { installWorker } from "./sw/bridge.ts";
import "./tokens.css";

function Root() {
  const [accept, setAccept] = useState<() => void>();
  const [spoken, setSpoken] = useState(currentLanguage());
  useEffect(() => installWorker((update) => setAccept(() => update)), []);
  useEffect(() => {
    const changed = () => void loadLanguage().then(() => setSpoken(currentLanguage()));
    addEventListener("languagechange", changed);
    return () => removeEventListener("languagechange", changed);
  }, []);
  return (
    <>
      <App key={spoken} />
      {accept && (
        <div class="update" role="status">
          {t("A newer version is ready. What you typed is kept.")}
          <button type="button" onClick={accept}>
            {t("Use it")}
          </button>
        </div>
      )}
    </>
  );
}

const root = document.getElementById("app");
offerLanguages(FILES);
// Words first: a screen never changes its language while somebody reads it.
if (root) void loadLanguage().then(() => render(<Root />, root));
