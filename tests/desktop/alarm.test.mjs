// The alarm is a state: many orders, a sudden death, an answer from afar, changes, a lost connection, the end of the app.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bell } from "../support/bell.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { answer, notifications, withdrawn } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { closeWindow, drawn, listedWindow, onVirtualDesktop, photograph } from "../support/screen.mjs";
import { entry, Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const ofOrders = (alarm) => alarm?.startsWith("Orders") ?? false;

/** The notifications since there were so many, once there are some; and that many of them. */
async function toldSince(before, count = 1) {
  await until(() => `${count} notifications; ${JSON.stringify(notifications().slice(before))}`,
    () => notifications().length - before >= count);
  return notifications().slice(before);
}

test("seven orders at once ring as one, through a sudden death, until Visto in the notification", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  let bell = await Bell.start(t, home, backend);
  const tray = new Tray();
  let before = notifications().length;

  const ids = await backend.make(7);
  const [group] = await toldSince(before);
  assert.match(group.line, /"7 pedidos nuevos"/);
  assert.match(group.line, /"seen", "Visto"/);
  assert.match(group.line, /"urgency": 2.*\} 0$/, "it stays until somebody acts");
  await tray.shows("seven orders", (told) => told.unseen === 7);
  await bell.sounds("for orders", ofOrders);
  await until("the server has the confirmations", () => backend.allConfirmed());
  // There is no sound device here, so the icon flashes and the window comes by itself.
  const icons = new Set();
  await until("the icon flashes", async () => icons.add((await tray.now()).icon).size > 1, { every: 150 });
  await drawn(await listedWindow("Campana"));
  await photograph("alarm-seven.png");
  assert.equal(notifications().length, before + 1, "one for all of them");

  await bell.kill("SIGKILL");
  before = notifications().length;
  bell = await Bell.start(t, home, backend);
  await bell.sounds("for orders", ofOrders);
  const [still] = await toldSince(before);
  assert.match(still.line, /"Quedan 7 pedidos sin ver"/);
  await tray.shows("seven orders", (told) => told.unseen === 7);

  await answer(still.number, "seen");
  await bell.sounds("for nothing", (alarm) => alarm === null);
  const calm = await tray.shows("no order", (told) => told.unseen === 0);
  assert.ok(withdrawn().includes(still.number), "it was taken back");
  assert.equal(entry(calm.entries, /Marcar todos/), null, "nothing is left to mark");

  // Changed and cancelled after they were seen: they ring again, and say why.
  before = notifications().length;
  await backend.control("edit", { id: ids[0], change: { notes: "Sin cebolla, por favor" } });
  const [changed] = await toldSince(before);
  assert.match(changed.line, /"Cambió el pedido .*Cambió: nota/);
  await bell.sounds("for orders", ofOrders);
  before = notifications().length;
  await backend.control("edit", { id: ids[1], change: { orderStatus: "CANCELLED" } });
  const [cancelled] = await toldSince(before);
  assert.match(cancelled.line, /"CANCELADO: pedido .*No lo prepare/);
  await tray.shows("two orders", (told) => told.unseen === 2);
  await tray.choose(/Marcar todos/);
  await bell.sounds("for nothing", (alarm) => alarm === null);
  await until("both were taken back", () => [changed, cancelled].every(({ number }) => withdrawn().includes(number)));

  // *Salir* asks first; the end of the session, at the end of this test, does not.
  const main = await listedWindow("Campana");
  await closeWindow(main);
  await until("the window is gone", async () => (await finished("xprop", ["-id", main, "WM_STATE"])).code !== 0);
  await tray.choose(/^Salir/);
  await listedWindow("Campana");
  assert.ok(bell.running);
  await tray.choose(/^Salir/);
  assert.deepEqual(await bell.ended(), { code: 0, signal: null });

  // A lost connection is an alarm of its own, can be silenced, and ends with a word.
  bell = await Bell.start(t, home, backend, { settings: "[alerts]\nconnection_lost_seconds = 10\n" });
  // There is no sound device here, and nothing worse.
  await tray.shows("that orders cannot be heard", (told) => told.tooltip.includes("Los pedidos no se oyen"));
  before = notifications().length;
  await backend.kill();
  await bell.sounds("for the connection", (alarm) => alarm === "ConnectionLost", { within: 30_000 });
  const [lost] = await toldSince(before);
  assert.match(lost.line, /"Sin conexión" "El servidor no responde.*"quiet", "Silenciar"/);
  await answer(lost.number, "quiet");
  await bell.sounds("for nothing", (alarm) => alarm === null);
  await backend.start();
  await until("the good news", () => /"Ya llegan pedidos otra vez"/.test(notifications().at(-1).line), { within: 30_000 });
  assert.ok(withdrawn().includes(lost.number));
  assert.deepEqual(await bell.kill("SIGTERM"), { code: 0, signal: null });
});
