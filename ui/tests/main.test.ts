import { describe, expect, test } from "vitest";

import { calls, overflow, theatre } from "./support/browser";

const on = theatre();

test("a page that was left a view shows it before it has asked for one", () =>
  on({ first: "" }, async (page) => {
    expect(await page.getByTestId("order-row").count()).toBe(6);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("es");
  }));

describe("orders", () => {
  test("stand newest first, with what the counter needs", () =>
    on({}, async (page) => {
      const rows = page.getByTestId("order-row");
      expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-order-id")))).toEqual(
        ["order-47", "order-46", "order-45", "order-44", "order-43", "order-42"],
      );
      expect(await rows.first().getAttribute("data-attention")).toBe("new");
      const row = (await rows.first().textContent()) ?? "";
      for (const part of ["47", "Lucía Núñez", "A domicilio", "2 artículos", "$414.50", "1 min"]) {
        expect(row).toContain(part);
      }
      const detail = (await page.getByTestId("order-detail").textContent()) ?? "";
      for (const part of [
        "½ Mexicana · ½ Hawaiana",
        "½ Hawaiana: sin piña",
        "Bien dorada",
        "Tocar el timbre dos veces",
        "Av. Hidalgo 214, int. 3B",
        "33 1234 5678",
        "Efectivo · por cobrar",
        "Envío y otros cargos$75.50",
        "Total$414.50",
      ]) {
        expect(detail).toContain(part);
      }
    }));

  test("V marks the open one, with its version, and the next one opens", () =>
    on({}, async (page) => {
      await page.keyboard.press("v");
      await page.locator('[data-order-id="order-47"][data-attention="seen"]').waitFor();
      expect(await calls(page)).toEqual([{ command: "mark_seen", given: { id: "order-47", version: 1 } }]);
      expect(await page.getByTestId("detail-number").textContent()).toBe("46");
    }));

  test("the big button does the same", () =>
    on({}, async (page) => {
      await page.getByTestId("seen-button").click();
      await page.locator('[data-order-id="order-47"][data-attention="seen"]').waitFor();
      expect((await calls(page))[0]?.command).toBe("mark_seen");
    }));

  test("a seen order cannot be marked again", () =>
    on({ scene: "calm" }, async (page) => {
      await page.getByTestId("order-detail").waitFor();
      await page.keyboard.press("v");
      expect(await page.getByTestId("seen-button").count()).toBe(0);
      expect(await calls(page)).toEqual([]);
    }));

  test("the arrows go through the list", () =>
    on({}, async (page) => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      expect(await page.getByTestId("detail-number").textContent()).toBe("46");
    }));

  test("a new one comes on top and does not take the open one away", () =>
    on({}, async (page) => {
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-order-id="order-48"]').waitFor();
      expect(await page.getByTestId("order-number").first().textContent()).toBe("48");
      expect(await page.getByTestId("detail-number").textContent()).toBe("47");
    }));

  test("a tapped notification opens its order", () =>
    on({}, async (page) => {
      await page.evaluate(() => window.campanaFake?.show("order-45"));
      await page.locator('[data-testid="order-detail"][data-order-id="order-45"]').waitFor();
    }));

  test("a tapped notification opens its order even if it overtakes the view", () =>
    on({}, async (page) => {
      await page.evaluate(() => window.campanaFake?.show("order-48"));
      expect(await page.getByTestId("detail-number").textContent()).toBe("47");
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-testid="order-detail"][data-order-id="order-48"]').waitFor();
    }));

  test("those from before are folded away and can be marked at once", () =>
    on({ scene: "before" }, async (page) => {
      expect(await page.getByTestId("order-row").count()).toBe(1);
      await page.getByTestId("from-before").click();
      expect(await page.getByTestId("order-row").count()).toBe(6);
      await page.getByTestId("mark-all-seen").click();
      await page.getByTestId("mark-all-seen").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "mark_from_before_seen" }]);
    }));

  test("one that changed says what, and one that was cancelled says not to prepare it", () =>
    on({ scene: "awkward" }, async (page) => {
      await page.locator('[data-attention="changed"]').click();
      expect(await page.getByTestId("order-detail").textContent()).toContain(
        "Este pedido cambió: artículos, total, nota.",
      );
      await page.locator('[data-attention="cancelled"]').click();
      expect(await page.getByTestId("order-detail").textContent()).toContain("No lo prepare");
    }));
});

