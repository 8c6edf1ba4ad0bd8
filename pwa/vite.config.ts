import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, defineConfig, type Plugin } from "vite";

/** Lists what was built and compiles the service worker with that list in it. */
function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    async closeBundle() {
      const out = join(import.meta.dirname, "dist");
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) => relative(out, join(entry.parentPath, entry.name)))
        .sort();
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(out, file)));
      const shell = files.map((file) => (file === "index.html" ? "/" : `/${file}`));
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: {
          __SHELL__: JSON.stringify(shell),
          __VERSION__: JSON.stringify(hash.digest("hex").slice(0, 12)),
        },
        build: {
          outDir: out,
          emptyOutDir: false,
          lib: {
            entry: join(import.meta.dirname, "src/sw/sw.ts"),
            formats: ["iife"],
            name: "sw",
            fileName: () => "sw.js",
          },
        },
      });
    },
  };
}

export default defineConfig({
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  plugins: [serviceWorker()],
  server: { proxy: { "/api": "http://localhost:8000" } },
});
