import { expect, test } from "vitest";

import { between } from "./days";

const now = new Date(2026, 2, 14, 14, 3).getTime();
const at = (month: number, day: number) => new Date(2026, month - 1, day).getTime();

test.each([
  ["all", { from: null, until: null }],
  ["today", { from: at(3, 14), until: null }],
  ["yesterday", { from: at(3, 13), until: at(3, 14) }],
  ["week", { from: at(3, 8), until: null }],
  ["month", { from: at(2, 13), until: null }],
] as const)("%s", (span, expected) => {
  expect(between(span, "", "", now)).toEqual(expected);
});

test("chosen days are whole, and either may be left open", () => {
  const expected = { from: at(3, 1), until: at(3, 3) };
  expect(between("custom", "2026-03-01", "2026-03-02", now)).toEqual(expected);
  expect(between("custom", "1/3/2026", " 02.03.2026 ", now)).toEqual(expected);
  expect(between("custom", "", "2026-03-02", now)).toEqual({ from: null, until: at(3, 3) });
  expect(between("custom", "2026-03-01", "", now)).toEqual({ from: at(3, 1), until: null });
});

test("what is no day, or the wrong way round, is said", () => {
  expect(between("custom", "31/02/2026", "", now)).toBe("wrong");
  expect(between("custom", "mañana", "", now)).toBe("wrong");
  expect(between("custom", "2026-03-02", "2026-03-01", now)).toBe("reversed");
});
