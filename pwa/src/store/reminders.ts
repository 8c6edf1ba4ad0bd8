// Whether this browser may be reminded, and telling the server where it is.
import { api, ask, words } from "../api/client.ts";
import { msg, t } from "../i18n/index.ts";

export type Ability = "ready" | "asks" | "refused" | "needs install" | "missing";

export function ability(): Ability {
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  if (!("PushManager" in window) || !("Notification" in window))
    return isApple ? "needs install" : "missing";
  if (Notification.permission === "denied") return "refused";
  return Notification.permission === "granted" ? "ready" : "asks";
}

const REFUSED = msg("This phone does not allow notifications of this app.");
const NO_SERVICE = msg("This browser could not reach its notification service.");

/** Ask for permission where needed, and subscribe; gives what stands against it. */
export async function remindHere(): Promise<string> {
  if ((await Notification.requestPermission()) !== "granted") return t(REFUSED);
  const { data, error, status } = await ask(api.GET("/api/v1/reminders/key/"));
  if (!data) return status ? words(error) : t("No signal. Try again when it is back.");
  try {
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: data.public_key,
    });
    return await tell(subscription);
  } catch {
    return t(NO_SERVICE);
  }
}

/** A subscription may have been renewed by the browser: say where it is now. */
export async function stayReminded(): Promise<void> {
  if (ability() !== "ready") return;
  const worker = await navigator.serviceWorker.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  if (subscription) await tell(subscription);
}

/** Before somebody signs out: the next person must not get their reminders. */
export async function endReminders(): Promise<void> {
  if (!("PushManager" in window)) return;
  const worker = await navigator.serviceWorker?.getRegistration();
  const subscription = await worker?.pushManager.getSubscription();
  if (!subscription) return;
  const { endpoint } = subscription;
  await ask(api.POST("/api/v1/reminders/unsubscribe/", { body: { endpoint } }));
  await subscription.unsubscribe();
}

async function tell(subscription: PushSubscription): Promise<string> {
  const { endpoint, keys } = subscription.toJSON();
  const { error, status } = await ask(
    api.POST("/api/v1/reminders/subscribe/", {
      body: {
        endpoint: endpoint ?? "",
        p256dh: keys?.["p256dh"] ?? "",
        auth: keys?.["auth"] ?? "",
      },
    }),
  );
  if (status === 204) return "";
  return status ? words(error) : t("No signal. Try again when it is back.");
}
