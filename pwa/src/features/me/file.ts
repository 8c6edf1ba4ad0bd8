// Handing a person a file, made here: it works without signal.
import type { PlanText } from "../../store/safety.ts";
import type { Waiting } from "../../store/records.ts";

export function handOver(name: string, kind: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: kind }));
  link.download = name;
  link.click();
  // The browser has the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** What waits to be sent, for a person who signs out all the same. */
export function handOverUnsent(waiting: Waiting[], plan?: PlanText): void {
  const days = waiting.map(({ date, act, writtenAt, items }) => ({
    date,
    act,
    written_at: writtenAt,
    ...items,
  }));
  const text = JSON.stringify(plan ? [...days, { safety_plan: plan }] : days, null, 2);
  handOver("respite-days-not-sent.json", "application/json", text);
}
