// Who uses the app, and whether the server knows them just now.
import { api, ask } from "./api/client.ts";
import type { Me, OwnRecord } from "./api/types.ts";
import { lastPerson, rememberPerson } from "./store/records.ts";
import { orElse } from "./store/trouble.ts";

export interface Session {
  me: Me;
  record: OwnRecord;
}

export type Opening =
  { kind: "signed in"; me: Me } | { kind: "signed out" } | { kind: "unreachable" };

let codes = false;

/** Whether this clinic's server can e-mail a code. */
export function sendsCodes(): boolean {
  return codes;
}

/** Ask the server; without a network, whoever used this phone last. */
export async function openSession(): Promise<Opening> {
  const { data, status } = await ask(api.GET("/api/v1/session/"));
  codes = data?.sends_codes ?? false;
  if (data?.me) {
    await orElse(rememberPerson(data.me), undefined);
    return { kind: "signed in", me: data.me };
  }
  const last = await orElse(lastPerson(), undefined);
  // An expired session keeps what waits here; the app asks to sign in to send it.
  if (data && !last) return { kind: "signed out" };
  if (last && (status === 0 || status >= 500)) return { kind: "signed in", me: last };
  return data ? { kind: "signed out" } : { kind: "unreachable" };
}
