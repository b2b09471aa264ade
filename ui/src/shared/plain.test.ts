import { expect, test } from "vitest";

import { seeable } from "./plain";

test.each([
  [null, null],
  ["", null],
  [" \t\n\u00a0", null],
  ["\u200b\u200d\ufeff\u2060", null],
  ["\u202e\u202c", null],
  ["\u3164", null],
  ["\u0301\u0310", null],
  ["Ana", "Ana"],
  [" \u200bAna ", " \u200bAna "],
  ["🍕", "🍕"],
  ["שלום", "שלום"],
])("of %j is seen %j", (text, seen) => {
  expect(seeable(text)).toBe(seen);
});
