// Campana as a process: how it starts, that there is only one, and how it ends.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { Bell } from "../support/bell.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { built, cleanEnvironment, temporaryFolder } from "../support/places.mjs";
import { finished, Program, runningIn } from "../support/program.mjs";
import { closeWindow, drawn, listedWindow, onVirtualDesktop } from "../support/screen.mjs";
import { Shop } from "../support/sync.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const ENTRY = ".config/autostart/mx.campana.app.desktop";
/** The engine may write for five seconds more; what is longer would hold up the end of the session. */
const END = { within: 8000 };

async function ended(bell, home) {
  await until(() => `it ends; ${bell.errors.slice(-800)}`, () => !bell.running, END);
  await until("nothing of it runs any more", () => runningIn(home).length === 0);
  return await bell.ended();
}

async function windows() {
  return (await finished("wmctrl", ["-l"])).lines.filter((line) => / Campana$/.test(line));
}

/** A copy of the program, where a shop may have put it. */
function copied(path) {
  mkdirSync(dirname(path), { recursive: true });
  cpSync(built("campana"), path);
  return path;
}

/** What the session starts. */
function started(home) {
  return /^Exec=(.*)$/m.exec(readFileSync(join(home, ENTRY), "utf8"))?.[1];
}

test("it says what it is and how to use it without a desktop", async (t) => {
  const environment = { PATH: process.env.PATH, HOME: temporaryFolder(t), CAMPANA_LANG: "es" };
  const says = (...words) => finished(built("campana"), words, { env: environment });
  const version = await says("--version");
  assert.deepEqual([version.code, version.errors], [0, ""]);
  assert.match(version.lines.join("\n"), /^campana \d+\.\d+\.\d+$/);
  const help = await says("--help");
  assert.deepEqual([help.code, help.errors], [0, ""]);
  assert.match(help.lines.join("\n"), /campana --demo/);
  const unknown = await says("--unknown");
  assert.deepEqual([unknown.code, unknown.lines], [2, []]);
  assert.match(unknown.errors, /campana --demo/);
});

test("however often it is started there is one Campana, and whoever starts it again sees its window", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  // All are just starting.
  const bells = [1, 2, 3].map(() => Bell.begin(t, home, backend));
  await until("one is left", () => bells.filter((bell) => bell.running).length === 1, { within: 30_000 });
  for (const bell of bells.filter((one) => !one.running)) assert.deepEqual(await bell.ended(), { code: 0, signal: null });
  const window = await listedWindow("Campana", { within: 30_000 });
  await until("it is connected, once", async () => (await backend.state()).connectedClients.length === 1);
  await closeWindow(window);
  await until("the window is closed", async () => (await windows()).length === 0);

  // It runs already.
  const again = Bell.begin(t, home, backend);
  assert.deepEqual(await again.ended(), { code: 0, signal: null });
  await listedWindow("Campana", { within: 30_000 });
  assert.equal(bells.filter((bell) => bell.running).length, 1);
  assert.equal((await backend.state()).connectedClients.length, 1);
});

test("it starts in the tray alone, and Salir leaves no process behind", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, home, backend);
  const tray = new Tray();
  await until("it is in the tray", () => tray.now());
  assert.deepEqual(await windows(), []);
  const alone = runningIn(home).length;
  await tray.choose(/^Abrir/);
  await drawn(await listedWindow("Campana", { within: 30_000 }));
  assert.ok(runningIn(home).length > alone, "the search finds what is there: the window's processes");
  await tray.quit();
  assert.deepEqual(await ended(bell, home), { code: 0, signal: null });
});

test("the window is there from the start where the settings want it", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const bell = await Bell.start(t, home, await NodeBackend.start(t), { settings: "[system]\nstart_hidden = false\n" });
  await drawn(await listedWindow("Campana", { within: 30_000 }));
  // The end of the session with a window open.
  bell.child.kill("SIGTERM");
  assert.deepEqual(await ended(bell, home), { code: 0, signal: null });
});

