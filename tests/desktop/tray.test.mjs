// The icon in the tray: one, with the right picture and a menu that works, whatever the panel does.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { PrivateBus } from "../support/notifications.mjs";
import { built, cleanEnvironment, temporaryFolder } from "../support/places.mjs";
import { finished, Program } from "../support/program.mjs";
import { clickTray, closeTrayMenu, closeWindow, listedWindow, onVirtualDesktop, openTrayMenu, photograph } from "../support/screen.mjs";
import { Loudspeaker } from "../support/sound.mjs";
import { items, Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const WATCHER = "org.kde.StatusNotifierWatcher";
const isShop = ({ id }) => id === "campana";
const isDemo = ({ id }) => id === "campana-demo";

async function bus(method, ...words) {
  const { lines } = await finished("gdbus", ["call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
    "/org/freedesktop/DBus", "--method", `org.freedesktop.DBus.${method}`, ...words]);
  return lines.join("");
}

/** The panel and its part that keeps the tray, as process numbers; null while there is none. */
async function panel() {
  const number = /uint32 (\d+)/.exec(await bus("GetConnectionUnixProcessID", WATCHER))?.[1];
  if (!number) return null;
  const above = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${number}/status`, "utf8"))[1];
  const program = (one) => readFileSync(`/proc/${one}/comm`, "utf8").trim();
  return [above, number].filter((one) => /^(xfce4-panel|wrapper-2)/.test(program(one))).map(Number);
}

async function restartPanel() {
  const old = await until("the panel keeps a tray", panel);
  for (const one of old) process.kill(one, "SIGKILL");
  await until("the panel is gone", async () => (await bus("NameHasOwner", WATCHER)).includes("false"));
  // The tests that come after this one need it.
  spawn("xfce4-panel", ["--disable-wm-check"], { stdio: "ignore", detached: true }).unref();
  await until("the panel keeps a tray again", panel, { within: 30_000 });
}

test("a panel killed ten times shows one icon with the right picture, and Salir asks once", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const { environment } = await Loudspeaker.pluggedIn(t);
  const bell = await Bell.start(t, temporaryFolder(t), backend, { environment });
  const tray = new Tray(isShop);
  const calm = await tray.shows("that it is in sync", (told) => /Al día/.test(told.tooltip));
  // So that nothing sounds meanwhile.
  await tray.choose(/^Hasta que/);
  await backend.make(2);
  const before = await tray.shows("two orders", (told) => told.unseen === 2);
  assert.notEqual(before.icon, calm.icon);

  for (let turn = 0; turn < 10; turn += 1) {
    await restartPanel();
    await until("the icon is in the tray", async () => (await items()).length > 0);
    const told = await tray.now();
    assert.equal(told.icon, before.icon);
    assert.equal(told.unseen, 2);
  }
  assert.equal((await items()).length, 1, "one icon");
  // What changes from now on is shown as well.
  await backend.make(1);
  await tray.shows("three orders", (told) => told.unseen === 3 && told.icon !== before.icon && /3 pedidos sin ver/.test(told.tooltip));
  await photograph("tray-after-panels.png");
  await openTrayMenu();
  await photograph("tray-after-panels-menu.png");
  await closeTrayMenu();
  await tray.choose(/Marcar todos/);
  await tray.shows("no order", (told) => told.unseen === 0);

  await tray.choose(/^Salir/);
  await listedWindow("Campana");
  assert.ok(bell.running, "it asks first");
});

test("a left click opens the window, and the demo's icon has a name of its own", async (t) => {
  onVirtualDesktop();
  const { environment } = await Loudspeaker.pluggedIn(t);
  const bell = await Bell.start(t, temporaryFolder(t), await NodeBackend.start(t), { environment });
  const shop = new Tray(isShop);
  await shop.shows("that it is in sync", (told) => /Al día/.test(told.tooltip));
  await clickTray("1");
  const main = await listedWindow("Campana");
  await closeWindow(main);

  const demo = new Program(t, built("campana"), ["--demo"], { env: cleanEnvironment(temporaryFolder(t), { CAMPANA_LANG: "es" }) });
  const demonstrated = new Tray(isDemo);
  await demonstrated.shows("an order", (told) => told.unseen > 0, { within: 60_000 });
  await photograph("tray-shop-and-demo.png");
  assert.equal((await items()).length, 2);
  assert.equal((await shop.now()).unseen, 0);
  await demonstrated.choose(/^Salir/);
  assert.equal((await demo.ended()).code, 0);
  await until("one icon is left", async () => (await items()).length === 1);
  await shop.activate();
  await listedWindow("Campana");
  assert.ok(bell.running);
});

test("a watcher that refuses the icon has it in the end, and is no tray while no host shows it", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const bus = await PrivateBus.start(t, home);
  const watcher = await bus.watch(2);
  const bell = await Bell.start(t, home, await NodeBackend.start(t), {
    environment: { ...bus.environment, ...(await Loudspeaker.pluggedIn(t)).environment },
  });
  await bell.missesTheTray();
  await listedWindow("Campana");
  process.kill(watcher.child.pid, "SIGUSR1");
  await until("it has a tray", () => /the desktop's tray is_there=true/.test(bell.errors));
  const tray = new Tray(isShop, bus.environment);
  await tray.shows("that it is in sync", (told) => /Al día/.test(told.tooltip));
  assert.equal((await items(bus.environment)).length, 1);
});
