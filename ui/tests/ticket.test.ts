import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { calls, theatre } from "./support/browser";

const on = theatre();

/** Counts the dialogs instead of opening them. */
async function dialogs(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as unknown as { dialogs: number };
    counted.dialogs = 0;
    window.print = () => void (counted.dialogs += 1);
  });
  return () => page.evaluate(() => (window as unknown as { dialogs: number }).dialogs);
}

/** Width and height of the first page, in millimetres. */
async function paper(page: Page): Promise<[number, number]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const [, width, height] = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(pdf) ?? [];
  return [Math.round((Number(width) / 72) * 25.4), Math.round((Number(height) / 72) * 25.4)];
}

const pages = async (page: Page) =>
  (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length;

describe("without a ticket printer", () => {
  test("the dialog prints, and a second ticket is marked", () =>
    on({}, async (page) => {
      const opened = await dialogs(page);
      await page.keyboard.press("Control+p");
      await page.getByText("Impreso", { exact: true }).waitFor();
      expect(await opened()).toBe(1);
      expect(await page.getByTestId("ticket").textContent()).not.toContain("DUPLICADO");
      await page.getByTestId("print").click();
      await page.getByText("Impreso como DUPLICADO").waitFor();
      expect(await opened()).toBe(2);
      expect(await page.getByTestId("ticket").textContent()).toContain("DUPLICADO");
      const printed = { command: "print_ticket", given: { id: "order-47", dialog: true } };
      const left = { command: "ticket_left_dialog", given: { id: "order-47" } };
      expect(await calls(page)).toEqual([printed, left, printed, left]);
    }));

  test("a dialog that was cancelled is not said to have printed", () =>
    on({ dialog: "cancelled" }, async (page) => {
      const opened = await dialogs(page);
      await page.getByTestId("print").click();
      await page.waitForFunction(() => window.campanaFake?.calls.at(-1)?.command === "ticket_left_dialog");
      await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>('[data-testid="print"]')?.disabled);
      expect(await opened()).toBe(1);
      expect(await page.getByTestId("print").textContent()).toMatch(/^\s*Imprimir\s*$/);
    }));

  test.each([
    ["throws", () => (window.print = () => {
      throw new Error("no dialog");
    })],
    ["rejects", () => (window.print = (() => Promise.reject(new Error("no dialog"))) as () => void)],
  ])("a dialog that %s is said, and leaves nothing printing", (_, plant) =>
    on({}, async (page) => {
      await page.evaluate(plant);
      await page.getByTestId("print").click();
      await page.getByTestId("command-failed").waitFor();
      expect(await page.getByTestId("print").textContent()).toMatch(/^\s*Imprimir\s*$/);
      expect(await page.getByTestId("print").isEnabled()).toBe(true);
      expect((await calls(page)).map((call) => call.command)).toEqual(["print_ticket"]);
    }));

  test("only the ticket is on paper, whole, on a roll as long as it is", () =>
    on({}, async (page) => {
      await dialogs(page);
      await page.getByTestId("print").click();
      await page.getByText("Impreso", { exact: true }).waitFor();
      const [width, height] = await paper(page);
      expect(width).toBe(80);
      expect(height).toBeGreaterThan(120);
      expect(height).toBeLessThan(260);
      expect(await pages(page)).toBe(1);
      await page.emulateMedia({ media: "print" });
      const shown = await page.evaluate(() => document.body.innerText);
      for (const part of ["47", "Lucía Núñez", "½ Hawaiana: sin piña", "Por cobrar", "$414.50", "Av. Hidalgo 214"]) {
        expect(shown.toLowerCase()).toContain(part.toLowerCase());
      }
      expect(shown).not.toContain("Sincronizar");
    }));

  test("an A4 sheet stays one", () =>
    on({ scene: "paper-a4" }, async (page) => {
      await dialogs(page);
      await page.getByTestId("print").click();
      await page.getByText("Impreso", { exact: true }).waitFor();
      expect(await paper(page)).toEqual([210, 297]);
      expect(await pages(page)).toBe(1);
    }));

  test("a long order goes on without losing a line", () =>
    on({ scene: "awkward" }, async (page) => {
      await dialogs(page);
      await page.getByTestId("print").click();
      await page.getByText("Impreso", { exact: true }).waitFor();
      expect(await pages(page)).toBe(1);
      const wide = await page.getByTestId("ticket").evaluate((ticket) =>
        [...ticket.querySelectorAll("*")].filter(
          (each) => each.getBoundingClientRect().right > ticket.getBoundingClientRect().right + 1,
        ).length,
      );
      expect(wide).toBe(0);
    }));
});

test("with one, no dialog opens", () =>
  on({ scene: "printer" }, async (page) => {
    const opened = await dialogs(page);
    await page.getByTestId("print").click();
    await page.getByText("Impreso", { exact: true }).waitFor();
    expect(await opened()).toBe(0);
    expect(await page.getByTestId("ticket").count()).toBe(0);
    expect(await calls(page)).toEqual([{ command: "print_ticket", given: { id: "order-47", dialog: false } }]);
  }));

test("a printer that fails is said, and nothing is told as printed", () =>
  on({ scene: "printer", fail: "print_ticket:internal" }, async (page) => {
    await page.getByTestId("print").click();
    await page.getByTestId("command-failed").waitFor();
    expect(await page.getByTestId("print").textContent()).toContain("Imprimir");
  }));
