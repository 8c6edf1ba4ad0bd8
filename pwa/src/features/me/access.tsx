// How this person gets in, and where they are in: passkeys, the lock, sessions.
import { useEffect, useState } from "preact/hooks";
import { api, ask, words } from "../../api/client.ts";
import type { OpenSession, Passkey } from "../../api/types.ts";
import { currentLanguage, t } from "../../i18n/index.ts";
import { lockIsOn, setLock } from "../../store/lock.ts";
import { canMakePasskeys, makePasskey, passkeyHere } from "../../store/passkeys.ts";
import { Notice } from "../shell/parts.tsx";
import { deviceName } from "./device-name.ts";

export function Access() {
  const [able, setAble] = useState(false);
  const [passkeys, setPasskeys] = useState<Passkey[]>();
  const [sessions, setSessions] = useState<OpenSession[]>();
  const [problem, setProblem] = useState("");
  const [stale, setStale] = useState(false);
  const [locked, setLocked] = useState(lockIsOn);

  async function look() {
    const [keys, open] = await Promise.all([
      ask(api.GET("/api/v1/passkeys/")),
      ask(api.GET("/api/v1/sessions/")),
    ]);
    if (keys.data) setPasskeys(keys.data.results);
    if (open.data) setSessions(open.data.results);
    if (!keys.data || !open.data)
      setProblem(
        open.status
          ? words(open.error)
          : t("This list needs signal. The lock does not."),
      );
  }
  useEffect(() => {
    void canMakePasskeys().then(setAble);
    void look();
  }, []);

  async function add() {
    const made = await makePasskey(deviceName(navigator.userAgent));
    setProblem(made.problem);
    setStale(Boolean(made.stale));
    if (!made.problem) await look();
  }

  async function done(act: Promise<{ error?: unknown; status: number }>) {
    const { error, status } = await act;
    setProblem(status === 204 ? "" : words(error));
    await look();
  }

  function lock(on: boolean) {
    setLock(on);
    setLocked(on);
  }

  return (
    <section class="card access">
      <h2>{t("Signing in")}</h2>
      {problem && (
        <Notice kind="bad">
          {problem} {stale && <a href="/sign-in?next=/me">{t("Sign in again")}</a>}
        </Notice>
      )}
      {passkeyHere() && (
        <label class="choice">
          <input
            type="checkbox"
            checked={locked}
            onChange={(event) => lock(event.currentTarget.checked)}
          />
          {t("Ask for this phone's lock when I open the app")}
        </label>
      )}
      {able && (!passkeyHere() || passkeys?.length === 0) && (
        <p>
          <button type="button" class="quiet" onClick={() => void add()}>
            {t("Make a passkey on this phone")}
          </button>
          <span class="hint">
            {t(
              "Then you sign in with your fingerprint, your face or your PIN, and can lock the app with it.",
            )}
          </span>
        </p>
      )}
      {passkeys !== undefined && passkeys.length > 0 && (
        <>
          <h3>{t("Your passkeys")}</h3>
          <ul>
            {passkeys.map((one) => (
              <li key={one.id}>
                <span>
                  {one.name}
                  <span class="hint">{t("since {day}", { day: day(one.since) })}</span>
                </span>
                <button
                  type="button"
                  class="quiet"
                  aria-label={t("Remove the passkey {name}", { name: one.name })}
                  onClick={() => void done(removePasskey(one.id))}
                >
                  {t("Remove")}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {sessions && (
        <>
          <h3>{t("Where you are signed in")}</h3>
          <ul>
            {sessions.map((one) => (
              <li key={one.id}>
                <span>
                  {deviceName(one.browser)}
                  <span class="hint">
                    {one.here
                      ? t("here")
                      : t("last used {day}", { day: day(one.last_used) })}
                  </span>
                </span>
                {!one.here && (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={t("End it there: {name}", {
                      name: deviceName(one.browser),
                    })}
                    onClick={() => void done(endSession(one.id))}
                  >
                    {t("End it there")}
                  </button>
                )}
              </li>
            ))}
          </ul>
          <p class="hint">
            {t("Lost a phone? End its session here, or ask your clinic to do it.")}
          </p>
        </>
      )}
    </section>
  );
}

function removePasskey(id: number) {
  return ask(
    api.DELETE("/api/v1/passkeys/{passkey_id}/", {
      params: { path: { passkey_id: id } },
    }),
  );
}

function endSession(id: number) {
  return ask(
    api.DELETE("/api/v1/sessions/{session_id}/", {
      params: { path: { session_id: id } },
    }),
  );
}

function day(moment: string): string {
  return new Date(moment).toLocaleDateString(currentLanguage(), {
    dateStyle: "medium",
  });
}
