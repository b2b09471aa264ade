// The key that was typed is in the keyring, and nowhere else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { filesWith } from "../support/traces.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-e1d94b7720";

async function inKeyring() {
  const words = ["search", "--all", "--unlock", "service", "Campana"];
  const end = await finished("secret-tool", words);
  return [...end.lines, end.errors].join("\n");
}

test("the key typed in the settings is in the Secret Service and in no file", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t, { key: KEY });
  const app = await App.start(t, home);
  const tray = new Tray();

  await app.setUp(backend.url, KEY);
  await until("the app is connected with it", async () => (await backend.state()).connectedClients.length === 1);
  const [id] = await backend.make(1);
  assert.ok(id);
  await tray.shows("one order", (told) => told.unseen === 1);
  assert.match(await inKeyring(), new RegExp(`secret = ${KEY}`), "the keyring has it");

  // The home folder of this run holds data, settings, cache and logs.
  const { found, looked } = filesWith(home, [KEY]);
  t.diagnostic(`${looked} files looked through`);
  assert.ok(looked >= 2, "there were files to look through: the settings and the inbox");
  assert.deepEqual(found, []);
  assert.ok(filesWith(home, [new URL(backend.url).host]).found.length > 0, "the search finds what is there: the address");
  assert.ok(!app.driver.errors.includes(KEY) && !app.driver.lines.join("\n").includes(KEY), "nor is it in what the app prints");
  const page = await app.web.executeScript("return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((one) => one.value).join(' ')");
  assert.ok(!page.includes(KEY), "nor in the window");

  // Taken out again, it is gone.
  await app.press("key-remove");
  await until("the keyring has it no more", async () => {
    // The first press may ask once more.
    const again = await app.all("key-remove-yes");
    if (again.length > 0) await app.web.executeScript("arguments[0].click()", again[0]);
    return !(await inKeyring()).includes(KEY);
  });
  await until("the app disconnected", async () => (await backend.state()).connectedClients.length === 0, { within: 30_000 });
});
