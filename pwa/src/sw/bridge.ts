// Between the page and the worker: install it, and ask before an update.
import { go } from "../router.ts";

export function installWorker(onUpdate: (accept: () => void) => void): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  // A reminder that was tapped says where to go.
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (typeof data?.go === "string") go(data.go);
  });
  void navigator.serviceWorker.register("/sw.js").then((registration) => {
    const offer = (worker: ServiceWorker | null) => {
      // Without a controller this is the first visit; there is nothing to update.
      if (!worker || !navigator.serviceWorker.controller) return;
      const isReady = () => {
        if (worker.state !== "installed") return;
        onUpdate(() => {
          navigator.serviceWorker.addEventListener("controllerchange", () =>
            location.reload(),
          );
          worker.postMessage("update now");
        });
      };
      worker.addEventListener("statechange", isReady);
      isReady();
    };
    // One that was not taken last time still waits.
    offer(registration.waiting);
    offer(registration.installing);
    registration.addEventListener("updatefound", () => offer(registration.installing));
  });
}
