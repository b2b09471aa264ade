import { describe, expect, test } from "vitest";

import { calls, theatre } from "./support/browser";

const on = theatre();

describe("an order", () => {
  test("is marked as not seen again with U", () =>
    on({}, async (page) => {
      await page.locator('[data-order-id="order-44"]').click();
      await page.keyboard.press("u");
      await page.locator('[data-order-id="order-44"][data-attention="new"]').waitFor();
      expect(await calls(page)).toEqual([{ command: "mark_unseen", given: { id: "order-44" } }]);
      expect(await page.getByTestId("detail-number").textContent()).toBe("44");
    }));

  test("that waits is not marked by U, and one key held down marks no second one", () =>
    on({}, async (page) => {
      await page.keyboard.press("u");
      await page.keyboard.down("v");
      await page.keyboard.down("v");
      await page.keyboard.up("v");
      await page.locator('[data-order-id="order-47"][data-attention="seen"]').waitFor();
      expect((await calls(page)).map((call) => call.command)).toEqual(["mark_seen"]);
    }));

  test("and all that wait are marked at once, after a question", () =>
    on({}, async (page) => {
      await page.getByTestId("mark-all").click();
      await page.keyboard.press("Escape");
      await page.getByTestId("mark-all-dialog").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("mark-all").click();
      expect(await page.getByTestId("mark-all-dialog").textContent()).toContain("¿Marcar 3 pedidos como vistos?");
      // One that comes while the question is open was not meant.
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-order-id="order-48"]').waitFor();
      await page.getByTestId("mark-all-yes").click();
      await page.locator('[data-order-id="order-45"][data-attention="seen"]').waitFor();
      expect(await page.locator('[data-attention="new"]').count()).toBe(1);
      expect(await calls(page)).toEqual([
        { command: "mark_all_seen", given: ["47", "46", "45"].map((number) => ({ id: `order-${number}`, version: 1 })) },
      ]);
    }));

  test("opens its address and a chat by the app, never by itself", () =>
    on({}, async (page) => {
      await page.getByTestId("open-map").click();
      await page.getByTestId("open-whatsapp").click();
      expect(await calls(page)).toEqual([
        { command: "open_link", given: { id: "order-47", kind: "map" } },
        { command: "open_link", given: { id: "order-47", kind: "whatsapp" } },
      ]);
      expect(await page.locator("a[href]").count()).toBe(0);
    }));

  test("has its address and its phone copied", () =>
    on({ context: { permissions: ["clipboard-read", "clipboard-write"] } }, async (page) => {
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await page.getByTestId("copy-address").click();
      await page.locator('[data-testid="copy-address"][data-copied="true"]').waitFor();
      expect(await copied()).toBe("Av. Hidalgo 214, int. 3B, Centro, Tototlán");
      await page.getByTestId("copy-phone").click();
      await page.locator('[data-testid="copy-phone"][data-copied="true"]').waitFor();
      expect(await copied()).toBe("33 1234 5678");
    }));

  test("shows the technician what the server sent, when asked", () =>
    on({}, async (page) => {
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("technical-open").click();
      expect(await page.getByTestId("technical-json").textContent()).toContain('"id": "order-47"');
      expect(await page.getByTestId("technical").textContent()).toContain("Confirmado al servidorSí");
      await page.keyboard.press("Escape");
      await page.getByTestId("technical").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "order_json", given: { id: "order-47" } }]);
    }));

  test("ages when the shop says so", () =>
    on({}, async (page) => {
      const age = page.locator('[data-order-id="order-46"] .age');
      expect(await age.getAttribute("class")).toContain("warm");
      await page.evaluate(async () => {
        const { campanaFake } = window;
        const preferences = campanaFake?.view().preferences;
        if (!campanaFake || !preferences) return;
        campanaFake.change({
          preferences: { ...preferences, alerts: { ...preferences.alerts, warm_minutes: 2, late_minutes: 4 } },
        });
      });
      await page.locator('[data-order-id="order-46"] .age.hot').waitFor();
    }));

  test("its amounts add up to the total, in the shop's currency", () =>
    on({}, async (page) => {
      const amounts = await page
        .locator('[data-testid="order-detail"] .price, [data-testid="order-detail"] dd')
        .allTextContents();
      const values = amounts.map((text) => Math.round(Number(text.replaceAll(/[^\d.-]/g, "")) * 100));
      const total = values.pop();
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(total);
      await page.evaluate(() => {
        const { campanaFake } = window;
        const preferences = campanaFake?.view().preferences;
        if (!campanaFake || !preferences) return;
        campanaFake.change({
          preferences: { ...preferences, appearance: { ...preferences.appearance, currency: "EUR" } },
        });
      });
      await page.getByText("€414.50").first().waitFor();
    }));
});

describe("new orders", () => {
  test("are said aloud once, by number, name and type; several by how many", () =>
    on({}, async (page) => {
      const announcer = page.getByTestId("announcer");
      expect(await announcer.textContent()).toBe("");
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.getByText("Pedido nuevo: 48, Rosa Lima, A domicilio").waitFor();
      await page.evaluate(() => {
        const orders = window.campanaFake?.view().orders ?? [];
        const [first] = orders;
        if (!first) return;
        const more = ["50", "49"].map((number) => ({ ...first, number, id: `order-${number}` }));
        window.campanaFake?.change({ orders: [...more, ...orders] });
      });
      await page.getByText("2 pedidos por ver").waitFor();
      expect(await announcer.getAttribute("aria-live")).toBe("polite");
    }));

  test("come while a history is open, and the count tells", () =>
    on({}, async (page) => {
      await page.getByTestId("tab-history").click();
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.getByText("Pedido nuevo: 48").waitFor();
      expect(await page.getByTestId("tab-orders").textContent()).toContain("4");
      await page.evaluate(() => window.campanaFake?.show("order-48"));
      await page.locator('[data-testid="order-detail"][data-order-id="order-48"]').waitFor();
      expect(await page.getByTestId("tab-orders").getAttribute("aria-current")).toBe("page");
    }));

  test("three hundred that wait are all there, and only those on the screen are drawn", () =>
    on({ scene: "crowd" }, async (page) => {
      const rows = page.getByTestId("order-row");
      expect(await rows.count()).toBe(300);
      const drawn = await rows.evaluateAll(
        (all) => all.filter((row) => row.checkVisibility({ contentVisibilityAuto: true })).length,
      );
      expect(drawn).toBeGreaterThan(5);
      expect(drawn).toBeLessThan(60);
      for (let order = 999; order > 979; order -= 1) await page.keyboard.press("v");
      await page.waitForFunction(() => window.campanaFake?.calls.length === 20);
      expect(await page.getByTestId("detail-number").textContent()).toBe("979");
    }));
});
