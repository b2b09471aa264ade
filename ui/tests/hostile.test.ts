import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { overflow, theatre } from "./support/browser";

const on = theatre({ scene: "hostile" });

/** Whether anything of an order was taken for a page: an element, a script, a broken row. */
async function harmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
  expect(await page.locator("img, script:not([type=module]), iframe, a[href]").count()).toBe(0);
  expect(await overflow(page)).toEqual([]);
}

describe.each([
  { width: 1080, height: 720 },
  { width: 720, height: 520 },
])("at $width × $height", (size) => {
  test("texts of an order are texts, whatever they say, and stay in their places", () =>
    on({ size }, async (page) => {
      const rows = page.getByTestId("order-row");
      const count = await rows.count();
      expect(count).toBe(7);
      await harmless(page);
      for (let at = 0; at < count; at += 1) {
        await rows.nth(at).click();
        await page.getByTestId("order-detail").waitFor();
        await harmless(page);
        // The buttons are where they always are.
        const button = await page.getByTestId("seen-button").boundingBox();
        expect(button && button.y + button.height <= size.height && button.width > 200).toBe(true);
        await page.getByTestId("technical-open").click();
        await page.getByTestId("technical").waitFor();
        await harmless(page);
        await page.keyboard.press("Escape");
        await page.getByTestId("technical").waitFor({ state: "detached" });
        if (size.width < 860) await page.getByTestId("back").click();
      }
    }));

  test("the same in the history", () =>
    on({ size, history: 5 }, async (page) => {
      await page.getByTestId("tab-history").click();
      await page.getByTestId("history-row").nth(1).click();
      await page.getByTestId("order-detail").waitFor();
      await harmless(page);
    }));
});

test("a page in a name is read as it was written", () =>
  on({}, async (page) => {
    await page.getByTestId("order-row").first().click();
    expect(await page.getByTestId("order-detail").locator("h2").textContent()).toContain("<img src=x onerror=");
  }));

test("a name of which nothing is seen counts as none", () =>
  on({}, async (page) => {
    await page.locator('[data-order-id="order-5"]').click();
    expect(await page.getByTestId("order-detail").locator("h2").textContent()).toContain("Sin nombre");
  }));

test("a ticket keeps it on the paper as well", () =>
  on({}, async (page) => {
    await page.evaluate(() => (window.print = () => undefined));
    for (const id of ["order-1", "order-endless", "order-3"]) {
      await page.locator(`[data-order-id="${id}"]`).first().click();
      await page.getByTestId("print").click();
      await page.getByText("Impreso", { exact: true }).waitFor();
      await harmless(page);
      const wide = await page.getByTestId("ticket").evaluate((ticket) =>
        [...ticket.querySelectorAll("*")]
          .filter((each) => each.getBoundingClientRect().right > ticket.getBoundingClientRect().right + 1)
          .map((each) => `${each.tagName} ${each.className}`),
      );
      expect(wide).toEqual([]);
    }
  }));
