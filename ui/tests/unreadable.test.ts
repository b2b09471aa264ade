import { describe, expect, test } from "vitest";

import { calls, theatre } from "./support/browser";

const on = theatre();
const row = '[data-testid="order-row"][data-order-id="unreadable|2"]';

describe("an order that cannot be read", () => {
  test("stands among the others, with what it is, since when, and what to do", () =>
    on({ scene: "unreadable" }, async (page) => {
      expect(await page.getByTestId("tab-orders").textContent()).toContain("4");
      const words = (await page.locator(row).textContent()) ?? "";
      for (const part of ["Pedido que no se puede leer", "2 min", "Búsquelo en su sistema"]) expect(words).toContain(part);
      for (const part of ["Sin nombre", "artículos", "$"]) expect(words).not.toContain(part);
      expect(await page.locator(row).getAttribute("data-attention")).toBe("new");
    }));

  test("says in English what it is", () =>
    on({ scene: "unreadable", language: "en" }, async (page) => {
      expect(await page.locator(row).textContent()).toContain("Order that cannot be read");
      expect(await page.getByTestId("order-detail").locator("h2").textContent()).toBe("Order that cannot be read");
    }));

  test("shows what the server sent and what to do, and offers Visto alone", () =>
    on({ scene: "unreadable" }, async (page) => {
      const detail = page.getByTestId("order-detail");
      expect(await detail.locator("h2").textContent()).toBe("Pedido que no se puede leer");
      expect(await detail.textContent()).toContain(
        "El servidor envió un pedido que Campana no pudo leer. Búsquelo en su sistema y atiéndalo desde ahí.",
      );
      expect(await page.getByTestId("unreadable-raw").textContent()).toContain('"total":"trescientos"');
      expect(await detail.locator("button").allTextContents()).toEqual([expect.stringContaining("Visto")]);
      for (const part of ["no trae artículos", "Total", "Sin nombre"]) expect(await detail.textContent()).not.toContain(part);
    }));

  test("is marked seen with its id and version, and is not made to wait again", () =>
    on({ scene: "unreadable" }, async (page) => {
      await page.getByTestId("seen-button").click();
      await page.locator(`${row}[data-attention="seen"]`).waitFor();
      expect(await calls(page)).toEqual([{ command: "mark_seen", given: { id: "unreadable|2", version: 0 } }]);
      expect(await page.getByTestId("status-pill").getAttribute("data-verdict")).toBe("in_sync");
      await page.locator(row).click();
      expect(await page.getByTestId("order-detail").textContent()).toContain("Visto a las");
      expect(await page.getByTestId("order-detail").locator("button").count()).toBe(0);
      await page.keyboard.press("u");
      await page.keyboard.press("ArrowDown");
      expect((await calls(page)).map(({ command }) => command)).toEqual(["mark_seen"]);
    }));

  test("is not printed by the keys either", () =>
    on({ scene: "unreadable" }, async (page) => {
      await page.keyboard.press("Control+p");
      await page.keyboard.press("v");
      await page.locator(`${row}[data-attention="seen"]`).waitFor();
      expect((await calls(page)).map(({ command }) => command)).toEqual(["mark_seen"]);
    }));

  test("of which no text was kept shows no box", () =>
    on({ scene: "unreadable-seen" }, async (page) => {
      await page.locator(row).click();
      await page.getByText("El servidor envió un pedido").waitFor();
      expect(await page.getByTestId("unreadable-raw").count()).toBe(0);
    }));

  test("has its text shown as text, within a bound, and reached with the keyboard", () =>
    on({ scene: "unreadable-hostile" }, async (page) => {
      const raw = page.getByTestId("unreadable-raw");
      expect(await raw.textContent()).toContain('<img src=x onerror="window.broken=1">');
      expect(await raw.locator("*").count()).toBe(0);
      expect(await page.evaluate(() => "broken" in window)).toBe(false);
      const { height, inside, isWrapped } = await raw.evaluate((box) => ({
        height: box.getBoundingClientRect().height,
        inside: box.scrollHeight,
        isWrapped: box.scrollWidth <= box.clientWidth,
      }));
      expect(inside).toBeGreaterThan(height);
      expect(height).toBeLessThan(300);
      expect(isWrapped).toBe(true);
      await raw.focus();
      await page.keyboard.press("End");
      await page.waitForFunction(() => (document.querySelector("[data-testid=unreadable-raw]")?.scrollTop ?? 0) > 0);
    }));

  test("is said aloud as what it is", () =>
    on({ scene: "orders" }, async (page) => {
      await page.evaluate(() => {
        const fake = window.campanaFake;
        const [first] = fake?.view().orders ?? [];
        if (!fake || !first) return;
        const unreadable = { ...first, id: "unreadable|f0", number: "?", customer: null, version: 0, unreadable: "{" };
        fake.change({ orders: [unreadable, ...fake.view().orders] });
      });
      await page.getByText("Llegó un pedido que no se puede leer. Búsquelo en su sistema.").waitFor();
      expect(await page.getByTestId("order-detail").getAttribute("data-order-id")).toBe("order-47");
    }));
});
