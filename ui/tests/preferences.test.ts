import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import type { Preferences } from "../src/backend/bindings";
import { calls } from "./support/browser";
import { settingsStage } from "./support/settings";

const on = settingsStage();

/** What was saved last, once so many savings were. */
async function saved(page: Page, times = 1): Promise<Preferences> {
  await page.waitForFunction(
    (times) => window.campanaFake?.calls.filter((call) => call.command === "save_preferences").length === times,
    times,
  );
  const all = (await calls(page)).filter((call) => call.command === "save_preferences");
  return all.at(-1)?.given as Preferences;
}

async function type(page: Page, id: string, text: string): Promise<void> {
  await page.getByTestId(id).fill(text);
  await page.getByTestId(id).press("Tab");
}

describe("every choice is saved at once", () => {
  const choices: [section: string, steps: string[], table: keyof Preferences, saved: object][] = [
    ["alerts", ["chime-marimba"], "alerts", { chime: "marimba" }],
    ["alerts", ["repeat-once"], "alerts", { repeat: "once" }],
    ["alerts", ["number-louder_minutes=7"], "alerts", { louder_minutes: 7 }],
    ["alerts", ["switch-window_to_front"], "alerts", { window_to_front: false }],
    ["alerts", ["number-connection_lost_seconds=90"], "alerts", { connection_lost_seconds: 90 }],
    ["alerts", ["number-warm_minutes=4"], "alerts", { warm_minutes: 4 }],
    ["alerts", ["number-late_minutes=20"], "alerts", { late_minutes: 20 }],
    ["alerts", ["content-discreet"], "alerts", { content: "discreet" }],
    ["appearance", ["theme-dark"], "appearance", { theme: "dark" }],
    ["appearance", ["switch-high_contrast"], "appearance", { high_contrast: true }],
    ["system", ["switch-start_with_computer"], "system", { start_with_computer: true }],
    ["system", ["switch-start_hidden"], "system", { start_hidden: false }],
    ["system", ["switch-keep_awake"], "system", { keep_awake: true }],
    ["printing", ["paper-a4"], "printing", { paper: "a4" }],
    ["printing", ["printer=192.168.1.50:9100"], "printing", { printer: "192.168.1.50:9100" }],
    ["printing", ["printer=/dev/usb/lp0"], "printing", { printer: "/dev/usb/lp0" }],
  ];

  test.each(choices)("%s %j", (section, steps, table, wanted) =>
    on({}, async (page) => {
      await page.getByTestId(`section-${section}`).click();
      for (const step of steps) {
        const [id = "", text] = step.split("=");
        await (text === undefined ? page.getByTestId(id).click() : type(page, id, text));
      }
      expect((await saved(page))[table]).toMatchObject(wanted);
    }),
  );

  test("the interval only shows where it counts", () =>
    on({}, async (page) => {
      await page.getByTestId("section-alerts").click();
      expect(await page.getByTestId("number-repeat_seconds").count()).toBe(0);
      await page.getByTestId("repeat-interval").click();
      await type(page, "number-repeat_seconds", "25");
      expect((await saved(page, 2)).alerts).toMatchObject({ repeat: "interval", repeat_seconds: 25 });
    }));

  test("the volume when the handle is let go, by keys as well", () =>
    on({}, async (page) => {
      await page.getByTestId("section-alerts").click();
      await page.getByTestId("volume").focus();
      await page.keyboard.press("ArrowRight");
      expect((await saved(page)).alerts.volume).toBe(85);
      await page.keyboard.press("Home");
      expect((await saved(page, 2)).alerts.volume).toBe(0);
      await page.getByText("Con el volumen en 0 ningún pedido se oye.").waitFor();
    }));

  test("currency and retention by their lists", () =>
    on({}, async (page) => {
      await page.getByTestId("section-appearance").click();
      await page.getByTestId("select-currency").selectOption("PEN");
      expect((await saved(page)).appearance.currency).toBe("PEN");
      await page.getByText(/precios: (?!\$).*1,234\.50/).waitFor();
      await page.getByTestId("section-system").click();
      await page.getByTestId("select-retention_days").selectOption({ label: "Para siempre" });
      expect((await saved(page, 2)).system.retention_days).toBe(0);
      await page.getByText("No se borra ningún pedido").waitFor();
    }));

  test("the language, and back to the system's", () =>
    on({}, async (page) => {
      await page.getByTestId("section-appearance").click();
      await page.getByTestId("language-en").click();
      await page.getByRole("heading", { name: "Appearance" }).waitFor();
      expect((await saved(page)).language).toBe("en");
      await page.getByTestId("language-system").click();
      await page.getByRole("heading", { name: "Apariencia" }).waitFor();
      expect((await saved(page, 2)).language).toBeNull();
    }));

  test("two choices one right after the other are both kept", () =>
    on({}, async (page) => {
      await page.getByTestId("section-system").click();
      await page.evaluate(() => {
        for (const field of ["start_with_computer", "keep_awake"]) {
          document.querySelector<HTMLElement>(`[data-testid=switch-${field}]`)?.click();
        }
      });
      expect((await saved(page, 2)).system).toMatchObject({ start_with_computer: true, keep_awake: true });
    }));

  test("and what was changed elsewhere meanwhile stays", () =>
    on({}, async (page) => {
      await page.evaluate(async () => {
        const fake = window.campanaFake;
        if (fake) fake.change({ preferences: { ...fake.view().preferences, language: "es" } });
      });
      await page.getByTestId("section-appearance").click();
      await page.getByTestId("theme-light").click();
      expect(await saved(page)).toMatchObject({ language: "es", appearance: { theme: "light" } });
    }));
});

