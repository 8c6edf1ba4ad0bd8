// Showing a reminder, and telling the clinic's server what became of it.
export {};
declare const self: ServiceWorkerGlobalScope;

interface Reminder {
  title: string;
  body: string;
  actions: { now: string; later: string; skip: string };
  lang: string;
  day: string;
  /** What it is about, so that one does not take the place of another. */
  tag?: string;
  /** The screen it opens; the day's own when it says none. */
  path?: string;
  token: string;
}

type Act = "shown" | "opened" | "later" | "skipped";
/** Two of them are all that most phones show. */
const ACTS: Record<string, Act> = { later: "later", skip: "skipped" };

self.addEventListener("push", (event) => {
  // A push that shows nothing makes some browsers take the permission away.
  const reminder = read(event.data);
  if (reminder) event.waitUntil(show(reminder));
});

self.addEventListener("notificationclick", (event) => {
  const { day, path, token } = event.notification.data as Reminder;
  event.notification.close();
  const act = ACTS[event.action] ?? "opened";
  event.waitUntil(
    Promise.all([
      say(token, act),
      ...(act === "opened" ? [open(path ?? `/day/${day}`)] : []),
    ]),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  // The app tells the server of the new one when it is next opened.
  const { oldSubscription } = event as PushSubscriptionChangeEvent;
  if (oldSubscription)
    event.waitUntil(self.registration.pushManager.subscribe(oldSubscription.options));
});

interface PushSubscriptionChangeEvent extends ExtendableEvent {
  oldSubscription?: PushSubscription;
}

function read(data: PushMessageData | null): Reminder | undefined {
  try {
    return data?.json() as Reminder;
  } catch {
    return undefined;
  }
}

async function show(reminder: Reminder): Promise<void> {
  const { title, body, actions, lang, tag = "diary" } = reminder;
  const options = {
    body,
    lang,
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    // A repeat takes the place of the first one.
    tag,
    data: reminder,
    actions:
      // Only the diary can be put off; what is booked cannot.
      tag === "diary"
        ? [
            { action: "later", title: actions.later },
            { action: "skip", title: actions.skip },
          ]
        : [],
  };
  await self.registration.showNotification(title, options as NotificationOptions);
  await say(reminder.token, "shown");
}

/** Without signal nobody hears it; the reminder itself is not lost by that. */
async function say(token: string, act: Act): Promise<void> {
  await fetch("/api/v1/reminders/answer/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, act }),
  }).catch(() => undefined);
}

async function open(path: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window" });
  const app = windows.find((one) => !new URL(one.url).pathname.startsWith("/dash"));
  if (!app) {
    await self.clients.openWindow(path);
    return;
  }
  await app.focus();
  // The app goes there itself: loading it again could lose what is being typed.
  app.postMessage({ go: path });
}
