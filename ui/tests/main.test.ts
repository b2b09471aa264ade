import { describe, expect, test } from "vitest";

import { calls, overflow, theatre } from "./support/browser";

const on = theatre();

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

describe("an order", () => {
  test("is marked as not seen again with U", () =>
    on({}, async (page) => {
      await page.locator('[data-order-id="order-44"]').click();
      await page.keyboard.press("u");
      await page.locator('[data-order-id="order-44"][data-attention="new"]').waitFor();
      expect(await calls(page)).toEqual([{ command: "mark_unseen", given: { id: "order-44" } }]);
      expect(await page.getByTestId("detail-number").textContent()).toBe("44");
    }));

  test("that waits is not marked by U, and one key held down marks no second one", () =>
    on({}, async (page) => {
      await page.keyboard.press("u");
      await page.keyboard.down("v");
      await page.keyboard.down("v");
      await page.keyboard.up("v");
      await page.locator('[data-order-id="order-47"][data-attention="seen"]').waitFor();
      expect((await calls(page)).map((call) => call.command)).toEqual(["mark_seen"]);
    }));

  test("and all that wait are marked at once, after a question", () =>
    on({}, async (page) => {
      await page.getByTestId("mark-all").click();
      await page.keyboard.press("Escape");
      await page.getByTestId("mark-all-dialog").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("mark-all").click();
      expect(await page.getByTestId("mark-all-dialog").textContent()).toContain("¿Marcar 3 pedidos como vistos?");
      // One that comes while the question is open was not meant.
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.locator('[data-order-id="order-48"]').waitFor();
      await page.getByTestId("mark-all-yes").click();
      await page.locator('[data-order-id="order-45"][data-attention="seen"]').waitFor();
      expect(await page.locator('[data-attention="new"]').count()).toBe(1);
      expect(await calls(page)).toEqual([
        { command: "mark_all_seen", given: ["47", "46", "45"].map((number) => ({ id: `order-${number}`, version: 1 })) },
      ]);
    }));

  test("opens its address and a chat by the app, never by itself", () =>
    on({}, async (page) => {
      await page.getByTestId("open-map").click();
      await page.getByTestId("open-whatsapp").click();
      expect(await calls(page)).toEqual([
        { command: "open_link", given: { id: "order-47", kind: "map" } },
        { command: "open_link", given: { id: "order-47", kind: "whatsapp" } },
      ]);
      expect(await page.locator("a[href]").count()).toBe(0);
    }));

  test("has its address and its phone copied", () =>
    on({ context: { permissions: ["clipboard-read", "clipboard-write"] } }, async (page) => {
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await page.getByTestId("copy-address").click();
      await page.locator('[data-testid="copy-address"][data-copied="true"]').waitFor();
      expect(await copied()).toBe("Av. Hidalgo 214, int. 3B, Centro, Tototlán");
      await page.getByTestId("copy-phone").click();
      await page.locator('[data-testid="copy-phone"][data-copied="true"]').waitFor();
      expect(await copied()).toBe("33 1234 5678");
    }));

  test("shows the technician what the server sent, when asked", () =>
    on({}, async (page) => {
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("technical-open").click();
      expect(await page.getByTestId("technical-json").textContent()).toContain('"id": "order-47"');
      expect(await page.getByTestId("technical").textContent()).toContain("Confirmado al servidorSí");
      await page.keyboard.press("Escape");
      await page.getByTestId("technical").waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([{ command: "order_json", given: { id: "order-47" } }]);
    }));

  test("ages when the shop says so", () =>
    on({}, async (page) => {
      const age = page.locator('[data-order-id="order-46"] .age');
      expect(await age.getAttribute("class")).toContain("warm");
      await page.evaluate(async () => {
        const { campanaFake } = window;
        const preferences = campanaFake?.view().preferences;
        if (!campanaFake || !preferences) return;
        campanaFake.change({
          preferences: { ...preferences, alerts: { ...preferences.alerts, warm_minutes: 2, late_minutes: 4 } },
        });
      });
      await page.locator('[data-order-id="order-46"] .age.hot').waitFor();
    }));

  test("its amounts add up to the total, in the shop's currency", () =>
    on({}, async (page) => {
      const amounts = await page
        .locator('[data-testid="order-detail"] .price, [data-testid="order-detail"] dd')
        .allTextContents();
      const values = amounts.map((text) => Math.round(Number(text.replaceAll(/[^\d.-]/g, "")) * 100));
      const total = values.pop();
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(total);
      await page.evaluate(() => {
        const { campanaFake } = window;
        const preferences = campanaFake?.view().preferences;
        if (!campanaFake || !preferences) return;
        campanaFake.change({
          preferences: { ...preferences, appearance: { ...preferences.appearance, currency: "EUR" } },
        });
      });
      await page.getByText("€414.50").first().waitFor();
    }));
});

