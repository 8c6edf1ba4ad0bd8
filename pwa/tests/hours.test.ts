// Whether a clinic is open, by its own clock and calendar.
import assert from "node:assert/strict";
import test from "node:test";
import { openingOf } from "../src/features/help/hours.ts";

const clinic = {
  time_zone: "Europe/Madrid",
  hours: [0, 1, 2, 3, 4].flatMap((weekday) => [
    { weekday, opens: "15:00", closes: "18:00" },
    { weekday, opens: "08:00", closes: "13:00" },
  ]),
  closed: ["2026-11-30"],
};
const at = (moment: string) => openingOf(clinic, new Date(moment));

test("open by the clinic's clock, wherever the phone is", () => {
  // 08:30 in Madrid on a Friday.
  assert.deepEqual(at("2026-11-27T07:30:00Z"), { open: true, until: "13:00" });
});

test("closed over lunch, and open again the same day", () => {
  assert.deepEqual(at("2026-11-27T12:30:00Z"), {
    open: false,
    date: "2026-11-27",
    at: "15:00",
  });
});

test("a weekend and a closed Monday are stepped over", () => {
  assert.deepEqual(at("2026-11-27T17:00:00Z"), {
    open: false,
    date: "2026-12-01",
    at: "08:00",
  });
});

test("no hours known is said so", () => {
  const unknown = openingOf({ ...clinic, hours: [] }, new Date("2026-11-27T07:30:00Z"));
  assert.deepEqual(unknown, { open: false, date: null });
});
