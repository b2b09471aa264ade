// The system's print dialog in the real app: what a person cancels there is on no paper. Without WebDriver, under
// which a page opens no dialog.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { drawn, listedWindow, onVirtualDesktop, photograph, pressKeys, windowNamed } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

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
  const noDialog = async () => (await finished("xdotool", ["search", "--onlyvisible", "--name", DIALOG])).lines.length === 0;

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
