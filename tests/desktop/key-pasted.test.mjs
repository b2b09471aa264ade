// The key that was copied goes into its field by a button of the real window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { drawn, onVirtualDesktop, raiseWindow, windowNamed } from "../support/screen.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-copiada-8831";

test("a key that was copied is pasted by the button", async (t) => {
  onVirtualDesktop();
  const app = await App.start(t, temporaryFolder(t));
  await app.windowWith("welcome");
  await app.press("welcome-skip");
  const settings = await windowNamed("Ajustes");
  await raiseWindow(settings);
  await drawn(settings);
  await app.write("address-input", KEY);
  const copied = await app.web.executeScript(`document.querySelector("#address").select();
    return document.execCommand("copy")`);
  assert.ok(copied, "the text is copied");
  await (await app.one("key-paste")).click();
  const value = () => app.web.executeScript("return document.querySelector('#key').value");
  await until("the key is in its field", async () => (await value()) === KEY);
  assert.equal((await app.all("paste-refused")).length, 0);
});
