// The history and the tickets in the real app, asked by its windows; the printer is a real socket.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { atEnd } from "../support/ending.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const CUT = Buffer.from([0x1d, 0x56]);

/** A ticket printer: what came over each connection that ended. */
class Printer {
  tickets = [];
  #connections = new Set();

  static async start(test) {
    const printer = new Printer();
    await printer.start();
    atEnd(test, () => printer.stop());
    return printer;
  }

  /** The second time at the port of the first. */
  async start() {
    this.server = createServer({ allowHalfOpen: true }, (connection) => {
      const bytes = [];
      this.#connections.add(connection);
      connection.on("data", (part) => bytes.push(part));
      connection.on("error", () => {});
      connection.on("end", () => {
        this.tickets.push(Buffer.concat(bytes));
        connection.end();
      });
      connection.on("close", () => this.#connections.delete(connection));
    });
    await new Promise((listening) => this.server.listen(this.port ?? 0, "127.0.0.1", listening));
    this.port = this.server.address().port;
  }

  async stop() {
    for (const connection of this.#connections) connection.destroy();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** What the present window's page gets for this command; a refusal is thrown with its code. */
async function asked(app, command, parameters = {}) {
  const [answer, refusal] = await app.web.executeAsyncScript(`const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
      (answer) => done([answer ?? null, null]), (refusal) => done([null, refusal?.code ?? String(refusal)]))`, command, parameters);
  if (refusal !== null) throw new Error(refusal);
  return answer;
}

test("a new order is printed once, is found again, and rings again when it was seen by mistake", async (t) => {
  onVirtualDesktop();
  const printer = await Printer.start(t);
  const backend = await NodeBackend.start(t);
  const app = await App.start(t, temporaryFolder(t));
  const tray = new Tray();
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);

  const { preferences } = await asked(app, "view");
  preferences.printing = { ...preferences.printing, automatic: true, printer: `127.0.0.1:${printer.port}` };
  // Somebody opens the window here, once the order is known: by itself it would open before that.
  preferences.alerts = { ...preferences.alerts, window_to_front: false };
  await asked(app, "save_preferences", { preferences });
  const query = (text) => ({ query: { text, from: null, until: null, offset: 0, limit: 10 } });
  await assert.rejects(asked(app, "history", query("")), /not allowed/, "the settings window has no business there");
  const firstView = () => app.web.executeScript("return window.campanaFirstView?.view.orders.map((order) => order.id) ?? null");
  assert.equal(await firstView(), null, "nor with what orders are there");

  const [id] = await backend.make(1);
  await until("the ticket", () => printer.tickets.length === 1);
  assert.ok(printer.tickets[0].includes(CUT));
  assert.ok(!printer.tickets[0].includes("DUPLICADO"));
  await until("the server has the confirmation", () => backend.allConfirmed());

  await tray.choose(/^Abrir/);
  await app.windowWith("sync-now");
  assert.deepEqual(await firstView(), [id], "it was painted with the order, without asking for it");
  const all = await asked(app, "history", query(""));
  assert.deepEqual([all.total, all.rows.map((row) => row.id)], [1, [id]]);
  const order = await asked(app, "history_order", { id });
  assert.deepEqual([order.id, order.printed, order.maybePrinted, order.emptied], [id, 1, false, false]);
  const product = order.items[0].name.split(" ")[0];
  const plain = product.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase();
  assert.equal((await asked(app, "history", query(plain))).total, 1, `by product, without accents: ${plain}`);
  assert.equal((await asked(app, "history", query("nadie-se-llama-asi"))).total, 0);
  assert.equal(JSON.parse(await asked(app, "order_json", { id })).id, id);
  const activity = await asked(app, "activity", { limit: 50 });
  assert.ok(activity.activities.some((one) => one.kind === "confirm" && one.wentWell));
  await assert.rejects(asked(app, "history_order", { id: "no-such-order" }), /order-unknown/);

  const again = await asked(app, "print_ticket", { id, dialog: false });
  assert.equal(again.duplicate, true);
  await until("the second ticket", () => printer.tickets.length === 2);
  assert.ok(printer.tickets[1].includes("DUPLICADO"));

  await asked(app, "mark_seen", { id, version: order.version });
  await tray.shows("no order", (told) => told.unseen === 0);
  await asked(app, "mark_unseen", { id });
  await tray.shows("the order", (told) => told.unseen === 1);

  // Switched off: it is said, nothing else waits for it, and the ticket comes when it is on again.
  await printer.stop();
  await backend.make(1);
  await tray.shows("both orders", (told) => told.unseen === 2);
  await until("the trouble is said", async () => (await asked(app, "view")).printerTrouble === "printer-unreachable");
  await printer.start();
  await until("the ticket of the second order", () => printer.tickets.length === 3, { within: 40_000 });
  assert.ok(!printer.tickets[2].includes("DUPLICADO"));
  await until("nothing is wrong", async () => (await asked(app, "view")).printerTrouble === null);
});