describe("what cannot be is said at its field and not saved", () => {
  test.each([
    ["louder_minutes", "61", "de 0 a 60"],
    ["louder_minutes", "tres", "de 0 a 60"],
    ["connection_lost_seconds", "5", "de 10 a 3,600"],
    ["warm_minutes", "10", "de 1 a 9"],
    ["late_minutes", "5", "de 6 a 601"],
    ["late_minutes", "", "de 6 a 601"],
  ])("%s: %s", (field, typed, between) =>
    on({}, async (page) => {
      await page.getByTestId("section-alerts").click();
      const input = page.getByTestId(`number-${field}`);
      await type(page, `number-${field}`, typed);
      const error = page.getByTestId("field-error");
      expect(await error.getAttribute("data-field-name")).toBe(field);
      expect(await error.textContent()).toContain(between);
      expect(await input.getAttribute("aria-invalid")).toBe("true");
      expect(await input.getAttribute("aria-describedby")).toContain(`error-${field}`);
      expect(await calls(page)).toEqual([]);
    }),
  );

  test("a printer that can be none, and the automatic ticket without one", () =>
    on({}, async (page) => {
      await page.getByTestId("section-printing").click();
      expect(await page.getByRole("switch").isDisabled()).toBe(true);
      for (const typed of ["la de la cocina", "192.168.1.50", "host:99999"]) {
        await type(page, "printer", typed);
        expect(await page.getByTestId("field-error").textContent()).toContain("192.168.1.50:9100");
      }
      expect(await calls(page)).toEqual([]);
      await type(page, "printer", "[fd00::5]:9100");
      await saved(page);
      await page.getByTestId("switch-automatic").click();
      expect((await saved(page, 2)).printing).toMatchObject({ automatic: true });
      await type(page, "printer", "");
      expect((await saved(page, 3)).printing).toMatchObject({ automatic: false, printer: "" });
    }));

  test("what the app refuses shows what still holds", () =>
    on({ fail: "save_preferences:settings-unwritable" }, async (page) => {
      await page.getByTestId("section-system").click();
      const box = page.getByTestId("switch-keep_awake").getByRole("switch");
      await page.getByTestId("switch-keep_awake").click();
      expect(await page.getByTestId("field-error").textContent()).toContain("No se pudieron guardar");
      expect(await box.isChecked()).toBe(false);
    }));
});

