// A window that comes to the front, with what the desktop wants for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bell } from "../support/bell.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { answer, notifications } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished, Program } from "../support/program.mjs";
import { drawn, listedWindow, onVirtualDesktop, pressKeys, raiseWindow } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const TOKEN = "campana-test_TIME0";

test("a tap on a notification brings the window to the front with the desktop's token", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, temporaryFolder(t), backend);
  const tray = new Tray();
  await tray.choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);
  await tray.choose(/^Ajustes/);
  const settings = await listedWindow("Ajustes de Campana");
  const inFront = async (window) => Number((await finished("xdotool", ["getactivewindow"])).lines[0]) === Number(window);
  await until("the settings are in front", () => inFront(settings));

  const before = notifications().length;
  await backend.make(1);
  await until("a notification", () => notifications().length > before);
  await pressKeys(settings, "Tab");
  await answer(notifications().at(-1).number, "default", TOKEN);
  await until("the main window is in front", () => inFront(main));
  const told = await finished("xprop", ["-id", main, "_NET_STARTUP_ID"]);
  assert.match(told.lines.join(), new RegExp(TOKEN));
  assert.doesNotMatch(bell.errors, /showing the window again/, "this desktop refuses nothing");
});

test("where the focus is refused, the window is shown again and asks for attention", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, temporaryFolder(t), backend);
  const tray = new Tray();
  await backend.make(1);
  await tray.shows("one order", (told) => told.unseen === 1);
  await tray.choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);
  new Program(t, "xev", []);
  const other = await listedWindow("Event Tester");
  // A desktop that leaves the focus where it was.
  let refuses = true;
  const refusing = (async () => {
    while (refuses) await raiseWindow(other);
  })();
  await tray.choose(/^Abrir/);
  await until("the window is shown again", () => /showing the window again/.test(bell.errors));
  await until("it asks for attention", async () =>
    /urgency/i.test((await finished("xprop", ["-id", main, "WM_HINTS"])).lines.join()));
  refuses = false;
  await refusing;
  assert.equal(await listedWindow("Campana"), main);
  await until("the page takes Visto", async () => {
    await pressKeys(main, "v");
    return (await tray.now()).unseen === 0;
  }, { every: 1000 });
});
