// Every file beside English, by its tag. Vite makes each a part of its own.
import type { Catalog } from "./index.ts";

const FOUND = import.meta.glob<Catalog>("../locales/*.json", { import: "default" });

export const FILES = Object.fromEntries(
  Object.entries(FOUND).map(([path, load]) => [
    path.replace(/^.*\/|\.json$/g, ""),
    load,
  ]),
);
