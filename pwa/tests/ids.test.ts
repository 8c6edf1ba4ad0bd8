import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid7 } from "../src/store/ids.ts";

test("a key is a UUID of version 7", () => {
  assert.match(
    uuid7(),
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test("a key begins with the time it was made at", () => {
  const made = uuid7(0x0123456789ab);
  assert.equal(made.replaceAll("-", "").slice(0, 12), "0123456789ab");
});

test("later keys sort later", () => {
  assert.ok(uuid7(1_000) < uuid7(2_000));
});
