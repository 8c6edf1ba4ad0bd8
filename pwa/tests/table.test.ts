import assert from "node:assert/strict";
import { test } from "node:test";
import { asCsv, asJson, ownDays } from "../src/features/me/table.ts";

const day = (date: string, items: object) => ({
  date,
  version: 1,
  day: { date, days_late: 0, ...items },
});
const waiting = (date: string, act: string, items: object) => ({
  user: "ana",
  date,
  id: "x",
  sent: false,
  act,
  items,
  basedOn: 0,
  writtenAt: "",
  follows: [],
});

test("what waits counts as it will be, oldest first", () => {
  const days = ownDays(
    [day("2026-11-02", { mood: 2 }), day("2026-11-01", { mood: 1 })] as never,
    [waiting("2026-11-02", "write", { mood: 9 })] as never,
  );
  assert.deepEqual(
    days.map((one) => [one.date, one.items.mood, one.waiting]),
    [
      ["2026-11-01", 1, false],
      ["2026-11-02", 9, true],
    ],
  );
});

test("a deleted day is not among them, sent or not", () => {
  const known = [
    { ...day("2026-11-01", { mood: 1 }), deletedAt: "2026-11-03T10:00:00Z" },
    day("2026-11-02", { mood: 2 }),
  ];
  assert.deepEqual(
    ownDays(known as never, [waiting("2026-11-02", "delete", {})] as never),
    [],
  );
});

test("a note with quotes, lines and a formula stays one harmless cell", () => {
  const note = '=SUM(A1) "so", he\nsaid';
  const text = asCsv(
    ownDays([day("2026-11-01", { note, side_effects: [] })] as never, []),
    [],
  );
  assert.ok(text.includes('none,"\'=SUM(A1) ""so"", he\nsaid",0,yes'));
});

test("blank stays blank and is not zero", () => {
  const days = ownDays([day("2026-11-01", { mood: 0 })] as never, []);
  const told = JSON.parse(asJson(days));
  assert.equal(told[0].mood, 0);
  assert.equal(told[0].pain, null);
  assert.equal(told[0].side_effects, null);
  assert.ok(asCsv(days, []).includes("2026-11-01,0,,,,,,not asked,"));
});
