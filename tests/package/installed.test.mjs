// A shop installs Campana, upgrades it, also while it runs, and takes it away: no order is lost by any of it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { CleanSystem, DEB, tool, withVersion } from "../support/packages.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { closeWindow, drawn, listedWindow, onVirtualDesktop, photograph } from "../support/screen.mjs";
import { Shop } from "../support/sync.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const PREVIOUS = "0.0.1";
const SETTINGS = 'receiver = "campana"\nlanguage = "es"\n\n[alerts]\nlouder_minutes = 7\n';
const unseen = (count) => (told) => told.unseen === count;

async function leave(system, tray) {
  await tray.quit();
  await until("nothing of it runs any more", () => system.processes().length === 0, { within: 20_000 });
}

test("Campana is installed, upgraded and removed, and the orders stay", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const [version] = await tool("dpkg-deb", "-f", DEB, "Version");
  const previous = await withVersion(home, PREVIOUS);
  const system = await CleanSystem.start(t);
  const backend = await NodeBackend.start(t);
  const tray = new Tray();
  const data = join(system.home, ".local/share/campana");
  const shop = new Shop(t, home, backend.url, { data });
  const before = new Set(await system.run("dpkg-query", "-W", "-f", "${Package}\n"));

  // On a system with nothing, apt brings all that it needs.
  await system.install(previous);
  assert.equal(await system.version(), PREVIOUS);
  const came = (await system.run("dpkg-query", "-W", "-f", "${Package}\n")).filter((name) => !before.has(name));
  t.diagnostic(`${came.length} packages came`);
  const linked = await system.run("ldd", "/usr/bin/campana");
  assert.deepEqual(linked.filter((line) => line.includes("not found")), []);

  // The settings were made by an earlier start.
  await system.write(".config/campana/settings.toml", SETTINGS);
  let app = await system.start(t, backend);
  await tray.shows("no order", unseen(0), { within: 30_000 });
  const first = await backend.make(2);
  await tray.shows("two orders", unseen(2), { within: 30_000 });
  await tray.choose(/^Marcar todos/);
  await tray.shows("that they are seen", unseen(0));
  const second = await backend.make(1);
  await tray.shows("one order", unseen(1), { within: 30_000 });
  await until("all are confirmed", () => backend.allConfirmed());

  // An upgrade while it runs disturbs nobody: orders come, ring and are shown.
  await system.install(DEB);
  assert.equal(await system.version(), version);
  assert.ok(app.running);
  const third = await backend.make(1);
  await tray.shows("two orders", unseen(2), { within: 30_000 });
  await tray.choose(/^Abrir/);
  const window = await listedWindow("Campana", { within: 30_000 });
  await drawn(window);
  await photograph("installed.png");
  await closeWindow(window);
  await leave(system, tray);
  assert.equal((await app.ended()).code, 0);

  // The upgraded one finds everything: the orders, what was seen, the settings.
  app = await system.start(t, backend);
  await tray.shows("two orders", unseen(2), { within: 30_000 });
  assert.deepEqual((await shop.ids()).sort(), [...first, ...second, ...third].sort());
  const settings = readFileSync(join(system.home, ".config/campana/settings.toml"), "utf8");
  assert.match(settings, /louder_minutes = 7/);
  await leave(system, tray);

  // Its files go, a person's stay.
  const files = (await system.run("dpkg", "-L", "campana")).filter((path) => statSync(join(system.folder, path)).isFile());
  assert.ok(files.includes("/usr/bin/campana"), "the search finds what is there");
  const kept = readdirSync(data);
  assert.ok(kept.includes("inbox.sqlite3"), kept.join());
  for (const how of ["remove", "purge"]) {
    if (!(await system.version())) await system.install(DEB);
    await system.run("apt-get", how, "-y", "campana");
    assert.equal(await system.version(), null);
    assert.deepEqual(files.filter((path) => existsSync(join(system.folder, path))), []);
    assert.ok(!existsSync(join(system.folder, "usr/share/doc/campana")));
    assert.deepEqual(kept.filter((name) => !readdirSync(data).includes(name)), []);
    assert.equal((await shop.ids()).length, 4);
    assert.equal(readFileSync(join(system.home, ".config/campana/settings.toml"), "utf8"), settings);
  }
});

test("every library of the program belongs to a package that it asks for", async (t) => {
  const asked = (await tool("dpkg-deb", "-f", DEB, "Depends")).join("").split(", ")
    .map((one) => one.split(" | ").map((choice) => choice.split(" ")[0]));
  const folder = temporaryFolder(t);
  await tool("dpkg-deb", "-x", DEB, folder);
  const told = await tool("objdump", "-p", join(folder, "usr/bin/campana"));
  const names = told.flatMap((line) => /NEEDED\s+(\S+)/.exec(line)?.[1] ?? []);
  assert.ok(names.length > 5, names.join());
  for (const name of names) {
    const owners = (await tool("dpkg-query", "-S", `*/${name}`)).map((line) => line.split(":")[0]);
    assert.ok(asked.some((choices) => choices.some((choice) => owners.includes(choice))), `${name} of ${owners}`);
  }
});
