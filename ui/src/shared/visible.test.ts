import { describe, expect, test } from "vitest";

import { reveal, visible } from "./visible";

describe("the rows that are drawn", () => {
  test("are those on the screen and a few beyond", () => {
    expect(visible(0, 640, 64, 100_000)).toEqual({ first: 0, last: 16 });
    expect(visible(6400, 640, 64, 100_000)).toEqual({ first: 94, last: 116 });
  });

  test("end with the list, also when it has become shorter than where one stands", () => {
    expect(visible(0, 640, 64, 3)).toEqual({ first: 0, last: 3 });
    expect(visible(64 * 90_000, 640, 64, 2)).toEqual({ first: 2, last: 2 });
    expect(visible(0, 640, 64, 0)).toEqual({ first: 0, last: 0 });
  });

  test("are as many at the end of a hundred thousand as at its beginning", () => {
    const { first, last } = visible(64 * 50_000 + 17, 640, 64, 100_000);
    expect(last - first).toBeLessThan(25);
  });
});

describe("a row is brought to the nearest edge", () => {
  test.each([
    ["above", 2, 300, 128],
    ["below", 20, 300, 20 * 64 + 64 - 640],
    ["in sight", 8, 300, null],
  ])("%s", (_, row, top, expected) => {
    expect(reveal(row, top, 640, 64)).toBe(expected);
  });
});