describe("new orders", () => {
  test("are said aloud once, by number, name and type; several by how many", () =>
    on({}, async (page) => {
      const announcer = page.getByTestId("announcer");
      expect(await announcer.textContent()).toBe("");
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.getByText("Pedido nuevo: 48, Rosa Lima, A domicilio").waitFor();
      await page.evaluate(() => {
        const orders = window.campanaFake?.view().orders ?? [];
        const [first] = orders;
        if (!first) return;
        const more = ["50", "49"].map((number) => ({ ...first, number, id: `order-${number}` }));
        window.campanaFake?.change({ orders: [...more, ...orders] });
      });
      await page.getByText("2 pedidos por ver").waitFor();
      expect(await announcer.getAttribute("aria-live")).toBe("polite");
    }));

  test("come while a history is open, and the count tells", () =>
    on({}, async (page) => {
      await page.getByTestId("tab-history").click();
      await page.evaluate(() => window.campanaFake?.ring("48", "Rosa Lima"));
      await page.getByText("Pedido nuevo: 48").waitFor();
      expect(await page.getByTestId("tab-orders").textContent()).toContain("4");
      await page.evaluate(() => window.campanaFake?.show("order-48"));
      await page.locator('[data-testid="order-detail"][data-order-id="order-48"]').waitFor();
      expect(await page.getByTestId("tab-orders").getAttribute("aria-current")).toBe("page");
    }));

  test("three hundred that wait are all there, and only those on the screen are drawn", () =>
    on({ scene: "crowd" }, async (page) => {
      const rows = page.getByTestId("order-row");
      expect(await rows.count()).toBe(300);
      const drawn = await rows.evaluateAll(
        (all) => all.filter((row) => row.checkVisibility({ contentVisibilityAuto: true })).length,
      );
      expect(drawn).toBeGreaterThan(5);
      expect(drawn).toBeLessThan(60);
      for (let order = 999; order > 979; order -= 1) await page.keyboard.press("v");
      await page.waitForFunction(() => window.campanaFake?.calls.length === 20);
      expect(await page.getByTestId("detail-number").textContent()).toBe("979");
    }));
});

describe("the keyboard", () => {
  test("has a page that lists its keys", () =>
    on({}, async (page) => {
      await page.keyboard.press("?");
      const dialog = page.getByTestId("shortcuts");
      for (const words of ["Marcar como visto", "Buscar en el historial"]) {
        expect(await dialog.textContent()).toContain(words);
      }
      // Keys are for the dialog while it is open.
      await page.keyboard.press("v");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("shortcuts-open").click();
      await dialog.waitFor();
    }));

  test("goes through a shift without a pointer", () =>
    on({}, async (page) => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.className)).toContain("paper");
      await page.keyboard.press("v");
      await page.locator('[data-order-id="order-46"][data-attention="seen"]').waitFor();
      await page.keyboard.press("/");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("history-search");
      await page.keyboard.type("vu");
      expect((await calls(page)).filter((call) => call.command.startsWith("mark"))).toHaveLength(1);
    }));

  test("in one column goes into an order and back to its row", () =>
    on({ size: { width: 720, height: 520 } }, async (page) => {
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="order-detail"][data-order-id="order-46"]').waitFor();
      await page.keyboard.press("Escape");
      await page.getByTestId("order-detail").waitFor({ state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-order-id"))).toBe("order-46");
    }));
});

describe("leaving", () => {
  test("is warned of; staying is what Enter and Escape do", () =>
    on({ scene: "quit-asked" }, async (page) => {
      const dialog = page.getByTestId("quit-dialog");
      expect(await dialog.textContent()).toContain("Si sale, nadie avisará de los pedidos nuevos.");
      expect(await dialog.textContent()).toContain("Hay 3 pedidos sin ver.");
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      await page.evaluate(() => window.campanaFake?.change({ quitAsked: true }));
      await dialog.waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect((await calls(page)).map((call) => call.command)).toEqual(["keep_running", "keep_running"]);
    }));

  test("needs its own button", () =>
    on({ scene: "quit-asked", language: "en" }, async (page) => {
      await page.getByRole("button", { name: "Quit", exact: true }).click();
      expect(await calls(page)).toEqual([{ command: "quit" }]);
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

  test.each(["orders", "awkward", "offline", "key-refused", "demo", "paused", "many", "first-run", "another-receiver"])(
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
