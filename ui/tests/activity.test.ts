import { expect, test } from "vitest";

import { calls, theatre } from "./support/browser";

const on = theatre();

test("what could not be taken stands on top, with what somebody can do", () =>
  on({}, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByTestId("activity-row").first().click();
    const detail = (await page.getByTestId("activity-detail").textContent()) ?? "";
    for (const part of [
      "Un pedido que no se pudo leer",
      "En la lista de pedidos está sin sus datos",
      "Busque ese pedido en la caja",
      "missing field `createdAt`",
    ]) {
      expect(detail).toContain(part);
    }
    expect(await calls(page)).toContainEqual({ command: "activity", given: { limit: 1_000 } });
  }));

test("what went well needs nothing; what failed says why, and that it is over", () =>
  on({}, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByText("Confirmación").click();
    const detail = page.getByTestId("activity-detail");
    expect(await detail.textContent()).toContain("Nada. Es normal.");
    await page.getByTestId("activity-problems").click();
    await page.locator('[data-testid="activity-row"][data-is="activity"]').first().click();
    expect(await detail.textContent()).toContain("El servidor no responde.");
    expect(await detail.textContent()).toContain("ya pasó, Campana está al día");
    expect(await page.getByText("Confirmación").count()).toBe(0);
  }));

test("the arrows go through it", () =>
  on({}, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByTestId("activity-row").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "Un pedido que no se pudo confirmar" }).waitFor();
  }));

test("where nothing happened, or nothing went wrong, it says so", async () => {
  await on({ scene: "empty" }, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByText("Todavía no hay nada anotado").waitFor();
  });
  await on({ scene: "calm" }, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByTestId("activity-problems").click();
    await page.getByText("Sin problemas").waitFor();
  });
});

test("that it cannot be read is said, with a way to try again", () =>
  on({ fail: "activity:internal" }, async (page) => {
    await page.getByTestId("tab-activity").click();
    await page.getByTestId("activity-failed").waitFor();
  }));
