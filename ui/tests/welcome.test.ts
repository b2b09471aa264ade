import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { calls } from "./support/browser";
import { settingsStage } from "./support/settings";

const on = settingsStage();
const first = { scene: "first-run" } as const;

/** Waits for this step of the welcome. */
async function step(page: Page, number: number): Promise<void> {
  await page.locator(`[data-testid=welcome][data-step="${number}"]`).waitFor();
}

async function connect(page: Page): Promise<void> {
  await page.getByTestId("address-input").fill("https://pedidos.mitienda.mx");
  await page.getByTestId("welcome-next").click();
  await page.getByTestId("key-input").fill("llave-de-prueba-4711");
  await page.getByTestId("receiver-campana").click();
  await page.getByTestId("welcome-next").click();
  await step(page, 3);
}

describe("the welcome", () => {
  test("leads from the address over the key to the alarm and to the orders", () =>
    on(first, async (page) => {
      await page.getByRole("heading", { name: "Le damos la bienvenida" }).waitFor();
      expect(await page.getByRole("navigation").count()).toBe(0);
      await connect(page);
      await page.getByTestId("test-alarm").click();
      await page.getByTestId("welcome-next").click();
      await page.getByText("Campana vive en la bandeja").waitFor();
      await page.getByTestId("welcome-next").click();
      const all = await calls(page);
      expect(all.map((call) => call.command)).toEqual(["save_settings", "test_alarm", "leave_settings"]);
      expect(all[0]?.given).toEqual({
        address: "https://pedidos.mitienda.mx",
        key: "llave-de-prueba-4711",
        receiver: "campana",
        profile: "auto",
        certificateAuthority: null,
        plainHttp: false,
        shop: null,
      });
    }));

  test("goes by Enter alone, and each heading is read", () =>
    on(first, async (page) => {
      await page.getByTestId("address-input").fill("https://pedidos.mitienda.mx");
      await page.keyboard.press("Enter");
      await step(page, 2);
      await page.waitForFunction(() => document.activeElement?.textContent === "Conecte su tienda");
      await page.getByTestId("key-input").fill("llave-de-prueba-4711");
      await page.getByTestId("receiver-till").click();
      await page.getByTestId("key-input").press("Enter");
      await step(page, 3);
      await page.waitForFunction(() => document.activeElement?.textContent === "Pruebe la alarma");
    }));

  test("says what is missing in the step where it is asked", () =>
    on(first, async (page) => {
      await page.getByTestId("welcome-next").click();
      expect(await page.getByTestId("field-error").textContent()).toContain("Escriba la dirección");
      await page.getByTestId("address-input").fill("mi tienda");
      await page.getByTestId("welcome-next").click();
      await step(page, 2);
      await page.getByTestId("receiver-campana").click();
      await page.getByTestId("key-input").fill("llave");
      await page.getByTestId("welcome-next").click();
      await step(page, 1);
      expect(await page.getByTestId("field-error").textContent()).toContain("no parece una dirección");
      await page.waitForFunction(() => document.activeElement?.id === "address");
    }));

  test("shows the samples to whoever has no address yet", () =>
    on(first, async (page) => {
      await page.getByTestId("start-demo").click();
      await page.getByText("Se abrió en otra ventana").waitFor();
      expect(await calls(page)).toEqual([{ command: "start_demo" }]);
    }));

  test("can be left for the whole form, and does not come where something is set up", () =>
    on(first, async (page) => {
      await page.getByTestId("welcome-skip").click();
      await page.getByRole("navigation").waitFor();
      expect(await page.getByTestId("address-input").count()).toBe(1);
    }));

  test("says where Campana is on a desktop without a tray", () =>
    on(first, async (page) => {
      await connect(page);
      await page.evaluate(() => window.campanaFake?.change({ tray: false }));
      await page.getByTestId("welcome-next").click();
      await page.getByText("la ventana de los pedidos se minimiza en vez de cerrarse").waitFor();
    }));
});

test("nobody who is set up is welcomed", () =>
  on({}, async (page) => {
    expect(await page.getByTestId("welcome").count()).toBe(0);
  }));
