// Puts the small plotly.js bundle where the dashboard serves it from.
import { copyFileSync, mkdirSync } from "node:fs";

const root = new URL("../", import.meta.url);
mkdirSync(new URL("dist-dashboard/", root), { recursive: true });
copyFileSync(
  new URL("node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js", root),
  new URL("dist-dashboard/plotly-cartesian.min.js", root),
);
