import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import type { Severity, Verdict } from "../src/backend/bindings";
import { overflow, theatre } from "./support/browser";

const on = theatre();

/** A scene of each verdict, how serious it is and its words. */
const verdicts: Record<Verdict, [scene: string, severity: Severity, words: string]> = {
  in_sync: ["orders", "fine", "Al día"],
  syncing: ["syncing", "busy", "Sincronizando"],
  connecting: ["connecting", "busy", "Conectando"],
  polling_only: ["polling", "warning", "Con demora: cada minuto"],
  paused: ["paused", "idle", "En pausa"],
  confirmations_refused: ["confirmations-refused", "warning", "El servidor no acepta confirmaciones"],
  another_receiver: ["another-receiver", "warning", "Otro programa recoge los pedidos"],
  unreadable: ["unreadable", "warning", "Hay un pedido que no se puede leer"],
  limited: ["limited", "trouble", "Lista incompleta"],
  unheard: ["no-sound", "trouble", "Los pedidos no se oyen"],
  not_configured: ["first-run", "idle", "Sin configurar"],
  key_missing: ["key-missing", "trouble", "Falta la clave"],
  key_refused: ["key-refused", "trouble", "Clave no aceptada"],
  storage_failed: ["storage-failed", "trouble", "No se están guardando"],
  offline: ["offline", "trouble", "Sin conexión"],
  part_stopped: ["part-stopped", "trouble", "Una parte de Campana se detuvo"],
};

/** The colours of the tokens, as a browser computes them. */
const tokens: Record<Severity, string> = { fine: "--ok", busy: "--busy", idle: "--idle", warning: "--warn", trouble: "--ring" };

const edges = { ...tokens, warning: "--warn-edge" };

function colour(page: Page, token: string): Promise<string> {
  return page.evaluate((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, token);
}

function pill(page: Page) {
  return page.getByTestId("status-pill").evaluate((element) => ({
    verdict: element.getAttribute("data-verdict"),
    words: element.querySelector("strong")?.textContent,
    since: element.querySelector(".since")?.textContent ?? null,
    colour: getComputedStyle(element).color,
    turns: getComputedStyle(element.querySelector("svg") as Element).animationName !== "none",
    drawing: element.querySelector("svg")?.innerHTML,
  }));
}

function frame(page: Page) {
  return page.getByTestId("frame").evaluate((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const sides = ["top", "right", "bottom", "left"].map(
      (side) => `${style.getPropertyValue(`border-${side}-width`)} ${style.getPropertyValue(`border-${side}-color`)}`,
    );
    return {
      sides: [...new Set(sides)],
      isWhole: box.top === 0 && box.left === 0 && box.right === window.innerWidth && box.bottom === window.innerHeight,
      // What does not fit in the frame would be cut off.
      isCut: element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth,
    };
  });
}

const moving = { context: { reducedMotion: "no-preference" } } as const;

describe("the verdict", () => {
  test.each(Object.entries(verdicts))("%s is what the pill and the frame show", (verdict, [scene, severity, words]) =>
    on({ scene, ...moving }, async (page) => {
      const shown = await pill(page);
      expect(shown.verdict).toBe(verdict);
      expect(shown.words).toBe(words);
      expect(shown.colour).toBe(await colour(page, tokens[severity]));
      const own = await page.evaluate(() => window.campanaFake?.view().status.kind);
      const isLoud = severity === "warning" || severity === "trouble";
      if (isLoud && verdict === own) expect(shown.since).toMatch(/^desde (las|el) /);
      else expect(shown.since).toBeNull();
      expect(shown.turns).toBe(verdict === "syncing");

      const { sides, isWhole, isCut } = await frame(page);
      const isCalm = severity === "fine" || severity === "busy";
      expect(sides).toEqual([`4px ${isCalm ? "rgba(0, 0, 0, 0)" : await colour(page, edges[severity])}`]);
      expect(isWhole).toBe(true);
      expect(isCut).toBe(false);
    }),
  );

  test("no two that are not both about the key have the same icon", async () => {
    const drawings = new Set<string | undefined>();
    for (const [scene] of Object.values(verdicts)) {
      await on({ scene }, async (page) => void drawings.add((await pill(page)).drawing));
    }
    expect(drawings.size).toBe(Object.keys(verdicts).length - 1);
  });

  test("changes with the view, and the orders stay where they are", () =>
    on({}, async (page) => {
      const top = () => page.getByTestId("order-row").first().evaluate((row) => row.getBoundingClientRect().top);
      const before = await top();
      await page.evaluate(() => {
        const fake = window.campanaFake;
        if (fake) fake.change({ status: { ...fake.view().status, kind: "syncing" } });
      });
      await page.locator('[data-verdict="syncing"]').waitFor();
      expect(await top()).toBe(before);
      await page.evaluate(() => {
        const fake = window.campanaFake;
        if (fake) fake.change({ pause: { until: null, missed: 0 } });
      });
      await page.locator('[data-verdict="paused"]').waitFor();
      expect(await page.getByTestId("frame").getAttribute("data-severity")).toBe("idle");
    }));

  test.each(["part-stopped", "confirmations-refused", "unreadable", "paused"])("%s frames a small window, too", (scene) =>
    on({ scene, size: { width: 720, height: 520 }, theme: "dark" }, async (page) => {
      expect(await overflow(page)).toEqual([]);
      const { isWhole, isCut } = await frame(page);
      expect({ isWhole, isCut }).toEqual({ isWhole: true, isCut: false });
      const box = await page.getByTestId("status-pill").boundingBox();
      const tools = await page.getByTestId("sync-now").boundingBox();
      if (box === null || tools === null) throw new Error("the header is not there");
      expect(box.x + box.width).toBeLessThanOrEqual(tools.x);
    }),
  );
});

describe("strips", () => {
  test("say how many confirmations the server refuses, and what to do", () =>
    on({ scene: "confirmations-refused" }, async (page) => {
      const strip = page.getByTestId("confirmations-refused-band");
      expect(await strip.textContent()).toContain("El servidor no acepta la confirmación de 2 pedidos");
      expect(await strip.textContent()).toContain("Los seguirá enviando. Avise a quien administra su sistema.");
      const refused = (number: number) =>
        page.evaluate((confirmationsRefused) => {
          const fake = window.campanaFake;
          if (fake) fake.change({ status: { ...fake.view().status, confirmationsRefused } });
        }, number);
      await refused(1);
      await page.getByText("El servidor no acepta la confirmación de 1 pedido", { exact: true }).waitFor();
      await refused(0);
      await strip.waitFor({ state: "detached" });
    }));

  test("say that a part stopped, until it is back", () =>
    on({ scene: "part-stopped", language: "en" }, async (page) => {
      const strip = page.getByTestId("part-stopped-band");
      expect(await strip.textContent()).toContain("Part of Campana has stopped");
      expect(await strip.textContent()).toContain("quit Campana and open it again");
      expect(await strip.getAttribute("role")).toBe("alert");
      await page.evaluate(() => window.campanaFake?.change({ verdict: "in_sync" }));
      await strip.waitFor({ state: "detached" });
    }));

  test("an empty window promises nothing while a part is stopped", () =>
    on({ scene: "empty" }, async (page) => {
      await page.evaluate(() => window.campanaFake?.change({ verdict: "part_stopped" }));
      await page.getByTestId("part-stopped-band").waitFor();
      expect(await page.getByTestId("empty-state").textContent()).not.toContain("aparece aquí");
    }));
});