describe("the header", () => {
  test("F5 syncs without reloading the page", () =>
    on({}, async (page) => {
      await page.keyboard.press("F5");
      await page.getByText("Sincronizando…").waitFor();
      await page.getByText(/^Todo al día · \d\d:\d\d$/).waitFor();
      expect(await calls(page)).toEqual([{ command: "sync_now" }]);
    }));

  test("says how many orders a round brought", () =>
    on({ brings: 3 }, async (page) => {
      await page.getByTestId("sync-now").click();
      await page.getByText("3 pedidos nuevos").waitFor();
      // Then it is a button again.
      await page.getByText("Sincronizar ahora").waitFor({ timeout: 10_000 });
    }));

  test("says that a round did not get through, and when the last one did", () =>
    on({ scene: "offline" }, async (page) => {
      await page.getByTestId("sync-now").click();
      await page.getByText("No se pudo completar").waitFor();
      expect(await page.getByTestId("last-sync").textContent()).toMatch(/^Última: \d\d:\d\d$/);
    }));

  test("tells that nothing was synced yet", () =>
    on({}, async (page) => {
      await page.evaluate(() =>
        window.campanaFake?.change({
          status: {
            kind: "connecting",
            cause: null,
            since: Date.now(),
            nextAttempt: null,
            lastSync: null,
            anotherReceiver: false,
            confirmationsRefused: 0,
            detail: null,
          },
        }),
      );
      await page.getByText("Aún sin sincronizar").waitFor();
    }));

  test("pauses for a while and resumes", () =>
    on({}, async (page) => {
      await page.getByTestId("pause").click();
      await page.getByTestId("pause-30").click();
      await page.getByText("En pausa hasta").waitFor();
      expect(await page.getByTestId("paused-band").textContent()).toContain("siguen llegando, sin sonido");
      await page.getByTestId("pause").click();
      await page.getByTestId("resume").click();
      await page.getByText("En pausa hasta").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "pause", given: { minutes: 30 } }, { command: "resume" }]);
    }));

  test("a pause tells what arrived without sound, and ends from its strip", () =>
    on({ scene: "paused" }, async (page) => {
      expect(await page.getByTestId("paused-band").textContent()).toContain("1 pedido llegó sin sonar y nadie lo ha visto");
      await page.getByTestId("paused-resume").click();
      await page.getByTestId("paused-band").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "resume" }]);
    }));

  test("an empty window promises no sound while there is none", () =>
    on({ scene: "empty" }, async (page) => {
      const words = page.getByTestId("empty-state");
      expect(await words.textContent()).toContain("aparece aquí y suena");
      await page.evaluate(() => window.campanaFake?.change({ pause: { until: null, missed: 0 } }));
      await page.getByText("aparece aquí, sin sonido").waitFor();
    }));

  test("opens the settings and shows that it is a demonstration", () =>
    on({ scene: "demo" }, async (page) => {
      expect(await page.getByTestId("demo-badge").textContent()).toBe("Demostración");
      await page.getByTestId("open-settings").click();
      expect(await calls(page)).toEqual([{ command: "open_settings" }]);
    }));

  test("says so when a command fails", () =>
    on({ fail: "mark_seen:storage-failed" }, async (page) => {
      await page.keyboard.press("v");
      expect(await page.getByTestId("command-failed").textContent()).toContain("No se pudo guardar");
      expect(await page.getByTestId("order-row").first().getAttribute("data-attention")).toBe("new");
    }));
});

