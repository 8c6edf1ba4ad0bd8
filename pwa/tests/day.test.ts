import assert from "node:assert/strict";
import test from "node:test";
import { addDays, daysBetween, diaryDate, spoken } from "../src/day.ts";

const cases: [string, string, string, string][] = [
  [
    "half past one belongs to the day before",
    "2026-11-24T00:30:00Z",
    "Europe/Madrid",
    "2026-11-23",
  ],
  [
    "three o'clock begins the day",
    "2026-11-24T02:00:00Z",
    "Europe/Madrid",
    "2026-11-24",
  ],
  [
    "a minute before three does not",
    "2026-11-24T01:59:00Z",
    "Europe/Madrid",
    "2026-11-23",
  ],
  [
    "Kiritimati is a day ahead",
    "2026-11-23T14:00:00Z",
    "Pacific/Kiritimati",
    "2026-11-24",
  ],
  ["the hour that never was", "2026-03-29T01:00:00Z", "Europe/Madrid", "2026-03-29"],
  ["the hour that came twice", "2026-10-25T01:30:00Z", "Europe/Madrid", "2026-10-24"],
];

for (const [name, moment, zone, expected] of cases) {
  test(name, () => {
    assert.equal(diaryDate(new Date(moment), zone, "03:00"), expected);
  });
}

test("days are added over a month's end and a leap day", () => {
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
});

test("days between two dates ignore changes of clock", () => {
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
});

test("another year is named", () => {
  assert.match(spoken("2026-11-21", "2026-11-24"), /^Saturday(?=.*21)(?!.*2026)/);
  assert.match(spoken("2025-11-21", "2026-11-24"), /2025/);
});
