// *Probar conexión* in the real window, while Campana itself is at work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { drawn, onVirtualDesktop, photograph, raiseWindow, windowNamed } from "../support/screen.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-41c0e2";

/** The lines as `check outcome code`, once the verdict is there. */
async function tested(app) {
  await app.press("test-connection");
  await app.one("check-verdict", { within: 60_000 });
  return await app.web.executeScript(`return [...document.querySelectorAll('[data-testid=check-line]')]
    .map(({ dataset }) => dataset.check + " " + dataset.outcome + " " + dataset.code)`);
}

async function pictured(name) {
  const settings = await windowNamed("Ajustes|Settings");
  await raiseWindow(settings);
  await drawn(settings);
  return await photograph(name);
}

test("the settings window tells every check, and in the one that fails what to do", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t, { key: KEY });
  const app = await App.start(t, temporaryFolder(t));
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  const lines = await tested(app);
  assert.equal(lines.length, 14, lines.join("; "));
  assert.deepEqual(lines.filter((line) => line.split(" ")[1] !== "ok"), []);
  assert.ok(lines.includes("disk ok in_use") && lines.includes("keyring ok in_keyring"), lines.join("; "));
  await app.says("check-verdict", /Todo está bien/);
  t.diagnostic(await pictured("connection-good.png"));
  assert.equal((await backend.state()).confirmCalls, 0);

  await backend.kill();
  await app.press("section-alerts");
  await app.press("section-connection");
  const failed = await tested(app);
  assert.ok(failed.includes("port failed refused"), failed.join("; "));
  assert.equal(failed.filter((line) => line.endsWith("skipped skipped")).length, 9);
  await app.says("check-verdict", /Hay una falla/);
  const line = await app.web.executeScript("return document.querySelector('[data-check=port]').innerText");
  assert.match(line, /Revise que el servidor esté encendido/);
  t.diagnostic(await pictured("connection-failed.png"));
  const page = await app.web.executeScript("return document.documentElement.outerHTML");
  assert.ok(!page.includes(KEY) && !app.driver.errors.includes(KEY), "the key is nowhere");
});
