// Passkeys: made and used by the browser, with this phone's own lock.
import { api, ask, words } from "../api/client.ts";
import type { Me } from "../api/types.ts";
import { msg, t } from "../i18n/index.ts";
import { local } from "./trouble.ts";

/** The passkey this phone holds; the lock of the app asks for this one. */
const HERE = "passkey";
const FAILED = msg("Your phone did not confirm it. Nothing has changed.");
const SIGN_IN_AGAIN = msg("To be sure it is you, sign in again first.");

export interface Outcome {
  problem: string;
  /** Whether signing in again would help. */
  stale?: boolean;
}

/** Whether this device can make passkeys behind a fingerprint, face or PIN. */
export async function canMakePasskeys(): Promise<boolean> {
  if (!("PublicKeyCredential" in window)) return false;
  if (!("parseCreationOptionsFromJSON" in PublicKeyCredential)) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(
    () => false,
  );
}

export async function makePasskey(name: string): Promise<Outcome> {
  const { data, error, status } = await ask(api.GET("/api/v1/passkeys/options/"));
  if (status === 403) return { problem: t(SIGN_IN_AGAIN), stale: true };
  if (!data) return { problem: words(error) };
  const made = await prompted(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        inner(data.options) as unknown as PublicKeyCredentialCreationOptionsJSON,
      ),
    }),
  );
  if (!made) return { problem: t(FAILED) };
  const kept = await ask(
    api.POST("/api/v1/passkeys/", { body: { name, credential: json(made) } }),
  );
  if (kept.status !== 204) return { problem: words(kept.error) };
  local.set(HERE, made.id);
  return { problem: "" };
}

export async function signInByPasskey(): Promise<Outcome & { me?: Me }> {
  const { data, error } = await ask(api.GET("/api/v1/session/passkey/"));
  if (!data) return { problem: words(error) };
  const used = await prompted(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        inner(data.options) as unknown as PublicKeyCredentialRequestOptionsJSON,
      ),
    }),
  );
  if (!used) return { problem: t(FAILED) };
  const answer = await ask(
    api.POST("/api/v1/session/passkey/", { body: { credential: json(used) } }),
  );
  if (!answer.data) return { problem: words(answer.error) };
  local.set(HERE, used.id);
  return { problem: "", me: answer.data };
}

export function passkeyHere(): string | null {
  return local.get(HERE);
}

const USER_VERIFIED = 0x04;
const FLAGS_AT = 32;

/** Ask the phone, without any network, whether its owner holds it. */
export async function ownerIsHere(): Promise<boolean> {
  const id = passkeyHere();
  if (!id) return false;
  const used = await prompted(() =>
    navigator.credentials.get({
      publicKey: {
        // Nobody else checks the answer, so that no signal is needed.
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: [{ type: "public-key", id: bytes(id) }],
        userVerification: "required",
      },
    }),
  );
  if (!used) return false;
  const { authenticatorData } = used.response as AuthenticatorAssertionResponse;
  const flags = new Uint8Array(authenticatorData)[FLAGS_AT] ?? 0;
  return (flags & USER_VERIFIED) !== 0;
}

async function prompted(
  ask: () => Promise<Credential | null>,
): Promise<PublicKeyCredential | undefined> {
  try {
    return ((await ask()) as PublicKeyCredential | null) ?? undefined;
  } catch {
    // Cancelled, timed out or refused: the browser does not say which.
    return undefined;
  }
}

function inner(options: Record<string, unknown>): unknown {
  return options["publicKey"];
}

function json(credential: PublicKeyCredential): Record<string, unknown> {
  return credential.toJSON() as unknown as Record<string, unknown>;
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
