// A notification is answered: a tap shows the order, "Visto" marks it seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { answer, notifications } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { closeWindow, onVirtualDesktop, windowNamed } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

test("a tap on a notification opens its order, and Visto on another marks that one seen", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const app = await App.start(t, home);
  const tray = new Tray();
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);

  const told = async () => {
    const before = notifications().length;
    const [id] = await backend.make(1);
    await until("a notification on the bus", () => notifications().length > before);
    return { id, number: notifications().at(-1).number };
  };
  const first = await told();
  const second = await told();
  await tray.shows("two orders", (shown) => shown.unseen === 2);

  // The older one, so that the window does not show it of its own accord. No window but the settings is open.
  await answer(first.number, "default");
  await windowNamed("Campana");
  await closeWindow(await windowNamed("Ajustes"));
  await app.windowWith("order-detail");
  await until("the window shows the order that was tapped", async () => {
    const detail = (await app.all("order-detail"))[0];
    return (await detail?.getAttribute("data-order-id")) === first.id;
  });

  await answer(second.number, "seen");
  await tray.shows("one order", (shown) => shown.unseen === 1);
  const rows = await app.all("order-row");
  const attentions = Object.fromEntries(await Promise.all(
    rows.map(async (row) => [await row.getAttribute("data-order-id"), await row.getAttribute("data-attention")]),
  ));
  assert.deepEqual(attentions, { [first.id]: "new", [second.id]: "seen" });
});
