import { describe, expect, test } from "vitest";

import { age, moment, until, warmth } from "./time";

const minute = 60_000;
const patience = { warm_minutes: 5, late_minutes: 10 };
const now = new Date(2026, 2, 14, 14, 3, 20).getTime();

describe("age", () => {
  test.each([
    [0, { key: "age-now" }],
    [59_999, { key: "age-now" }],
    [minute, { key: "age-minutes", variables: { minutes: 1 } }],
    [59 * minute, { key: "age-minutes", variables: { minutes: 59 } }],
    [60 * minute, { key: "age-hours", variables: { hours: 1 } }],
    [95 * minute, { key: "age-hours-minutes", variables: { hours: 1, minutes: 35 } }],
    [24 * 60 * minute, { key: "age-days", variables: { days: 1 } }],
  ])("after %i ms", (waited, phrase) => {
    expect(age(now - waited, now)).toEqual(phrase);
  });

  test("a server's clock that runs ahead gives no negative age", () => {
    expect(age(now + 3 * minute, now)).toEqual({ key: "age-now" });
    expect(warmth(now + 3 * minute, now, patience)).toBe("cool");
  });

  test("warms and gets hot when the shop says so", () => {
    const hurried = { warm_minutes: 2, late_minutes: 3 };
    expect(warmth(now - 5 * minute + 1, now, patience)).toBe("cool");
    expect(warmth(now - 5 * minute, now, patience)).toBe("warm");
    expect(warmth(now - 10 * minute + 1, now, patience)).toBe("warm");
    expect(warmth(now - 10 * minute, now, patience)).toBe("hot");
    expect(warmth(now - 2 * minute, now, hurried)).toBe("warm");
    expect(warmth(now - 3 * minute, now, hurried)).toBe("hot");
  });
});

describe("moment", () => {
  test("of today is hours and minutes in 24 hours, in both languages", () => {
    expect(moment(now, now, "es")).toBe("14:03");
    expect(moment(now, now, "en")).toBe("14:03");
    expect(moment(new Date(2026, 2, 14, 0, 5).getTime(), now, "es")).toBe("00:05");
  });

  test("of another day says the day", () => {
    const yesterday = new Date(2026, 2, 13, 23, 3).getTime();
    expect(moment(yesterday, now, "es")).toBe("13 mar, 23:03");
    expect(moment(yesterday, now, "en")).toBe("Mar 13, 23:03");
  });

  test("of another year says the year", () => {
    const before = new Date(2025, 2, 13, 23, 3).getTime();
    expect(moment(before, now, "es")).toBe("13 mar 2025, 23:03");
    expect(moment(before, now, "en")).toBe("Mar 13, 2025, 23:03");
  });
});

describe("until", () => {
  test("counts seconds, then minutes, and is nothing when it is due", () => {
    expect(until(now + 7_100, now)).toEqual({ key: "next-attempt-seconds", variables: { seconds: 8 } });
    expect(until(now + 5 * minute, now)).toEqual({
      key: "next-attempt-minutes",
      variables: { minutes: 5 },
    });
    expect(until(now, now)).toBeNull();
    expect(until(now - 1, now)).toBeNull();
  });
});