describe("trouble", () => {
  test("stands there while it lasts, tells why and when, and goes by itself", () =>
    on({ scene: "offline" }, async (page) => {
      const band = page.getByTestId("trouble-band");
      const text = (await band.textContent()) ?? "";
      expect(text).toContain("No están llegando pedidos");
      expect(text).toContain("El servidor no responde");
      expect(text).toMatch(/desde las \d\d:\d\d/);
      expect(text).toMatch(/Próximo intento en \d s/);
      expect(await page.getByTestId("status-pill").getAttribute("data-status")).toBe("offline");
      await page.getByTestId("what-to-check").click();
      expect(await band.locator("li").count()).toBe(4);
      await page.getByTestId("retry").click();
      await page.waitForFunction(() => window.campanaFake?.calls[0]?.command === "sync_now");
      await page.evaluate(() =>
        window.campanaFake?.change({
          status: {
            kind: "in_sync",
            cause: null,
            since: Date.now(),
            nextAttempt: null,
            lastSync: Date.now(),
            anotherReceiver: false,
            confirmationsRefused: 0,
            detail: null,
          },
        }),
      );
      await band.waitFor({ state: "detached" });
    }));

  test.each(["key-missing", "key-refused", "limited", "storage-failed", "no-network"])(
    "%s has a red band",
    (scene) => on({ scene }, (page) => page.getByTestId("trouble-band").waitFor()),
  );

  test.each([
    ["polling", "polling-band"],
    ["another-receiver", "another-receiver-band"],
    ["no-sound", "no-sound-band"],
    ["sound-failing", "sound-failing-band"],
    ["muted", "muted-band"],
    ["paused", "paused-band"],
    ["damaged", "damage-band"],
    ["no-tray", "no-tray-band"],
    ["confirmations-refused", "confirmations-refused-band"],
    ["part-stopped", "part-stopped-band"],
  ])("%s has a quieter one", (scene, id) =>
    on({ scene }, async (page) => {
      await page.getByTestId(id).waitFor();
      expect(await page.getByTestId("trouble-band").count()).toBe(0);
    }),
  );

  test("an alarm for it can be silenced, and the trouble goes on being shown", () =>
    on({ scene: "trouble-alarm" }, async (page) => {
      await page.getByTestId("silence").click();
      await page.getByTestId("silence").waitFor({ state: "detached" });
      expect(await page.getByTestId("trouble-band").count()).toBe(1);
      expect(await calls(page)).toEqual([{ command: "quiet_trouble" }]);
    }));

  test("where no alarm sounds there is nothing to silence", () =>
    on({ scene: "offline" }, async (page) => {
      await page.getByTestId("trouble-band").waitFor();
      expect(await page.getByTestId("silence").count()).toBe(0);
    }));

  test("without a set-up the window leads to the settings", () =>
    on({ scene: "first-run", language: "en" }, async (page) => {
      expect(await page.getByTestId("sync-now").count()).toBe(0);
      await page.getByTestId("set-up").click();
      expect(await calls(page)).toEqual([{ command: "open_settings" }]);
    }));
});

describe("in one column", () => {
  const size = { width: 720, height: 520 };

  test("an order covers the list and gives it back", () =>
    on({ size }, async (page) => {
      expect(await page.getByTestId("order-detail").count()).toBe(0);
      await page.keyboard.press("v");
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("order-row").nth(1).click();
      expect(await page.getByTestId("detail-number").textContent()).toBe("46");
      await page.getByTestId("back").click();
      await page.getByTestId("order-row").nth(1).click();
      await page.getByTestId("seen-button").click();
      await page.locator('[data-order-id="order-46"][data-attention="seen"]').waitFor();
    }));

  test.each([
    ...["orders", "awkward", "offline", "key-refused", "demo", "paused", "many", "first-run", "another-receiver"],
    ...["confirmations-refused", "part-stopped", "unreadable", "unreadable-hostile", "no-sound"],
  ])(
    "%s needs no sideways scrolling",
    (scene) =>
      on({ scene, size }, async (page) => {
        expect(await overflow(page)).toEqual([]);
        const row = page.getByTestId("order-row").first();
        if ((await row.count()) > 0) await row.click();
        expect(await overflow(page)).toEqual([]);
      }),
  );
});
