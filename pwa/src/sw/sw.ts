// Keeps the app's own files for days without signal. Nothing of a patient's is
// ever kept here: addresses that carry records are not even looked at.
import "./push.ts";
declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string[];
declare const __VERSION__: string;

const CACHE = `shell-${__VERSION__}`;
const NOT_OURS = ["/api/", "/_allauth/", "/dashboard", "/static/"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__SHELL__)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  // The page asks first: a half-filled day must survive an update.
  if (event.data === "update now") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (NOT_OURS.some((path) => url.pathname.startsWith(path))) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => fromShell("/")));
    return;
  }
  if (__SHELL__.includes(url.pathname)) event.respondWith(fromShell(url.pathname));
});

async function fromShell(path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(path);
}
