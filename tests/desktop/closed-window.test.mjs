// What a window that was closed leaves behind (docs/decisions/0013-what-a-closed-window-leaves.md).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { processes, together } from "../support/memory.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { closeWindow, drawn, listedWindow, onVirtualDesktop } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

/** The processes of pages that the app has. */
const pages = (root) => processes(root).filter(({ name }) => name.startsWith("WebKitWebProces"));

test("a closed window's page is gone with its memory, and opening and closing again adds nothing", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, temporaryFolder(t), backend);
  const [root, tray] = [bell.child.pid, new Tray()];
  assert.deepEqual(processes(root).map(({ process }) => process), [root], "before a window there is the app alone");

  const readings = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await tray.choose(/^Abrir/);
    const main = await listedWindow("Campana");
    await drawn(main);
    assert.equal(pages(root).length, 1, "the window's page");
    const [page] = pages(root);
    assert.match(readFileSync(`/proc/${page.process}/environ`, "utf8"), /\0WEBKIT_DISABLE_COMPOSITING_MODE=1\0/, "no graphics card draws it");
    const open = together(root);
    await closeWindow(main);
    await until("the page is gone", () => pages(root).length === 0);
    readings.push({ open, closed: together(root) });
  }
  for (const { open, closed } of readings) assert.ok(closed < open, JSON.stringify(readings));
  assert.equal(new Set(processes(root).map(({ name }) => name)).size, processes(root).length, "no process is left twice");
  // What is drawn first loads what every later window uses; a page that stays would be 100 MiB and more.
  const [first, , last] = readings;
  assert.ok(last.closed - first.closed < (first.open - first.closed) / 2, JSON.stringify(readings));
  // With no page left the bell goes on.
  await backend.make(1);
  await tray.shows("the order", (told) => told.unseen === 1);
  await until("the order is confirmed", () => backend.allConfirmed());
});

test("the settings' page is gone when they are closed, and the main window's stays", async (t) => {
  onVirtualDesktop();
  const bell = await Bell.start(t, temporaryFolder(t), await NodeBackend.start(t));
  const [root, tray] = [bell.child.pid, new Tray()];
  await tray.choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);
  const [page] = pages(root);
  await tray.choose(/^Ajustes/);
  const settings = await listedWindow("Ajustes de Campana");
  await drawn(settings);
  assert.equal(pages(root).length, 2, "each window has a page of its own");
  await closeWindow(settings);
  await until("one page is left", () => pages(root).length === 1);
  assert.deepEqual(pages(root).map(({ process }) => process), [page.process]);
  await closeWindow(main);
  await until("none is left", () => pages(root).length === 0);
});
