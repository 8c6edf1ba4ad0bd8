// What waits to be sent, as a file a person can keep and a clinic can read.
import type { Waiting } from "../../store/records.ts";

export function saveAsFile(waiting: Waiting[]): void {
  const days = waiting.map(({ date, act, writtenAt, items }) => ({
    date,
    act,
    written_at: writtenAt,
    ...items,
  }));
  const blob = new Blob([JSON.stringify(days, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "respite-days-not-sent.json";
  link.click();
  // The browser has the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
