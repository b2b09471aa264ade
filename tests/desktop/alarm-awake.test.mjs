// The computer stays awake for the orders if the settings say so, and sleeps again afterwards.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { temporaryFolder, TOP } from "../support/places.mjs";
import { Program } from "../support/program.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

/** A system bus of its own, with somebody on it who knows who keeps the computer awake. */
async function logind(t) {
  const folder = temporaryFolder(t, "campana-bus-");
  const address = `unix:path=${join(folder, "bus")}`;
  const configuration = join(folder, "bus.conf");
  writeFileSync(configuration, `<busconfig><type>session</type><listen>${address}</listen>
    <policy context="default"><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>`);
  const bus = new Program(t, "dbus-daemon", [`--config-file=${configuration}`, "--nofork", "--print-address"]);
  await until(() => `the bus is there; ${bus.errors}`, () => bus.lines.length > 0);
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: address };
  const manager = new Program(t, "/usr/bin/python3", [join(TOP, "tests/support/logind.py")], { env: { ...process.env, ...environment } });
  await until(() => `logind is there; ${manager.errors}`, () => manager.lines.length > 0);
  const told = () => manager.lines.slice(1).map((line) => JSON.parse(line));
  return {
    environment, told,
    /** What is locked now. */
    locks() {
      const held = [];
      for (const { locks, releases } of told()) {
        if (locks) held.push(locks);
        else held.splice(held.indexOf(releases), 1);
      }
      return held.sort();
    },
  };
}

async function keepAwake(app, should) {
  await app.windowWith("address-input");
  const told = await app.web.executeAsyncScript(
    `const [should, done] = arguments;
     const { invoke } = window.__TAURI_INTERNALS__;
     invoke("view").then(({ preferences }) =>
       invoke("save_preferences", { preferences: { ...preferences, system: { ...preferences.system, keep_awake: should } } })
     ).then(() => done(null), (error) => done(error));`,
    should,
  );
  assert.equal(told, null);
}

test("the computer is kept awake while the settings say so, and no longer than Campana runs", async (t) => {
  onVirtualDesktop();
  const login = await logind(t);
  const home = temporaryFolder(t);
  const app = await App.start(t, home, login.environment);
  await keepAwake(app, false);
  assert.deepEqual(login.told(), []);

  await keepAwake(app, true);
  await until(() => `it is kept awake; ${JSON.stringify(login.told())}`, () => login.locks().join() === "idle,sleep");
  assert.equal(login.told()[0].who, "Campana");
  assert.ok(login.told().every(({ mode }) => mode === undefined || mode === "block"));

  await keepAwake(app, false);
  await until("it may sleep again", () => login.locks().length === 0);

  await keepAwake(app, true);
  await until("it is kept awake again", () => login.locks().length === 2);
  await new Tray().quit();
  await until("it may sleep when Campana ended", () => login.locks().length === 0);
});

test("the settings of the file hold from the start, and a system that cannot keep awake stops nothing", async (t) => {
  onVirtualDesktop();
  const login = await logind(t);
  const home = temporaryFolder(t);
  mkdirSync(join(home, "config"), { recursive: true });
  writeFileSync(join(home, "config", "settings.toml"), "[system]\nkeep_awake = true\n");
  const app = await App.start(t, home, login.environment);
  await until(() => `it is kept awake; ${JSON.stringify(login.told())}`, () => login.locks().length === 2);
  await app.stop();
  await until("it may sleep when Campana was killed", () => login.locks().length === 0);

  const without = await App.start(t, home, { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(home, "nobody")}` });
  await without.windowWith("address-input");
  await new Tray().shows("its menu", (told) => told.entries.length > 0);
});
