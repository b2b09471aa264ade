import { expect, test } from "vitest";

import type { AttentionView, OrderView } from "../backend/bindings";
import { arrivals } from "./arrivals";

function order(id: string, attention: AttentionView, version = 1): OrderView {
  return { id, attention, version } as OrderView;
}

const ids = (orders: OrderView[]) => orders.map((each) => each.id);

test("an order is told once, and again when it changed", () => {
  const first = arrivals(new Map(), [order("a", "new")]);
  expect(ids(first.news)).toEqual(["a"]);
  const same = arrivals(first.told, [order("a", "new")]);
  expect(same.news).toEqual([]);
  expect(ids(arrivals(same.told, [order("a", "changed", 2)]).news)).toEqual(["a"]);
});

test("what was seen, or comes from before, is not told", () => {
  expect(arrivals(new Map(), [order("a", "seen"), order("b", "from_before")]).news).toEqual([]);
});

test("one that somebody marked as not seen is no news", () => {
  const { told } = arrivals(new Map(), [order("a", "seen")]);
  expect(arrivals(told, [order("a", "new")]).news).toEqual([]);
});
