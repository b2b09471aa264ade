import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import type { UpdatesView } from "../src/backend/bindings";
import { calls, overflow } from "./support/browser";
import { settingsStage } from "./support/settings";

const on = settingsStage();

async function openSystem(page: Page): Promise<void> {
  await page.getByTestId("section-system").click();
  await page.getByRole("heading", { name: "Sistema" }).waitFor();
}

/** Changes what the app says of updates. */
function change(page: Page, part: Partial<UpdatesView>): Promise<void> {
  return page.evaluate((part) => {
    const fake = window.campanaFake;
    const updates = fake?.view().updates;
    if (fake && updates) fake.change({ updates: { ...updates, ...part } });
  }, part);
}

describe("updates", () => {
  test("are not spoken of where none are built in", () =>
    on({}, async (page) => {
      await openSystem(page);
      expect(await page.getByTestId("check-for-updates").count()).toBe(0);
      expect(await page.getByRole("region", { name: "Actualizaciones" }).count()).toBe(0);
    }));

  test("tell the new version and what installing it does", () =>
    on({ scene: "settings-update" }, async (page) => {
      await openSystem(page);
      await page.getByText("Hay una versión nueva: 0.2.0").waitFor();
      const button = page.getByRole("button", { name: "Instalar ahora" });
      const explained = await button.getAttribute("aria-describedby");
      const words = await page.locator(`#${explained}`).innerText();
      expect(words).toContain("se cierra y se abre sola");
      expect(words).toContain("Los pedidos se conservan");
      await button.click();
      await page.getByText("Descargando… Campana sigue recibiendo pedidos.").waitFor();
      expect(await button.isDisabled()).toBe(true);
      expect(await page.getByTestId("check-for-updates").isDisabled()).toBe(true);
      for (const [stage, said] of [
        ["waiting", "Atienda primero los pedidos que suenan."],
        ["installing", "Campana se abrirá sola."],
      ] as const) {
        await change(page, { stage });
        await page.getByText(said).waitFor();
      }
      expect(await calls(page)).toEqual([{ command: "install_update" }]);
      expect(await overflow(page)).toEqual([]);
    }));

  test("are looked for when somebody asks", () =>
    on({ scene: "settings-up-to-date" }, async (page) => {
      await openSystem(page);
      await page.getByText(/Campana está al día\. Se revisó: .*\d\d:\d\d/).waitFor();
      expect(await page.getByTestId("install-update").count()).toBe(0);
      await page.getByRole("button", { name: "Buscar actualizaciones" }).click();
      await page.getByText("Buscando…").waitFor();
      await page.getByText("Buscando…").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "check_for_updates" }]);
      await change(page, { checkedAt: null });
      await page.getByText("Todavía no se sabe si hay una versión nueva.").waitFor();
    }));

  test("that come as a package have no button, and say from where they come", () =>
    on({ scene: "settings-update-package" }, async (page) => {
      await openSystem(page);
      await page.getByText("Hay una versión nueva: 0.2.0").waitFor();
      await page.getByText("pida el paquete nuevo a quien se la instaló").waitFor();
      expect(await page.getByTestId("install-update").count()).toBe(0);
    }));

  test("that fail say so with what to do", () =>
    on({ scene: "settings-update-failed" }, async (page) => {
      await openSystem(page);
      for (const [failure, said] of [
        ["update-not-genuine", "no es auténtica y no se instaló"],
        ["update-unreachable", "Revise la conexión a internet"],
        ["update-answer", "no responde bien"],
        ["update-not-secure", "conexión segura"],
        ["update-nothing-for-this-computer", "no existe para esta computadora"],
        ["update-broken-off", "La descarga se cortó"],
        ["update-too-large", "demasiado grande"],
        ["update-not-installed", "Campana sigue como estaba"],
        ["update-orders-wait", "hay pedidos sin ver"],
      ] as const) {
        await change(page, { failure });
        await page.getByTestId("update-came").getByText(said).waitFor();
      }
    }));

  test("that the app does not take up are told", () =>
    on({ scene: "settings-update", fail: "install_update:internal" }, async (page) => {
      await openSystem(page);
      await page.getByTestId("install-update").click();
      await page.getByTestId("update-came").getByText("Algo falló").waitFor();
    }));
});
