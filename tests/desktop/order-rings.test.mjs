// The whole way of an order: from a real server to the eyes and ears at the counter, and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { notifications } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { closeTrayMenu, closeWindow, onVirtualDesktop, openTrayMenu, photograph, raiseWindow, windowNamed } from "../support/screen.mjs";
import { Shop } from "../support/sync.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

test("an order made at the server rings, is kept, is confirmed, and is quiet once seen", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const app = await App.start(t, home);
  const tray = new Tray();

  // The first start asks for what is missing.
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  const calm = await tray.shows("that all is well but for the sound device, of which there is none", (told) => /Los pedidos no se oyen/.test(told.tooltip), { within: 30_000 });
  assert.equal(calm.unseen, 0);
  await photograph("settings.png");
  const before = notifications().length;

  // The main window is opened as people open it.
  await tray.choose(/^Abrir/);
  await app.windowWith("sync-now");
  const settings = await windowNamed("Ajustes");
  await closeWindow(settings);
  await app.windowWith("sync-now");

  const made = performance.now();
  const [id] = await backend.make(1);
  const seconds = () => (performance.now() - made) / 1000;
  const [notified, rung, row] = await Promise.all([
    until("a notification on the bus", () => notifications()[before]).then(({ line }) => ({ line, at: seconds() })),
    tray.shows("one order", (told) => told.unseen === 1).then((told) => ({ told, at: seconds() })),
    until("a row in the window", async () => {
      for (const one of await app.all("order-row")) {
        if ((await one.getAttribute("data-order-id"))?.includes(id)) return one;
      }
      return null;
    }, { every: 100 }).then((element) => ({ element, at: seconds() })),
  ]);
  await until("the server has the confirmation", () => backend.allConfirmed());
  t.diagnostic(`notification after ${notified.at.toFixed(2)} s, tray ${rung.at.toFixed(2)} s, window ${row.at.toFixed(2)} s, confirmed ${seconds().toFixed(2)} s`);
  assert.match(notified.line, /campana/i);
  assert.notEqual(rung.told.icon, calm.icon, "the icon changed");
  assert.ok(Math.max(notified.at, rung.at, row.at) < 10, "within seconds");
  const attention = await row.element.getAttribute("data-attention");
  const shop = new Shop(t, home, backend.url, { data: app.places.data });
  assert.deepEqual(await shop.ids(), [id], "it is in the inbox");

  // This desktop has no sound device: the window says so.
  await app.one("no-sound-band");
  const main = await windowNamed("Campana");
  await raiseWindow(main);
  await photograph("main.png");
  await openTrayMenu();
  await photograph("tray-menu.png");
  await closeTrayMenu();

  // Seen: the count goes, the icon is the calm one again, and the row asks for nothing.
  await app.press("seen-button");
  const quiet = await tray.shows("no order", (told) => told.unseen === 0);
  assert.equal(quiet.icon, calm.icon);
  await until("the row asks for nothing", async () => {
    const rows = await app.all("order-row");
    return rows.length === 0 || (await rows[0].getAttribute("data-attention")) !== attention;
  });
  await photograph("main-seen.png");

  // The window gone, the bell goes on.
  await closeWindow(main);
  await backend.make(2);
  await tray.shows("two orders", (told) => told.unseen === 2);
  await until("both are confirmed", () => backend.allConfirmed());
  assert.equal((await shop.ids()).length, 3);
});
