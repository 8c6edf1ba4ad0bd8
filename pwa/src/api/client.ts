// Talking to the clinic's server: same origin, session cookie, CSRF header.
import createClient from "openapi-fetch";
import { currentLanguage, msg, t } from "../i18n/index.ts";
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

// The server speaks English. Elsewhere its refusals are told by their kind.
const BY_CODE: Record<string, string> = {
  invalid: msg("Something in this is not possible. Please look at it again."),
  sign_in_failed: msg("E-mail or password is wrong."),
  not_signed_in: msg("Please sign in again."),
  conflict: msg("This was changed elsewhere in the meantime."),
  too_large: msg("This is too large to send."),
  throttled: msg("Too many tries. Wait a little and try again."),
  storage_unavailable: msg("Your clinic's server cannot store anything just now."),
};
const OTHERWISE = msg("Your clinic's server could not do this.");

/** What went wrong, in words a person can use. */
export function words(refusal: unknown): string {
  const known = refusal as Partial<Refusal> | undefined;
  if (!known?.message)
    return t("The clinic's server did not answer. Try again shortly.");
  if (currentLanguage() === "en") return known.message;
  const own = t(known.message);
  return own === known.message ? t(BY_CODE[known.code ?? ""] ?? OTHERWISE) : own;
}

/** What is wrong with one field. */
export function problemWords(problem?: { message: string }): string | undefined {
  return problem && words({ code: "invalid", message: problem.message });
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
