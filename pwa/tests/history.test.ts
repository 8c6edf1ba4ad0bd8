// The calendar's months and the trends' points, without a browser.
import assert from "node:assert/strict";
import test from "node:test";
import {
  lastOf,
  monthBefore,
  nextMonth,
  weeksOf,
} from "../src/features/history/month.ts";
import { place, pointsOf, runsOf } from "../src/features/history/points.ts";

test("a leap February has 29 days and begins on its own weekday", () => {
  const weeks = weeksOf("2024-02-01", 1);
  const days = weeks.flatMap((week) => week.days).filter(Boolean);
  assert.equal(days.length, 29);
  // The 1st of February 2024 was a Thursday.
  assert.deepEqual(weeks[0]!.days.slice(0, 4), [null, null, null, "2024-02-01"]);
  assert.ok(weeks.every((week) => week.days.length === 7));
});

test("a week may begin on Sunday", () => {
  assert.equal(weeksOf("2024-02-01", 7)[0]!.days.indexOf("2024-02-01"), 4);
});

test("months follow each other over a year's end", () => {
  assert.equal(nextMonth("2025-12-31"), "2026-01-01");
  assert.equal(monthBefore("2026-01-15"), "2025-12-01");
  assert.equal(lastOf("2026-02-03"), "2026-02-28");
});

test("a week's mean counts only days with a value, and zero is one", () => {
  const rows = [
    { date: "2026-11-16", items: { mood: 0 } },
    { date: "2026-11-17" },
    { date: "2026-11-18", items: { mood: 5 } },
    { date: "2026-11-23", items: { pain: 5 } },
  ];
  assert.deepEqual(pointsOf(rows, "mood", "week"), [
    { date: "2026-11-16", value: 2.5, days: 2 },
    { date: "2026-11-23", value: null, days: 0 },
  ]);
});

test("a blank day breaks the line", () => {
  const rows = [
    { date: "2026-11-16", items: { mood: 4 } },
    { date: "2026-11-17" },
    { date: "2026-11-18", items: { mood: 5 } },
  ];
  const runs = runsOf(pointsOf(rows, "mood", "day"));
  assert.deepEqual(
    runs.map((run) => run.map((point) => point.value)),
    [[4], [5]],
  );
});

test("places run from one end to the other", () => {
  assert.equal(place("2026-11-16", "2026-11-16", "2026-11-26"), 0);
  assert.equal(place("2026-11-26", "2026-11-16", "2026-11-26"), 1);
  assert.equal(place("2026-11-16", "2026-11-16", "2026-11-16"), 0);
});