test("the end of the session ends it soon and loses nothing, while it starts, stores orders and rings", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, home, backend.url, { data: join(home, "data") });

  const starting = Bell.begin(t, home, backend);
  await until("it begins to work", () => starting.errors !== "");
  starting.child.kill("SIGTERM");
  const { code, signal } = await ended(starting, home);
  assert.ok(code === 0 || signal === "SIGTERM", `${code} ${signal}`);

  const made = await backend.make(3000, { hint: false });
  const before = (await backend.calls()).length;
  const storing = Bell.begin(t, home, backend);
  await until("a page is handed out", async () => (await backend.calls()).length > before, { every: 5, within: 30_000 });
  storing.child.kill("SIGTERM");
  assert.deepEqual(await ended(storing, home), { code: 0, signal: null });
  const confirmed = (await backend.state()).orders.filter((order) => order.confirmed).map((order) => String(order.id));
  const kept = new Set(await shop.ids());
  t.diagnostic(`${kept.size} of ${made.length} stored, ${confirmed.length} confirmed when it ended`);
  assert.ok(confirmed.length < made.length, "it was amid its work");
  assert.deepEqual(confirmed.filter((id) => !kept.has(id)), []);

  const ringing = await Bell.start(t, home, backend);
  await ringing.sounds("for orders", (alarm) => alarm?.startsWith("Orders") ?? false);
  await until("all are confirmed", () => backend.allConfirmed(), { within: 60_000 });
  ringing.child.kill("SIGTERM");
  assert.deepEqual(await ended(ringing, home), { code: 0, signal: null });
  assert.deepEqual((await shop.ids()).sort(), made.map(String).sort());

  const bell = await Bell.start(t, home, backend);
  await bell.sounds("for orders", (alarm) => alarm?.startsWith("Orders") ?? false);
});

test("it goes on starting with the computer from wherever it is, and the session can start it so", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const settings = "[system]\nstart_with_computer = true\n";
  const first = copied(join(home, "la tienda/campana"));
  let bell = await Bell.start(t, home, backend, { settings, program: first });
  await until("it is said", () => started(home) === `"${first}"`);
  bell.child.kill("SIGTERM");
  await ended(bell, home);

  const second = join(home, "otra $tienda/campana");
  mkdirSync(dirname(second));
  renameSync(first, second);
  bell = await Bell.start(t, home, backend, { settings, program: second });
  await until("it is said anew", () => started(home) === `"${second.replace("$", "\\\\$")}"`);
  bell.child.kill("SIGTERM");
  await ended(bell, home);

  // As the session does it.
  const config = join(home, "config");
  new Program(t, "gio", ["launch", join(home, ENTRY)], {
    env: cleanEnvironment(home, { CAMPANA_CONFIG_DIR: config, CAMPANA_DATA_DIR: join(home, "data"), CAMPANA_LANG: "es" }),
  });
  const tray = new Tray();
  await until("it is in the tray", () => tray.now(), { within: 30_000 });
  await tray.quit();
  await until("nothing of it runs any more", () => runningIn(home).length === 0, END);
  // Where Campana is gone the session has nothing to complain of.
  assert.ok(readFileSync(join(home, ENTRY), "utf8").includes(`\nTryExec=${second}\n`));
});

test("after an upgrade beneath it, it still says truly where it is", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const program = copied(join(home, "bin/campana"));
  const app = await App.start(t, home, {}, program);
  await app.windowWith("welcome");
  await app.press("welcome-skip");
  // As dpkg replaces a file: the old one lives on for who runs it.
  renameSync(copied(join(home, "bin/campana.new")), program);
  await app.press("section-system");
  await app.press("switch-start_with_computer");
  await until("the session starts it", () => started(home));
  assert.equal(started(home), `"${program}"`);
});
