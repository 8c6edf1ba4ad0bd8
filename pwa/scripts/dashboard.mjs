// Puts the small plotly.js bundle and the font where the dashboard serves them from.
import { copyFileSync, mkdirSync } from "node:fs";

const root = new URL("../", import.meta.url);
mkdirSync(new URL("dist-dashboard/", root), { recursive: true });
copyFileSync(
  new URL("node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js", root),
  new URL("dist-dashboard/plotly-cartesian.min.js", root),
);
copyFileSync(
  new URL(
    "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    root,
  ),
  new URL("dist-dashboard/inter.woff2", root),
);
