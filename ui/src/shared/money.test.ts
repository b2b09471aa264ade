import { describe, expect, test } from "vitest";

import { amount } from "./money";

describe("an amount", () => {
  test.each([
    [41450, "$414.50"],
    [0, "$0.00"],
    [123456789, "$1,234,567.89"],
    [-12000, "-$120.00"],
  ])("of %i hundredths", (hundredths, text) => {
    expect(amount(hundredths, "MXN", "es")).toBe(text);
    expect(amount(hundredths, "MXN", "en")).toBe(text);
  });

  test("has the shop's currency, with as many decimals as that has", () => {
    expect(amount(41450, "EUR", "es")).toBe("€414.50");
    expect(amount(41450, "USD", "en")).toBe("$414.50");
    expect(amount(41500, "JPY", "en")).toBe("¥415");
  });

  test("in a currency that there is none of is still shown", () => {
    expect(amount(41450, "pesos", "es")).toBe("$414.50");
  });
});
