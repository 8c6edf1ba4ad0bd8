// Turns tokens.json, which the dashboard reads too, into CSS custom properties.
import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const tokens = JSON.parse(readFileSync(new URL("tokens.json", root), "utf8"));

const lines = (scheme) =>
  [
    ...Object.entries(tokens[scheme]).map(([name, value]) => `  --${name}: ${value};`),
    ...Object.entries(tokens.series).map(
      ([name, series]) => `  --series-${name.replace("_", "-")}: ${series[scheme]};`,
    ),
  ].join("\n");

const css = `/* Made from tokens.json. */
:root {
  color-scheme: light dark;
  --radius-card: ${tokens.radius.card}px;
  --radius-control: ${tokens.radius.control}px;
  --font: ${tokens.font};
${lines("light")}
}
@media (prefers-color-scheme: dark) {
  :root {
${lines("dark")}
  }
}
`;
writeFileSync(new URL("src/tokens.css", root), css);
