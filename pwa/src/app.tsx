import { useEffect, useState } from "preact/hooks";
import type { Me } from "./api/types.ts";
import { CheckIn } from "./features/checkin/checkin.tsx";
import { Help } from "./features/help/help.tsx";
import { Frame } from "./features/shell/frame.tsx";
import { later } from "./features/shell/later.tsx";
import { Screen } from "./features/shell/parts.tsx";
import { t } from "./i18n/index.ts";
import { followLinks, go, safeNext, usePath } from "./router.ts";
import { openSession, type Opening, type Session } from "./session.ts";
import { setLock, useLock } from "./store/lock.ts";
import { lastUser, rememberPerson, sealOldRows } from "./store/records.ts";
import { stayReminded } from "./store/reminders.ts";
import { refreshSafety, resendPlan } from "./store/safety.ts";
import { resume, sync } from "./store/sync.ts";
import { orElse } from "./store/trouble.ts";

const History = later(() =>
  import("./features/history/history.tsx").then((part) => part.History),
);
const Infusions = later(() =>
  import("./features/infusion/infusion.tsx").then((part) => part.Infusions),
);
const Staff = later(() =>
  import("./features/shell/staff.tsx").then((part) => part.Staff),
);
const Trends = later(() =>
  import("./features/history/trends.tsx").then((part) => part.Trends),
);
const MyPage = later(() => import("./features/me/me.tsx").then((part) => part.MyPage));
const PrintDays = later(() =>
  import("./features/print/print.tsx").then((part) => part.PrintDays),
);
const PrintSheet = later(() =>
  import("./features/print/print.tsx").then((part) => part.PrintSheet),
);
const Introduction = later(() =>
  import("./features/welcome/introduction.tsx").then((part) => part.Introduction),
);
const Invitation = later(() =>
  import("./features/welcome/invitation.tsx").then((part) => part.Invitation),
);
const Locked = later(() =>
  import("./features/signin/locked.tsx").then((part) => part.Locked),
);
const SignIn = later(() =>
  import("./features/signin/signin.tsx").then((part) => part.SignIn),
);

const PLAN_RETRY_MS = 60_000;

export function App() {
  const path = usePath();
  const [opening, setOpening] = useState<Opening>();
  const [shut, openUp] = useLock();
  const me = opening?.kind === "signed in" ? opening.me : undefined;

  useEffect(
    () =>
      void sealOldRows()
        // A browser that keeps nothing still shows the app.
        .catch(() => undefined)
        .then(openSession)
        // Who signed in while the server was asked is not signed out by its answer.
        .then((found) => setOpening((now) => now ?? found)),
    [],
  );
  useEffect(() => {
    if (!me?.patient) return;
    const retry = () => {
      void sync(me.id);
      // A card that was never opened must be there in a bad hour without signal.
      void refreshSafety(me.id);
    };
    resume(me.id);
    void refreshSafety(me.id);
    void stayReminded().catch(() => undefined);
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    const timer = setInterval(() => void resendPlan(me.id), PLAN_RETRY_MS);
    return () => {
      clearInterval(timer);
      removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
    };
  }, [me?.id]);

  async function keep(next: Me) {
    await orElse(rememberPerson(next), undefined);
    setOpening({ kind: "signed in", me: next });
  }

  async function signedIn(next: Me) {
    const to = safeNext(location.search);
    // The dashboard is another page, and staff without a diary belong there.
    if (to.startsWith("/dashboard") || !next.patient)
      return location.assign(to.startsWith("/dashboard") ? to : "/dashboard/");
    // A lock is its owner's choice, not the next person's.
    if (lastUser() !== next.id) setLock(false);
    await keep(next);
    openUp();
    go(to, true);
  }

  function signedOut() {
    setOpening({ kind: "signed out" });
    openUp();
    go("/", true);
  }

  const record = me?.patient ?? undefined;
  return (
    <div class="app" onClick={followLinks}>
      {route()}
    </div>
  );

  function route() {
    if (path === "/help") return <Help user={me?.id} record={record} />;
    const token = location.hash.slice(1);
    if (path === "/welcome" && token)
      return (
        <Invitation
          token={token}
          ready={opening !== undefined}
          onSignedIn={(next) => void signedIn(next)}
        />
      );
    if (!opening) return <p class="waiting-line">{t("One moment …")}</p>;
    if (opening.kind === "unreachable") return <Unreachable />;
    if (opening.kind === "signed out" || path === "/sign-in")
      return <SignIn onSignedIn={(next) => void signedIn(next)} />;
    if (shut) return <Locked onOpen={openUp} />;
    if (!me || !record) return <Staff onSignedOut={signedOut} />;
    const session: Session = { me, record };
    if (!record.introduced)
      return <Introduction session={session} onDone={(next) => void keep(next)} />;
    return <Frame session={session}>{screen(session)}</Frame>;
  }

  function screen(session: Session) {
    const day = /^\/day\/(\d{4}-\d{2}-\d{2})\/?$/.exec(path)?.[1];
    if (day) return <CheckIn session={session} date={day} key={day} />;
    switch (path.replace(/\/$/, "")) {
      case "/history":
        return <History session={session} />;
      case "/trends":
        return <Trends session={session} />;
      case "/infusion":
        return <Infusions session={session} />;
      case "/print":
        return <PrintDays session={session} />;
      case "/sheet":
        return <PrintSheet session={session} />;
      case "/me":
        return (
          <MyPage
            session={session}
            onChanged={(next) => void keep(next)}
            onSignedOut={signedOut}
          />
        );
      default:
        return <CheckIn session={session} key="today" />;
    }
  }
}

function Unreachable() {
  return (
    <Screen title={t("No answer")}>
      <p>
        {t(
          "Your clinic's server does not answer, and nobody has signed in on this phone yet. Check your signal, then try again.",
        )}
      </p>
      <button type="button" onClick={() => location.reload()}>
        {t("Try again")}
      </button>
    </Screen>
  );
}