describe("the alarm", () => {
  test("is tried as it would be, and stopped", () =>
    on({}, async (page) => {
      await page.getByTestId("section-alerts").click();
      const button = page.getByTestId("test-alarm");
      await button.click();
      await page.getByText("Está sonando").waitFor();
      expect(await button.innerText()).toContain("Parar");
      await button.click();
      await page.getByText("Suena cuando llega un pedido").waitFor();
      expect((await calls(page)).map((call) => call.command)).toEqual(["test_alarm", "test_alarm"]);
    }));

  test("each chime can be heard at the volume that is set", () =>
    on({}, async (page) => {
      await page.getByTestId("section-alerts").click();
      await page.getByRole("button", { name: "Oír: Chicharra" }).click();
      expect(await calls(page)).toEqual([
        { command: "preview_chime", given: { chime: "buzzer", volume: 80 } },
      ]);
    }));

  test("that cannot be heard says what to do", () =>
    on({ scene: "settings-mute" }, async (page) => {
      await page.getByTestId("section-alerts").click();
      for (const [sound, words] of [
        ["no_device", "No se encontró una bocina"],
        ["failing", "La bocina no suena"],
        ["muted", "el volumen está en 0"],
        ["works", "El sonido funciona"],
      ] as const) {
        await page.evaluate((sound) => window.campanaFake?.change({ sound }), sound);
        await page.getByText(words).waitFor();
        expect(await page.getByTestId("sound-state").getAttribute("data-sound")).toBe(sound);
      }
    }));
});

describe("the computer", () => {
  test("that does not start Campana says so, whatever was chosen", () =>
    on({ scene: "settings-stubborn" }, async (page) => {
      await page.getByTestId("section-system").click();
      expect(await page.getByTestId("field-error").textContent()).toContain("no se abrirá sola");
      await page.evaluate(() =>
        window.campanaFake?.change({ computer: { startsWithIt: true, dataFolder: "/datos" } }),
      );
      await page.getByTestId("field-error").waitFor({ state: "detached" });
    }));

  test("shows its folder, hands over the diagnostics and starts the samples", () =>
    on({}, async (page) => {
      await page.getByTestId("section-system").click();
      expect(await page.getByTestId("show-data-folder-detail").innerText()).toContain("/campana");
      await page.getByTestId("show-data-folder").click();
      await page.getByTestId("export-diagnostics").click();
      await page.getByText("Se guardó campana-2026-03-14-1403.zip").waitFor();
      await page.getByTestId("start-demo").click();
      await page.getByText("Se abrió en otra ventana").waitFor();
      const commands = (await calls(page)).map((call) => call.command);
      expect(commands).toEqual(["show_data_folder", "export_diagnostics", "start_demo"]);
    }));

  test("names what Campana contains of others", () =>
    on({}, async (page) => {
      await page.getByTestId("section-system").click();
      await page.getByTestId("licences").click();
      const list = await page.getByTestId("licences-list").innerText();
      expect(list).toMatch(/^svelte [\d.]+ · MIT$/m);
      expect(list).toMatch(/^tauri [\d.]+ · Apache-2.0 OR MIT$/m);
      await page.getByTestId("licences").click();
      expect(await page.getByTestId("licences-list").count()).toBe(0);
    }));

  test("that cannot write the diagnostics says so", () =>
    on({ fail: "export_diagnostics:diagnostics-not-written" }, async (page) => {
      await page.getByTestId("section-system").click();
      await page.getByTestId("export-diagnostics").click();
      await page.getByTestId("export-diagnostics-came").getByText("No se pudo guardar").waitFor();
    }));
});

test("everything can be reached and changed by keys alone", () =>
  on({ size: { width: 640, height: 520 } }, async (page) => {
    await page.getByTestId("section-system").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sistema" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect((await saved(page)).system.start_with_computer).toBe(true);
    await page.getByTestId("section-appearance").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Apariencia" }).waitFor();
    for (let at = 0; at < 3; at += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    expect((await saved(page, 2)).language).toBe("es");
  }));
