import { describe, expect, test } from "vitest";

import { calls, theatre } from "./support/browser";

const on = theatre();

describe("the keyboard", () => {
  test("has a page that lists its keys", () =>
    on({}, async (page) => {
      await page.keyboard.press("?");
      const dialog = page.getByTestId("shortcuts");
      for (const words of ["Marcar como visto", "Buscar en el historial"]) {
        expect(await dialog.textContent()).toContain(words);
      }
      // Keys are for the dialog while it is open.
      await page.keyboard.press("v");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("shortcuts-open").click();
      await dialog.waitFor();
    }));

  test("goes through a shift without a pointer", () =>
    on({}, async (page) => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.className)).toContain("paper");
      await page.keyboard.press("v");
      await page.locator('[data-order-id="order-46"][data-attention="seen"]').waitFor();
      await page.keyboard.press("/");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("history-search");
      await page.keyboard.type("vu");
      expect((await calls(page)).filter((call) => call.command.startsWith("mark"))).toHaveLength(1);
    }));

  test("in one column goes into an order and back to its row", () =>
    on({ size: { width: 720, height: 520 } }, async (page) => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="order-detail"][data-order-id="order-46"]').waitFor();
      await page.keyboard.press("Escape");
      await page.getByTestId("order-detail").waitFor({ state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-order-id"))).toBe("order-46");
    }));
});

describe("leaving", () => {
  test("is warned of; staying is what Enter and Escape do", () =>
    on({ scene: "quit-asked" }, async (page) => {
      const dialog = page.getByTestId("quit-dialog");
      expect(await dialog.textContent()).toContain("Si sale, nadie avisará de los pedidos nuevos.");
      expect(await dialog.textContent()).toContain("Hay 3 pedidos sin ver.");
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      await page.evaluate(() => window.campanaFake?.change({ quitAsked: true }));
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect((await calls(page)).map((call) => call.command)).toEqual(["keep_running", "keep_running"]);
    }));

  test("needs its own button", () =>
    on({ scene: "quit-asked", language: "en" }, async (page) => {
      await page.getByRole("button", { name: "Quit", exact: true }).click();
      expect(await calls(page)).toEqual([{ command: "quit" }]);
    }));
});
