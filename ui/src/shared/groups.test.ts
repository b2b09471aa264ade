import { describe, expect, test } from "vitest";

import type { AttentionView, OrderView } from "../backend/bindings";
import { follow, groups, neighbour } from "./groups";

function order(id: string, attention: AttentionView): OrderView {
  return { id, attention } as OrderView;
}

const orders = [
  order("d", "new"),
  order("c", "seen"),
  order("b", "changed"),
  order("a", "cancelled"),
  order("z", "from_before"),
];

describe("groups", () => {
  test("changed and cancelled orders wait like new ones, in the order they came", () => {
    const { unseen, fromBefore, seen } = groups(orders);
    expect(unseen.map((each) => each.id)).toEqual(["d", "b", "a"]);
    expect(fromBefore.map((each) => each.id)).toEqual(["z"]);
    expect(seen.map((each) => each.id)).toEqual(["c"]);
  });
});

describe("the open order", () => {
  test("at first the newest unseen one is open", () => {
    expect(follow({ id: null, chosen: false }, orders)).toEqual({ id: "d", chosen: false });
  });

  test("a new order does not take an unseen one from under the hand", () => {
    const selection = { id: "b", chosen: false };
    expect(follow(selection, [order("e", "new"), ...orders])).toBe(selection);
  });

  test("a new order takes the place of a seen one that nobody chose", () => {
    expect(follow({ id: "c", chosen: false }, orders).id).toBe("d");
  });

  test("what a person chose stays open", () => {
    const selection = { id: "c", chosen: true };
    expect(follow(selection, orders)).toBe(selection);
  });

  test("a seen one stays open when nothing waits, and nothing changes by looking again", () => {
    const selection = { id: "c", chosen: false };
    expect(follow(selection, [order("c", "seen")])).toBe(selection);
  });

  test("an order that is gone gives way, and an empty list opens nothing", () => {
    expect(follow({ id: "gone", chosen: true }, orders)).toEqual({ id: "d", chosen: false });
    expect(follow({ id: "gone", chosen: true }, [])).toEqual({ id: null, chosen: false });
  });

  test("orders from before never open by themselves", () => {
    expect(follow({ id: null, chosen: false }, [order("z", "from_before")]).id).toBeNull();
  });
});

describe("up and down", () => {
  test("stop at the ends", () => {
    expect(neighbour(orders, "d", -1)).toBe("d");
    expect(neighbour(orders, "d", 1)).toBe("c");
    expect(neighbour(orders, "z", 1)).toBe("z");
  });

  test("begin at the top when nothing is open", () => {
    expect(neighbour(orders, null, 1)).toBe("d");
    expect(neighbour([], null, 1)).toBeNull();
  });
});
