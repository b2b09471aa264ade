// Whoever shows notifications may be absent, hang or start over; orders wait for nobody. And no tray.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Bell } from "../support/bell.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { notifications, PrivateBus } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { closeWindow, listedWindow, onVirtualDesktop } from "../support/screen.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

test("orders are kept, confirmed and ring whoever shows notifications, and without a tray the window stays", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const bus = await PrivateBus.start(t, home);
  const bell = await Bell.start(t, home, backend, { environment: bus.environment });
  const shop = new Shop(t, home, backend.url, { data: join(home, "data") });

  /** Makes an order; the seconds until it is confirmed. */
  const seconds = async () => {
    const made = performance.now();
    await backend.make(1);
    await until("the server has the confirmation", () => backend.allConfirmed(), { within: 10_000, every: 20 });
    return (performance.now() - made) / 1000;
  };
  /** Waits until so many orders are told of in this log, each for itself or in a group. */
  const recorded = (log, count) => until(
    () => `${count} orders are told of; ${notifications(log).map(({ line }) => line).join("\n")}\n${bell.errors.slice(-600)}`,
    () => notifications(log).reduce((sum, { line }) => sum + Number(/"(\d+) pedidos nuevos"/.exec(line)?.[1] ?? 1), 0) >= count,
  );

  const absent = await seconds();
  await bell.sounds("for orders", (alarm) => alarm?.startsWith("Orders"));
  // Somebody comes late, as at the start of a session: what still rings is told then.
  const first = join(home, "first.log");
  const early = await bus.record(first);
  await recorded(first, 1);
  await early.kill();

  const stub = await bus.hang();
  const hanging = [];
  for (let count = 0; count < 5; count += 1) hanging.push(await seconds());
  assert.ok(bell.running && bell.alarm !== null);
  await stub.kill();

  const second = join(home, "second.log");
  await bus.record(second);
  await recorded(second, 6);
  const present = await seconds();
  await recorded(second, 7);
  t.diagnostic(`confirmed after ${absent.toFixed(2)} s absent, ${hanging.map((one) => one.toFixed(2)).join(", ")} s hanging, ${present.toFixed(2)} s present`);
  // By comparison: a hanging one costs nothing that a present one does not.
  assert.ok(Math.max(absent, ...hanging) < present + 3, "nobody waited");
  assert.equal((await shop.ids()).length, 7, "all of them are in the inbox");

  // Nobody shows a tray here: the window came by itself, and its cross puts it into the taskbar.
  await bell.missesTheTray();
  const main = await listedWindow("Campana");
  await closeWindow(main);
  await until("the window is minimised", async () => {
    const told = await finished("xprop", ["-id", main, "WM_STATE"]);
    return told.lines.join(" ").includes("Iconic");
  });
  assert.ok(bell.running);
});
