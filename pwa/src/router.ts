// Addresses of the app's screens, over the browser's own history.
import { useEffect, useState } from "preact/hooks";

export function go(path: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const changed = () => setPath(location.pathname);
    addEventListener("popstate", changed);
    return () => removeEventListener("popstate", changed);
  }, []);
  return path;
}

/** Lets plain links work without loading the page again. */
export function followLinks(event: MouseEvent): void {
  const link = (event.target as Element).closest("a");
  if (!link || link.origin !== location.origin || event.ctrlKey || event.metaKey)
    return;
  if (link.pathname.startsWith("/dashboard") || link.pathname.startsWith("/api"))
    return;
  event.preventDefault();
  go(link.pathname + link.search);
}

/** Where to go after signing in: only ever a path of this site. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}
