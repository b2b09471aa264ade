import { describe, expect, test } from "vitest";

import type { HistoryPage, HistoryQuery, HistoryRow } from "../backend/bindings";
import { History, pageSize } from "./history.svelte";

const now = new Date(2026, 2, 14, 14, 3).getTime();

/** So many orders; each question is kept, and can be answered later. */
function shop(total: number) {
  const asked: HistoryQuery[] = [];
  const shop = {
    asked,
    total,
    answers: null as ((page: HistoryPage) => void)[] | null,
    page(query: HistoryQuery): HistoryPage {
      const length = Math.max(0, Math.min(query.limit, shop.total - query.offset));
      const rows = Array.from({ length }, (_, at) => ({ id: `${query.text}${query.offset + at}` }) as HistoryRow);
      return { rows, total: shop.total };
    },
    ask(query: HistoryQuery): Promise<HistoryPage> {
      asked.push(query);
      const { answers } = shop;
      return answers ? new Promise((answer) => answers.push(answer)) : Promise.resolve(shop.page(query));
    },
  };
  return shop;
}

describe("the history", () => {
  test("asks for what is on the screen, a page at a time, and once", async () => {
    const orders = shop(100_000);
    const history = new History(orders.ask);
    await history.find(now);
    await history.draw(0, 20);
    expect(orders.asked.map((query) => query.offset)).toEqual([0]);
    await history.draw(5 * pageSize - 5, 5 * pageSize + 5);
    expect(orders.asked.map((query) => query.offset)).toEqual([0, 4 * pageSize, 5 * pageSize]);
    expect(history.total).toBe(100_000);
    expect(history.row(5 * pageSize)?.id).toBe("500");
    expect(history.row(7 * pageSize)).toBeNull();
  });

  test("lets go of pages that are far away, and asks for them again", async () => {
    const orders = shop(100_000);
    const history = new History(orders.ask);
    await history.find(now);
    for (let page = 0; page < 40; page += 1) await history.draw(page * pageSize, page * pageSize + 20);
    expect(history.row(0)).toBeNull();
    await history.draw(0, 20);
    expect(history.row(0)?.id).toBe("0");
  });

  test("an answer to an older question changes nothing", async () => {
    const orders = shop(3);
    orders.answers = [];
    const history = new History(orders.ask);
    const first = history.find(now);
    history.text = "ana";
    const second = history.find(now);
    const [old, present] = orders.answers;
    present?.(orders.page(orders.asked[1] as HistoryQuery));
    old?.({ rows: [], total: 77 });
    await Promise.all([first, second]);
    expect(history.total).toBe(3);
    expect(history.row(0)?.id).toBe("ana0");
  });

  test("keeps what is shown while it is brought up to date", async () => {
    const orders = shop(3);
    const history = new History(orders.ask);
    await history.find(now);
    orders.answers = [];
    const again = history.refresh();
    expect(history.row(0)?.id).toBe("0");
    expect(history.looking).toBe(false);
    orders.total = 4;
    orders.answers[0]?.(orders.page(orders.asked[1] as HistoryQuery));
    await again;
    expect(history.total).toBe(4);
  });

  test("says that it could not be read, and can be asked again", async () => {
    const orders = shop(3);
    let broken = true;
    const history = new History((query) => (broken ? Promise.reject(new Error("locked")) : orders.ask(query)));
    await history.find(now);
    expect(history.failed).toBe(true);
    broken = false;
    await history.refresh();
    expect(history.failed).toBe(false);
    expect(history.total).toBe(3);
  });

  test("asks nothing while the days are wrong", async () => {
    const orders = shop(3);
    const history = new History(orders.ask);
    history.span = "custom";
    history.from = "ayer";
    await history.find(now);
    expect(history.wrong).toBe("wrong");
    expect(orders.asked).toEqual([]);
  });
});
