// The calendar entry as RFC 5545 wants it.
import assert from "node:assert/strict";
import test from "node:test";
import { calendarFile } from "../src/features/me/calendar-file.ts";

const NOW = new Date("2026-11-27T10:20:30.456Z");
const file = (title: string) =>
  calendarFile({ title, from: "2026-11-27", at: "19:30", key: "key" }, NOW);

test("a daily entry at the person's own hour, with an alarm", () => {
  const text = file("My diary");
  assert.ok(text.startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
  assert.ok(text.endsWith("END:VCALENDAR\r\n"));
  // No zone and no Z: the hour is the person's own wherever they are.
  assert.match(text, /\r\nDTSTART:20261127T193000\r\n/);
  assert.match(text, /\r\nDTSTAMP:20261127T102030Z\r\n/);
  assert.match(text, /\r\nRRULE:FREQ=DAILY\r\n/);
  assert.match(text, /BEGIN:VALARM\r\nACTION:DISPLAY/);
});

test("marks that mean something there are escaped", () => {
  assert.match(file("a, b; c\\d"), /SUMMARY:a\\, b\\; c\\\\d\r\n/);
});

test("no line has more than 75 bytes, and none is lost", () => {
  const title = "ánimo ".repeat(40).trim();
  const text = file(title);
  for (const line of text.split("\r\n"))
    assert.ok(new TextEncoder().encode(line).length <= 75);
  assert.ok(text.replaceAll("\r\n ", "").includes(`SUMMARY:${title}\r\n`));
});
