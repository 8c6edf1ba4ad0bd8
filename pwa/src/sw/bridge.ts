// Between the page and the worker: install it, and ask before an update.
export function installWorker(onUpdate: (accept: () => void) => void): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  void navigator.serviceWorker.register("/sw.js").then((registration) => {
    const offer = (worker: ServiceWorker | null) => {
      // Without a controller this is the first visit; there is nothing to update.
      if (!worker || !navigator.serviceWorker.controller) return;
      worker.addEventListener("statechange", () => {
        if (worker.state !== "installed") return;
        onUpdate(() => {
          navigator.serviceWorker.addEventListener("controllerchange", () =>
            location.reload(),
          );
          worker.postMessage("update now");
        });
      });
    };
    offer(registration.installing);
    registration.addEventListener("updatefound", () => offer(registration.installing));
  });
}
