// What is chosen in the real settings window is on disk at once, and reaches the computer.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { built, temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { drawn, onVirtualDesktop, photograph, raiseWindow, windowNamed } from "../support/screen.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-5d0f2a91";

function settings(app) {
  return readFileSync(join(app.places.config, "settings.toml"), "utf8");
}

/** The files of a zip, by name. */
async function unpacked(t, path) {
  const folder = temporaryFolder(t);
  const end = await finished("python3", ["-m", "zipfile", "-e", path, folder]);
  assert.equal(end.code, 0, end.errors);
  const files = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

async function pictured(t, name) {
  const window = await windowNamed("Ajustes|Settings");
  await raiseWindow(window);
  await drawn(window);
  t.diagnostic(await photograph(name));
}

test("a preference holds at once, Campana starts with the computer, and the diagnostics tell no secret", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t, "campana la tienda ");
  const backend = await NodeBackend.start(t, { key: KEY });
  const app = await App.start(t, home);
  await app.windowWith("welcome");
  await pictured(t, "welcome.png");
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  await backend.make(2);

  await app.press("section-appearance");
  await app.press("language-en");
  await until("the window speaks English", async () => (await app.web.getTitle()) === "Campana settings");
  assert.match(settings(app), /^language = "en"$/m);
  await app.press("section-alerts");
  await app.one("number-louder_minutes");
  await app.web.executeScript(`const input = document.querySelector('[data-testid=number-louder_minutes]');
    input.value = "61"; input.dispatchEvent(new Event("change", { bubbles: true }));`);
  await app.says("field-error", /from 0 to 60/);
  assert.doesNotMatch(settings(app), /louder_minutes/);
  await app.web.executeScript(`const input = document.querySelector('[data-testid=number-louder_minutes]');
    input.value = "7"; input.dispatchEvent(new Event("change", { bubbles: true }));`);
  await until("it is on disk", () => /louder_minutes = 7/.test(settings(app)));
  await pictured(t, "settings-alerts.png");

  const entry = join(home, ".config/autostart/mx.campana.app.desktop");
  await app.press("section-system");
  await app.press("switch-start_with_computer");
  await until("the desktop entry is there", () => existsSync(entry));
  assert.ok(readFileSync(entry, "utf8").includes(`Exec="${built("campana")}"\n`));
  assert.match(settings(app), /start_with_computer = true/);
  await pictured(t, "settings-system.png");
  await app.press("switch-start_with_computer");
  await until("the desktop entry is gone", () => !existsSync(entry));

  await app.press("export-diagnostics");
  const said = await app.says("export-diagnostics-came", /Saved .*\.zip/, { within: 60_000 });
  const files = await unpacked(t, join(home, /(campana-[\d-]+\.zip)/.exec(said)[1]));
  const checks = JSON.parse(files["checks.json"]);
  assert.ok(checks.some(({ check, code }) => check === "pull" && code === "accepted"), files["checks.json"]);
  assert.equal(JSON.parse(files["settings.json"]).alerts.louder_minutes, 7);
  assert.ok(JSON.parse(files["activity.json"]).some(({ kind }) => kind === "joined"));
  const all = Object.values(files).join("\n");
  assert.ok(all.includes(new URL(backend.url).port), "the search finds what is there: the address");
  for (const secret of [KEY, home]) assert.ok(!all.includes(secret), `${secret} is in the diagnostics`);
});
