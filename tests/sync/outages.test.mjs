// What happens while a server dies, hurries, or hands out much at once.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { NodeBackend, RustBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const BACKENDS = {
  "the Node backend": (test, folder, options) => NodeBackend.start(test, { state: join(folder, "state.json"), ...options }),
  "the Rust backend": (test, folder) => RustBackend.start(test, { db: join(folder, "backend.db") }),
};

function noneTwice(ids) {
  assert.equal(new Set(ids).size, ids.length, "no order stands twice in the inbox");
}

for (const [name, start] of Object.entries(BACKENDS)) {
  describe(name, { concurrency: false }, () => {
    test("an order arrives within two seconds and is confirmed", async (t) => {
      const folder = temporaryFolder(t);
      const backend = await start(t, folder);
      const shop = new Shop(t, folder, backend.url);
      const watch = shop.watch();
      await watch.becomes("in_sync");
      const made = performance.now();
      const [id] = await backend.make(1);
      await watch.has([id]);
      const took = watch.of("order").find((one) => one.id === id).at - made;
      assert.ok(took < 2_000, `${took} ms`);
      await until("the order is confirmed", () => backend.allConfirmed());
      assert.ok(watch.of("alert").some((one) => one.order_id === id && one.kind === "new_order" && one.again === false));
      assert.deepEqual(await shop.ids(), [id]);
      assert.deepEqual(watch.broken, [], "every line is JSON");
    });

    test("a server that is killed and comes back is found again, with what was ordered meanwhile", async (t) => {
      const folder = temporaryFolder(t);
      const backend = await start(t, folder);
      const shop = new Shop(t, folder, backend.url);
      const watch = shop.watch();
      await watch.becomes("in_sync");
      const before = await backend.make(3);
      await watch.has(before);
      await backend.kill();
      await watch.becomes("offline", { within: 30_000 });
      await backend.start();
      const after = await backend.make(4);
      await watch.has(after, { within: 60_000 });
      await watch.becomes("in_sync", { within: 60_000 });
      await until("all are confirmed", () => backend.allConfirmed());
      const ids = await shop.ids();
      noneTwice(ids);
      assert.deepEqual(ids.toSorted(), [...before, ...after].toSorted());
      const told = watch.of("order").filter((one) => one.change === "new").map((one) => one.id);
      assert.equal(new Set(told).size, told.length, "no order is told as new twice");
      assert.equal(watch.of("alert").filter((one) => one.kind === "new_order").length, 7, "each rings once");
    });

    test("250 orders that wait are all taken", async (t) => {
      const folder = temporaryFolder(t);
      const backend = await start(t, folder);
      if (backend instanceof NodeBackend) await backend.make(250);
      else for (let made = 0; made < 250; made += 50) await backend.make(50);
      const shop = new Shop(t, folder, backend.url);
      const watch = shop.watch();
      await watch.becomes("in_sync", { within: 60_000 });
      await until("all are confirmed", () => backend.allConfirmed(), { within: 60_000 });
      const ids = await shop.ids();
      noneTwice(ids);
      assert.equal(ids.length, 250);
      if (backend instanceof NodeBackend) {
        const { pageSizes, batchSizes, orders } = await backend.state();
        assert.deepEqual(orders.map((one) => one.id).toSorted(), ids.toSorted());
        assert.deepEqual(pageSizes.slice(0, 3), [100, 100, 50], "pages of 100, each confirmed before the next");
        assert.ok(batchSizes.length <= 6, `confirmations in few calls: ${batchSizes}`);
      }
    });
  });
}

test("a burst of 1,000 hints leads to a handful of pulls, and every order of the burst is in", async (t) => {
  const folder = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, folder, backend.url);
  const watch = shop.watch();
  await watch.becomes("in_sync");
  const before = (await backend.state()).pulls;
  const ids = [];
  // All at once, so that it is one burst also on a slow computer.
  await Promise.all(Array.from({ length: 10 }, async () => {
    const [made] = await Promise.all([backend.make(3), backend.control("hints", { count: 100 })]);
    ids.push(...made);
  }));
  // Events keep their order: when this one is told, every hint of the burst has been heard.
  ids.push(...(await backend.make(1)));
  await watch.has(ids);
  await until("all are confirmed", () => backend.allConfirmed());
  await watch.becomes("in_sync");
  const { pulls, confirmCalls } = await backend.state();
  t.diagnostic(`${pulls - before} pulls and ${confirmCalls} confirming calls for 1,031 hints and 31 orders`);
  assert.ok(pulls - before + confirmCalls <= 12, `${pulls - before} pulls, ${confirmCalls} confirming calls`);
  noneTwice(await shop.ids());
});

for (const transports of ["websocket", "polling"]) {
  for (const shape of ["none", "null", "object"]) {
    test(`a server that only does ${transports}, hints shaped "${shape}"`, async (t) => {
      const backend = await NodeBackend.start(t, { transports, "hint-shape": shape });
      const shop = new Shop(t, temporaryFolder(t), backend.url);
      const watch = shop.watch();
      await watch.becomes("in_sync", { within: 45_000 });
      const { connectedClients } = await backend.state();
      assert.deepEqual(connectedClients.map((one) => one.transport), [transports]);
      const made = performance.now();
      const ids = await backend.make(2);
      await watch.has(ids);
      assert.ok(performance.now() - made < 5_000, "by the hint, not by the timer");
      await until("all are confirmed", () => backend.allConfirmed());
    });
  }
}
