import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, test } from "vitest";

import { type Scene, Stage } from "./support/browser";

const folder = fileURLToPath(new URL("../shots/", import.meta.url));
const small = { width: 720, height: 520 };
const smallSettings = { width: 640, height: 520 };
const welcome = { window: "settings", scene: "first-run", fill: { "address-input": "https://pedidos.mitienda.mx" } } as const;
const connect = ["key-input=llave-de-prueba", "receiver-campana", "welcome-next"];
const now = new Date("2026-03-14T14:03:20-06:00");

const pictures: Record<string, Scene & { press?: string[]; fill?: Record<string, string>; click?: string[]; then?: string[] }> = {
  "main-es-light": {},
  "main-en-dark": { language: "en", theme: "dark" },
  "offline-es-dark": { scene: "offline", theme: "dark" },
  "offline-unfolded-es-light": { scene: "offline", click: ["what-to-check"] },
  "offline-small": { scene: "offline", size: small },
  "key-refused-en-light": { scene: "key-refused", language: "en" },
  "storage-failed-es-light": { scene: "storage-failed" },
  "limited-es-dark": { scene: "limited", theme: "dark" },
  "polling-es-light": { scene: "polling" },
  "another-receiver-en-dark": { scene: "another-receiver", language: "en", theme: "dark" },
  "empty-es-light": { scene: "empty" },
  "calm-es-dark": { scene: "calm", theme: "dark" },
  "first-run-es-light": { scene: "first-run" },
  "awkward-es-light": { scene: "awkward" },
  "awkward-changed-en-dark": { scene: "awkward", language: "en", theme: "dark", press: ["ArrowDown"] },
  "before-open-es-light": { scene: "before", click: ["from-before"] },
  "paused-es-light": { scene: "paused", click: ["pause"] },
  "no-sound-no-tray-es-light": { scene: "no-sound" },
  "demo-en-light": { scene: "demo", language: "en" },
  "small-list": { size: small },
  "small-order": { size: small, click: ["order-row"] },
  "small-demo-paused": { size: small, scene: "demo", language: "en" },
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
