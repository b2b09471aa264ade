import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, test } from "vitest";

import { type Scene, Stage } from "./support/browser";
import { mainStates } from "./tour/main";

const folder = fileURLToPath(new URL("../shots/", import.meta.url));
const smallSettings = { width: 640, height: 520 };
const welcome = { window: "settings", scene: "first-run", fill: { "address-input": "https://pedidos.mitienda.mx" } } as const;
const connect = ["key-input=llave-de-prueba", "receiver-campana", "welcome-next"];
const now = new Date("2026-03-14T14:03:20-06:00");

const pictures: Record<string, Scene & { press?: string[]; fill?: Record<string, string>; click?: string[]; then?: string[] }> = {
  "settings-es-light": { window: "settings", scene: "settings", click: ["test-connection"] },
  "settings-en-dark": { window: "settings", scene: "settings", language: "en", theme: "dark", click: ["key-remove"] },
  "settings-failed-es-light": { window: "settings", scene: "key-refused", click: ["test-connection"] },
  "settings-offline-en-dark": {
    window: "settings",
    scene: "offline",
    language: "en",
    theme: "dark",
    click: ["test-connection"],
  },
  "settings-warnings-es-light": { window: "settings", scene: "polling", click: ["test-connection"] },
  "settings-first-run-es-light": { window: "settings", scene: "first-run", click: ["welcome-skip", "receiver-campana", "save"] },
  "settings-locked-es-light": { window: "settings", scene: "settings-locked" },
  "settings-damaged-es-dark": { window: "settings", scene: "settings-damaged", theme: "dark" },
  "settings-alerts-es-light": { window: "settings", scene: "settings", click: ["section-alerts"] },
  "settings-alerts-en-dark-long": {
    window: "settings",
    scene: "settings-mute",
    language: "en",
    theme: "dark",
    size: { width: 760, height: 1500 },
    click: ["section-alerts", "repeat-interval", "test-alarm"],
  },
  "settings-alerts-small-es-light": { window: "settings", scene: "settings", size: smallSettings, click: ["section-alerts"] },
  "settings-appearance-es-light": { window: "settings", scene: "settings", click: ["section-appearance"] },
  "settings-appearance-en-dark": {
    window: "settings",
    scene: "settings",
    language: "en",
    theme: "dark",
    click: ["section-appearance"],
  },
  "settings-system-es-light": { window: "settings", scene: "settings", click: ["section-system", "export-diagnostics"] },
  "settings-system-en-dark-long": {
    window: "settings",
    scene: "settings-stubborn",
    language: "en",
    theme: "dark",
    size: { width: 760, height: 1200 },
    click: ["section-system", "licences"],
  },
  "settings-system-small-es-light": { window: "settings", scene: "settings", size: smallSettings, click: ["section-system"] },
  "settings-updates-es-light": {
    window: "settings",
    scene: "settings-update",
    size: { width: 760, height: 1200 },
    click: ["section-system"],
  },
  "settings-updates-en-dark": {
    window: "settings",
    scene: "settings-update-failed",
    language: "en",
    theme: "dark",
    size: { width: 760, height: 1200 },
    click: ["section-system"],
  },
  "settings-printing-es-light": { window: "settings", scene: "settings", click: ["section-printing"] },
  "settings-printing-en-dark": { window: "settings", scene: "settings", language: "en", theme: "dark", click: ["section-printing"] },
  "settings-plain-http-es-light": { window: "settings", scene: "settings-plain-http" },
  "settings-redirected-es-light": { window: "settings", scene: "settings-redirected", click: ["test-connection"] },
  "settings-advanced-es-light": { window: "settings", scene: "settings", click: ["advanced", "key-change"] },
  "settings-small-es-light": { window: "settings", scene: "settings", size: smallSettings, click: ["key-change"] },
  "settings-shop-en-dark": {
    window: "settings",
    scene: "settings",
    language: "en",
    theme: "dark",
    fill: { "address-input": "https://nueva.mx" },
    click: ["save"],
  },
  "welcome-1-es-light": { window: "settings", scene: "first-run" },
  "welcome-2-es-light": { ...welcome, click: ["welcome-next"] },
  "welcome-2-small-en-dark": { ...welcome, language: "en", theme: "dark", size: smallSettings, click: ["welcome-next"] },
  "welcome-3-es-light": { ...welcome, click: ["welcome-next"], then: connect },
  "welcome-4-es-dark": { ...welcome, theme: "dark", click: ["welcome-next"], then: [...connect, "welcome-next"] },
};

let stage: Stage;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  stage = await Stage.start();
});
afterAll(() => stage.stop());

const tour = Object.entries(mainStates).flatMap(([name, state]) =>
  (["es", "en"] as const).flatMap((language) =>
    (["light", "dark"] as const).map(
      (theme) => [`main-${name}-${language}-${theme}`, { ...state, language, theme }] as const,
    ),
  ),
);

test.each(tour)("%s", async (name, { act, ...state }) => {
  const { page, close } = await stage.open({ ...state, now });
  await act?.(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: `${folder}${name}.png` });
  await close();
});

test.each([
  ["roll", "orders", { width: 302, height: 900 }],
  ["a4", "paper-a4", { width: 794, height: 1123 }],
] as const)("ticket-%s", async (paper, scene, size) => {
  for (const language of ["es", "en"] as const) {
    const { page, close } = await stage.open({ scene: scene, language, now });
    await page.evaluate(() => (window.print = () => undefined));
    // The second one is marked.
    await page.getByTestId("print").click();
    await page.getByText(/Impreso$|Printed$/).waitFor();
    await page.getByTestId("print").click();
    await page.getByText(/DUPLICA/).first().waitFor();
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize(size);
    await page.screenshot({ path: `${folder}ticket-${paper}-${language}.png`, fullPage: true });
    await close();
  }
});

test.each(Object.entries(pictures))("%s", async (name, picture) => {
  const { page, close } = await stage.open({ ...picture, now });
  for (const [id, text] of Object.entries(picture.fill ?? {})) await page.getByTestId(id).fill(text);
  for (const id of picture.click ?? []) await page.getByTestId(id).first().click();
  for (const step of picture.then ?? []) {
    const [id = "", text] = step.split("=");
    await (text === undefined ? page.getByTestId(id).click() : page.getByTestId(id).fill(text));
  }
  if (picture.click?.includes("export-diagnostics")) await page.getByTestId("export-diagnostics-came").locator("span").waitFor();
  for (const key of picture.press ?? []) await page.keyboard.press(key);
  if (picture.click?.includes("test-connection")) await page.getByTestId("check-verdict").waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: `${folder}${name}.png` });
  await close();
});
