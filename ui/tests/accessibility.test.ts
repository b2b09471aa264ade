import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Scene, Stage } from "./support/browser";
import { mainStates } from "./tour/main";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.stop());

/** What axe calls serious or critical. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).join(" | ")}`);
}

// Axe is put into the page, which the page's own policy would rightly refuse.
const context = { bypassCSP: true };

test.each(Object.entries(mainStates))("main %s has no serious barrier, light or dark", async (_, { act, ...state }) => {
  const { page, close } = await stage.open({ ...state, context });
  await act?.(page);
  await page.addScriptTag({ content: axe });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await barriers(page), colorScheme).toEqual([]);
  }
  await close();
});

const scenes: (Scene & { click?: string[] })[] = [
  { window: "settings", scene: "first-run" },
  { window: "settings", scene: "first-run", click: ["start-demo", "welcome-skip", "save"] },
  { window: "settings", scene: "settings-plain-http", click: ["advanced"] },
  { window: "settings", scene: "settings-redirected", click: ["test-connection"] },
  { window: "settings", scene: "settings-stubborn", click: ["section-system", "licences"] },
  { window: "settings", scene: "settings-update", click: ["section-system"] },
  { window: "settings", scene: "settings-update-failed", click: ["section-system"] },
  { window: "settings", scene: "settings-up-to-date", click: ["section-system"] },
  { window: "settings", scene: "settings", click: ["section-printing"] },
  { window: "settings", scene: "settings-mute", click: ["section-alerts", "repeat-interval", "test-alarm"] },
  { window: "settings", scene: "key-refused", click: ["key-remove", "test-connection"] },
  { window: "settings", scene: "settings", click: ["key-change", "test-connection"] },
  { window: "settings", scene: "settings", click: ["section-appearance"] },
  { window: "settings", scene: "settings", click: ["section-alerts"] },
];
const cases = scenes.flatMap((scene) =>
  (["light", "dark"] as const).map((theme) => ({
    ...scene,
    theme,
    name: `${scene.window ?? "main"} ${scene.scene} ${theme}`,
  })),
);

test.each(cases)("$name has no serious barrier", async ({ click, ...scene }) => {
  const { page, close } = await stage.open({ ...scene, context });
  for (const id of click ?? []) await page.getByTestId(id).click();
  if (click?.includes("test-connection")) await page.getByTestId("check-verdict").waitFor();
  await page.addScriptTag({ content: axe });
  expect(await barriers(page)).toEqual([]);
  await close();
});
