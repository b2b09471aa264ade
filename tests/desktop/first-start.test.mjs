// The first start: three steps to an alarm that was heard, and samples for whoever has no address yet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { drawn, onVirtualDesktop, photograph, raiseWindow, windowNamed } from "../support/screen.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-90ab11";

async function pictured(t, title, name) {
  const window = await windowNamed(title, { within: 60_000 });
  await raiseWindow(window);
  await drawn(window);
  t.diagnostic(await photograph(name));
}

async function atStep(app, number) {
  const welcome = await app.one("welcome");
  await until(`step ${number}`, async () => (await welcome.getAttribute("data-step")) === String(number));
}

test("the welcome leads from the address to the orders", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t, { key: KEY });
  const app = await App.start(t, temporaryFolder(t));
  await app.windowWith("welcome");
  await app.write("address-input", backend.url);
  await app.press("welcome-next");
  await atStep(app, 2);
  await app.write("key-input", "otra clave");
  await app.press("receiver-campana");
  await app.press("welcome-next");
  await app.says("field-error", /caracteres que no se pueden usar/);
  await app.write("key-input", KEY);
  await app.press("welcome-next");
  await atStep(app, 3);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  await app.press("test-alarm");
  await app.press("welcome-next");
  await atStep(app, 4);
  await pictured(t, "Ajustes", "welcome-ready.png");
  const settings = readFileSync(join(app.places.config, "settings.toml"), "utf8");
  assert.match(settings, /receiver = "campana"/);
  await app.press("welcome-next");
  await app.windowWith("sync-now");
  await until("the settings are closed", async () => (await app.web.getAllWindowHandles()).length === 1);
});

test("the samples open in a Campana of their own", async (t) => {
  onVirtualDesktop();
  const app = await App.start(t, temporaryFolder(t));
  await app.windowWith("welcome");
  await app.press("start-demo");
  await pictured(t, "^Campana$", "demo-from-welcome.png");
  assert.equal((await app.web.getAllWindowHandles()).length, 1, "the window is another program's");
});
