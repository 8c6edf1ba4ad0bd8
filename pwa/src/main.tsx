import "@fontsource-variable/inter/wght.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { App } from "./app.tsx";
import "./style.css";
import { installWorker } from "./sw/bridge.ts";
import "./tokens.css";

function Root() {
  const [accept, setAccept] = useState<() => void>();
  useEffect(() => installWorker((update) => setAccept(() => update)), []);
  return (
    <>
      <App />
      {accept && (
        <div class="update" role="status">
          A newer version is ready. What you typed is kept.
          <button type="button" onClick={accept}>
            Use it
          </button>
        </div>
      )}
    </>
  );
}

const root = document.getElementById("app");
if (root) render(<Root />, root);
