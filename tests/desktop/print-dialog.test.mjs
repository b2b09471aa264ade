// The system's print dialog in the real app: what a person cancels there is on no paper. Without WebDriver, under
// which a page opens no dialog.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { notifications } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { drawn, listedWindow, onVirtualDesktop, photograph, pressKeys, windowNamed } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const noDialog = async () => (await finished("xdotool", ["search", "--onlyvisible", "--name", DIALOG])).lines.length === 0;
const DIALOG = "^(Print|Imprimir)$";

test("a ticket counts as printed when the dialog printed it, and not when it was cancelled", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  await Bell.start(t, home, backend);
  await backend.make(1);
  await until("the order is confirmed", () => backend.allConfirmed());
  await new Tray().choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);

  /** What the inbox knows of its tickets: begun and ended. */
  const tickets = () => {
    const inbox = new Database(join(home, "data/inbox.sqlite3"), { readonly: true });
    try {
      return inbox.prepare("SELECT count(*) AS begun, count(ended_at) AS ended FROM tickets").get();
    } finally {
      inbox.close();
    }
  };

  await pressKeys(main, "ctrl+p");
  const first = await windowNamed(DIALOG, { within: 30_000 });
  assert.deepEqual(tickets(), { begun: 1, ended: 0 }, "while the dialog is open nobody knows");
  await photograph("print-dialog.png");
  await pressKeys(first, "Escape");
  await until("the dialog is gone", noDialog);
  await until("the cancelled ticket is forgotten", () => tickets().begun === 0);

  await pressKeys(main, "ctrl+p");
  const second = await windowNamed(DIALOG, { within: 30_000 });
  await // The list of printers, its only line, and the dialog's own button.
  await pressKeys(second, "Tab", "space", "Return");
  await until("the dialog is gone", noDialog);
  await until("the ticket is printed", () => tickets().ended === 1);
  await until("it is in the file that the system prints to", () => existsSync(join(home, "output.pdf")), { within: 20_000 });
});

test("orders that come while the dialog is open are told, and the windows work", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, home, backend);
  const tray = new Tray();
  await backend.make(1);
  await tray.shows("one order", (told) => told.unseen === 1);
  await tray.choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);
  await pressKeys(main, "v");
  await tray.shows("no order", (told) => told.unseen === 0);
  await bell.sounds("for nothing", (alarm) => alarm === null);

  await pressKeys(main, "ctrl+p");
  const dialog = await windowNamed(DIALOG, { within: 30_000 });
  const before = notifications().length;
  await backend.make(7);
  await until("a notification", () => notifications().length > before);
  assert.match(notifications()[before].line, /"7 pedidos nuevos"/);
  await bell.sounds("for orders", (alarm) => alarm?.startsWith("Orders"));
  await tray.shows("seven orders", (told) => told.unseen === 7);
  await until("the orders are confirmed", () => backend.allConfirmed());
  await photograph("print-dialog-seven.png");
  // The page takes *Visto*, and another window opens.
  await until("an order is seen", async () => {
    await pressKeys(main, "v");
    return (await tray.now()).unseen < 7;
  }, { every: 1000 });
  await tray.choose(/^Ajustes/);
  await drawn(await listedWindow("Ajustes de Campana"));
  await photograph("print-dialog-seven-after.png");

  await pressKeys(dialog, "Escape");
  await until("the dialog is gone", noDialog);
  const forgotten = () => {
    const inbox = new Database(join(home, "data/inbox.sqlite3"), { readonly: true });
    try {
      return inbox.prepare("SELECT count(*) AS begun FROM tickets").get().begun === 0;
    } finally {
      inbox.close();
    }
  };
  await until("the cancelled ticket is forgotten", forgotten);
});
