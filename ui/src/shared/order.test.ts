import { describe, expect, test } from "vitest";

import type { ItemView, OrderView, PartView } from "../backend/bindings";
import { canChat, changeKeys, chargesKey, customerName, dueKey, methodKey, partLines, nameInstead, typePhrase, wasPrinted } from "./order";

function order(part: Partial<OrderView>): OrderView {
  return { orderType: "delivery", table: null, customer: null, changes: [], otherCharges: null, maybePrinted: false, ...part } as OrderView;
}

function pizza(...parts: PartView[]): ItemView {
  return { quantity: 1, name: "Pizza", price: null, parts, modifiers: [], notes: null };
}

const half = (flavors: string) => `½ ${flavors}`;

describe("a pizza's parts", () => {
  test("what is left out of a half names the half", () => {
    const item = pizza(
      { half: true, flavors: ["Mexicana"], added: [], leftOut: [] },
      { half: true, flavors: ["Hawaiana"], added: ["jamón"], leftOut: ["piña"] },
    );
    expect(partLines(item, half)).toEqual([
      { kind: "flavors", names: "½ Mexicana · ½ Hawaiana", half: null },
      { kind: "without", names: "piña", half: "Hawaiana" },
      { kind: "added", names: "jamón", half: "Hawaiana" },
    ]);
  });

  test("what is left out of the whole names no half", () => {
    const item = pizza({ half: false, flavors: ["Pepperoni"], added: [], leftOut: ["cebolla", "ajo"] });
    expect(partLines(item, half)).toEqual([
      { kind: "flavors", names: "Pepperoni", half: null },
      { kind: "without", names: "cebolla, ajo", half: null },
    ]);
  });

  test("a half without a flavour still says what must not be on it", () => {
    const item = pizza({ half: true, flavors: [], added: [], leftOut: ["chile"] });
    expect(partLines(item, half)).toEqual([{ kind: "without", names: "chile", half: "" }]);
  });
});

describe("words for an order", () => {
  test("a table is named, and is the name where there is no other", () => {
    const phrase = { key: "type-table", variables: { table: "4" } };
    const named = order({ orderType: "dine_in", table: "4", customer: "Ana" });
    expect(typePhrase(named)).toEqual(phrase);
    const unnamed = order({ orderType: "dine_in", table: "4" });
    expect(nameInstead(unnamed)).toEqual(phrase);
    expect(typePhrase(unnamed).key).toBe("type-dine-in");
    expect(nameInstead(order({}))).toEqual({ key: "no-customer" });
    expect(typePhrase(order({ orderType: "dine_in" })).key).toBe("type-dine-in");
  });

  test("a name of which nothing can be seen is none", () => {
    const table = order({ orderType: "dine_in", table: "4", customer: "\u200b" });
    expect(customerName(table)).toBeNull();
    expect(typePhrase(table).key).toBe("type-dine-in");
    expect(nameInstead(order({ orderType: "dine_in", table: " " })).key).toBe("no-customer");
  });

  test("a ticket that is on paper, or may be, makes the next one a duplicate", () => {
    expect(wasPrinted(order({ printed: 0 }))).toBe(false);
    expect(wasPrinted(order({ printed: 1 }))).toBe(true);
    const unsure = { printed: 0, maybePrinted: true };
    expect(wasPrinted(order(unsure))).toBe(true);
  });

  test.each([
    ["33 1234 5678", true],
    ["+52 1 33 1234 5678", true],
    ["1234 5678", false],
    ["no tiene", false],
    ["1".repeat(31), false],
    [null, false],
  ])("a chat with %s: %s", (phone, possible) => {
    expect(canChat(phone)).toBe(possible);
  });

  test("the due time says what happens then", () => {
    expect(dueKey(order({ scheduled: true }))).toBe("due-scheduled");
    expect(dueKey(order({}))).toBe("due-delivery");
    expect(dueKey(order({ orderType: "take_away" }))).toBe("due-take-away");
    expect(dueKey(order({ orderType: "unknown" }))).toBe("due-ready");
  });

  test("a method and a change that there are no words for do no harm", () => {
    expect(methodKey("cash")).toBe("method-cash");
    expect(methodKey("cowrie")).toBe("method-other");
    expect(changeKeys(order({ changes: ["scheduled_time", "weather", "total"] }))).toEqual([
      "change-scheduled-time",
      "change-total",
    ]);
  });

  test("what remains is delivery, other charges, or a discount", () => {
    expect(chargesKey(order({ otherCharges: 7550 }))).toBe("charges-delivery");
    expect(chargesKey(order({ otherCharges: 7550, orderType: "take_away" }))).toBe("charges-other");
    expect(chargesKey(order({ otherCharges: -100 }))).toBe("charges-discount");
  });
});
