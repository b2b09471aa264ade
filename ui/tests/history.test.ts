import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import type { HistoryQuery } from "../src/backend/bindings";
import { calls, overflow, theatre } from "./support/browser";

const on = theatre({ history: 100_000 });

async function open(page: Page): Promise<void> {
  await page.getByTestId("tab-history").click();
  await page.getByTestId("history-row").first().waitFor();
}

async function queries(page: Page): Promise<HistoryQuery[]> {
  return (await calls(page)).filter((call) => call.command === "history").map((call) => call.given as HistoryQuery);
}

const found = (page: Page, text: string) =>
  page.getByTestId("history-found").filter({ hasText: text }).waitFor();

describe("a hundred thousand orders", () => {
  test("are scrolled through with no more rows in the page than fit, asked for a page at a time", () =>
    on({}, async (page) => {
      await open(page);
      await found(page, "100,006 pedidos");
      const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
      const rows = page.getByTestId("history-row");
      const few = await rows.count();
      const before = await nodes();
      expect(few).toBeLessThan(40);
      const list = page.getByTestId("history-list");
      for (const part of [0.25, 0.5, 0.75, 1]) {
        await list.evaluate((view, to) => (view.scrollTop = view.scrollHeight * to), part);
        await page.waitForFunction(() => document.querySelector(".waiting") === null);
        await rows.first().waitFor();
        expect(await rows.count()).toBeLessThan(40);
      }
      await page.locator('[data-order-id="old-99999"]').waitFor();
      expect(await nodes()).toBeLessThan(before + 300);
      const asked = await queries(page);
      expect(asked.length).toBeLessThan(14);
      expect(asked.every((query) => query.limit === 100)).toBe(true);
    }));

  test("the scroll bar is as long as the history is", () =>
    on({}, async (page) => {
      await open(page);
      const parts = await page
        .getByTestId("history-list")
        .evaluate((view) => [view.scrollHeight, view.clientHeight] as const);
      expect(parts[0]).toBeGreaterThan(100_000 * 50);
      expect(await page.getByTestId("history-list").locator("li").first().getAttribute("aria-setsize")).toBe("100006");
    }));

  test("the arrows go on where the screen ends", () =>
    on({}, async (page) => {
      await open(page);
      await page.getByTestId("history-row").first().click();
      for (let step = 0; step < 30; step += 1) await page.keyboard.press("ArrowDown");
      const chosen = page.locator('[data-testid="history-row"][aria-current="true"]');
      await page.locator('[data-testid="order-detail"][data-order-id="old-24"]').waitFor();
      expect(await chosen.getAttribute("data-order-id")).toBe("old-24");
      expect(await chosen.evaluate((row) => document.activeElement === row)).toBe(true);
    }));
});

