import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import type { Theme } from "../src/backend/bindings";
import { theatre } from "./support/browser";

const on = theatre();

const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const light = "rgb(250, 248, 244)";
const dark = "rgb(22, 19, 16)";

async function prefer(page: Page, part: { theme?: Theme; high_contrast?: boolean }): Promise<void> {
  await page.evaluate((chosen) => {
    const { campanaFake } = window;
    const preferences = campanaFake?.view().preferences;
    if (!campanaFake || !preferences) return;
    campanaFake.change({
      preferences: { ...preferences, appearance: { ...preferences.appearance, ...chosen } },
    });
  }, part);
}

describe("the colours", () => {
  test("follow the system, or are fixed", () =>
    on({ theme: "dark" }, async (page) => {
      expect(await paper(page)).toBe(dark);
      await prefer(page, { theme: "light" });
      expect(await paper(page)).toBe(light);
      await page.emulateMedia({ colorScheme: "light" });
      await prefer(page, { theme: "dark" });
      expect(await paper(page)).toBe(dark);
      await prefer(page, { theme: "system" });
      expect(await paper(page)).toBe(light);
    }));

  test("have more contrast when somebody wants it, here or in the system", () =>
    on({}, async (page) => {
      await prefer(page, { high_contrast: true });
      expect(await paper(page)).toBe("rgb(255, 255, 255)");
      await prefer(page, { high_contrast: false });
      expect(await paper(page)).toBe(light);
      await page.emulateMedia({ contrast: "more" });
      await page.waitForFunction(() => document.documentElement.dataset.contrast === "more");
      expect(await paper(page)).toBe("rgb(255, 255, 255)");
    }));

  // WCAG 2: AA asks for 4.5, AAA for 7.
  test.each([
    ["light", false],
    ["dark", false],
    ["light", true],
    ["dark", true],
  ] as const)("number and name are AAA, %s, more contrast: %s", (theme, more) =>
    on({ theme }, async (page) => {
      await prefer(page, { high_contrast: more });
      const ratios = await page.evaluate(() => {
        const luminance = (colour: string) => {
          const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number).map((value) => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (element: Element | null): string => {
          if (!element) return "rgb(255, 255, 255)";
          const { backgroundColor } = getComputedStyle(element);
          return /^rgba.*, 0\)$/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
        };
        return ["[data-attention=new] .number", "[data-attention=new] .customer", "h2 .customer"].map((selector) => {
          const element = document.querySelector(selector);
          const [one, other] = [luminance(getComputedStyle(element as Element).color), luminance(behind(element))];
          return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        });
      });
      for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(7);
    }),
  );
});

describe("motion", () => {
  const moving = (page: Page) =>
    page.evaluate(() => document.getAnimations().map((animation) => (animation as CSSAnimation).animationName));

  test("a new order slides in once", () =>
    on({ context: { reducedMotion: "no-preference" } }, async (page) => {
      await page.waitForFunction(() => document.getAnimations().length === 0);
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.waitForFunction(() =>
        document.getAnimations().some((animation) => (animation as CSSAnimation).animationName?.endsWith("arrive")),
      );
      await page.waitForFunction(() => document.getAnimations().length === 0);
    }));

  test("there is none where the system asks for none", () =>
    on({ scene: "syncing" }, async (page) => {
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-order-id="order-48"]').waitFor();
      await page.keyboard.press("?");
      await page.getByTestId("shortcuts").waitFor();
      expect(await moving(page)).toEqual([]);
    }));
});
