// Talking to the clinic's server: same origin, session cookie, CSRF header.
import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";
import type { Refusal } from "./types.ts";

export const api = createClient<paths>({ baseUrl: "/" });

api.use({
  onRequest({ request }) {
    // Signing in changes the cookie, so it is read anew each time.
    if (request.method !== "GET") request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
});

function csrfToken(): string {
  const found = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
  return found?.[1] ?? "";
}

/** What went wrong, in words a person can use. */
export function words(refusal: unknown): string {
  const known = refusal as Partial<Refusal> | undefined;
  return known?.message || "The clinic's server did not answer. Try again shortly.";
}

/** Runs a request; a missing network is an answer too, not an exception. */
export async function ask<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<{ data?: T; error?: unknown; status: number }> {
  try {
    const { data, error, response } = await request;
    return data === undefined
      ? { error, status: response.status }
      : { data, status: response.status };
  } catch {
    return { error: undefined, status: 0 };
  }
}