describe("a search", () => {
  test("waits until the hand rests, and asks for words and days", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      const before = (await queries(page)).length;
      await page.keyboard.press("/");
      await page.keyboard.type("lucia nun", { delay: 15 });
      await page.waitForFunction(() =>
        window.campanaFake?.calls.some((call) => (call.given as HistoryQuery | undefined)?.text === "lucia nun"),
      );
      expect((await queries(page)).length - before).toBeLessThan(4);
      await page.getByTestId("history-span").selectOption("today");
      await page.waitForFunction(() => (window.campanaFake?.calls.at(-1)?.given as HistoryQuery).from !== null);
      const last = (await queries(page)).at(-1);
      expect(last).toMatchObject({ text: "lucia nun", until: null, offset: 0 });
      expect(new Date(last?.from ?? 0).toLocaleTimeString("en", { timeZone: "America/Mexico_City", hour12: false })).toMatch(/^(24|00):00:00$/);
    }));

  test("finds by phone, opens what was found with the keys, and is cleared by Escape", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.keyboard.press("/");
      await page.keyboard.type("3387654321");
      await found(page, "1 pedido");
      await page.locator('[data-order-id="order-46"]').waitFor();
      await page.keyboard.press("ArrowDown");
      await page.locator('[data-testid="order-detail"][data-order-id="order-46"]').waitFor();
      await page.keyboard.press("/");
      await page.keyboard.press("Escape");
      await found(page, "406 pedidos");
      expect(await page.getByTestId("history-search").inputValue()).toBe("");
    }));

  test("that finds nothing says so, and widens again", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.getByTestId("history-search").fill("xyz");
      await page.getByTestId("history-none").waitFor();
      await page.getByTestId("history-widen").click();
      await found(page, "406 pedidos");
    }));

  test("says what is wrong with the days, and asks nothing", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.getByTestId("history-span").selectOption("custom");
      await page.getByTestId("history-from").fill("2026-03-14");
      await page.getByTestId("history-from").blur();
      await page.waitForFunction(() => (window.campanaFake?.calls.at(-1)?.given as HistoryQuery).from !== null);
      const before = (await queries(page)).length;
      await page.getByTestId("history-until").fill("2026-03-10");
      await page.getByTestId("history-until").blur();
      await page.getByText("La primera fecha es posterior a la segunda.").waitFor();
      expect((await queries(page)).length).toBe(before);
    }));

  test("is still there after a look at the orders", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.getByTestId("history-search").fill("rosa");
      await page.waitForFunction(() => (window.campanaFake?.calls.at(-1)?.given as HistoryQuery).text === "rosa");
      await page.getByTestId("tab-orders").click();
      await page.getByTestId("tab-history").click();
      expect(await page.getByTestId("history-search").inputValue()).toBe("rosa");
    }));

  test("that cannot be answered can be tried again", () =>
    on({ history: 400, fail: "history:internal" }, async (page) => {
      await page.getByTestId("tab-history").click();
      await page.getByTestId("history-failed").waitFor();
    }));
});

describe("an order of the history", () => {
  test("is shown whole, and what is done to it shows", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.locator('[data-order-id="old-2"]').click();
      await page.getByTestId("unseen-button").click();
      await page.getByTestId("seen-button").waitFor();
      await page.locator('[data-testid="history-row"][data-order-id="old-2"]').getByText("Sin ver").waitFor();
      expect((await calls(page)).map((call) => call.command)).toContain("mark_unseen");
    }));

  test("of which nothing is left says so, and is not printed", () =>
    on({}, async (page) => {
      await open(page);
      await page.getByTestId("history-list").evaluate((view) => (view.scrollTop = view.scrollHeight));
      await page.locator('[data-order-id="old-99999"]').click();
      await page.getByText("Los datos de este pedido se borraron por antigüedad").waitFor();
      await page.keyboard.press("Control+p");
      expect(await page.getByTestId("print").count()).toBe(0);
      expect((await calls(page)).map((call) => call.command)).not.toContain("print_ticket");
    }));

  test("stays chosen while new ones come above it", () =>
    on({ history: 400 }, async (page) => {
      await open(page);
      await page.locator('[data-order-id="old-2"]').click();
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-testid="history-row"][data-order-id="order-48"]').waitFor();
      const chosen = page.locator('[data-testid="history-row"][aria-current="true"]');
      expect(await chosen.getAttribute("data-order-id")).toBe("old-2");
      await page.keyboard.press("ArrowDown");
      await page.locator('[data-testid="order-detail"][data-order-id="old-3"]').waitFor();
    }));
});

test("in one column, an order covers the history and gives it back", () =>
  on({ size: { width: 720, height: 520 }, history: 400 }, async (page) => {
    await open(page);
    expect(await overflow(page)).toEqual([]);
    await page.getByTestId("history-row").nth(3).click();
    await page.getByTestId("order-detail").waitFor();
    expect(await overflow(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByTestId("history-row").first().waitFor();
  }));

test("an empty history says what will be there", () =>
  on({ scene: "empty", history: 0 }, async (page) => {
    await page.getByTestId("tab-history").click();
    await page.getByText("Aquí queda cada pedido que llega").waitFor();
  }));
