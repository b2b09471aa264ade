// A disk that is full, read-only or broken: said, nothing confirmed that is not stored, nothing unheard.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { BreakingDisk, SmallDisk } from "../support/disks.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

async function shopOn(t, makeDisk) {
  const backend = await NodeBackend.start(t);
  const home = temporaryFolder(t);
  const data = join(home, "disk");
  const disk = makeDisk(data, home);
  return { backend, disk, shop: new Shop(t, home, backend.url, { data }) };
}

const small = (t) => shopOn(t, (folder) => new SmallDisk(t, folder, 2));

async function confirmed(backend) {
  return (await backend.state()).orders.filter((order) => order.confirmed).map((order) => order.id);
}

/** How often each of these orders was told as new. */
function toldAsNew(watch, ids) {
  const alerts = watch.of("alert").filter((alert) => !alert.again);
  return ids.map((id) => alerts.filter((alert) => alert.order_id === id).length);
}

/** Seconds since this moment of `performance.now()`. */
const since = (moment) => `${((performance.now() - moment) / 1000).toFixed(1)} s`;

describe("disks", { concurrency: true }, () => {
  test("full: orders ring from memory, unconfirmed; with space again they are stored and do not ring again", async (t) => {
    const { backend, disk, shop } = await small(t);
    const watch = shop.watch();
    await watch.becomes("in_sync");
    disk.fill();
    const began = performance.now();
    const ids = await backend.make(60);
    const told = await watch.becomes("storage_failed", { within: 30_000 });
    t.diagnostic(`said after ${since(began)}`);
    assert.equal(told.cause, "disk_full");
    await until("all of them ring", () => toldAsNew(watch, ids).every((times) => times > 0));
    const kept = new Set(await shop.ids());
    assert.deepEqual((await confirmed(backend)).filter((id) => !kept.has(id)), [], "nothing is confirmed that is not kept");
    disk.empty();
    const ended = performance.now();
    await watch.becomes("in_sync", { within: 60_000 });
    t.diagnostic(`in sync ${since(ended)} after there was space again`);
    await until("all are confirmed", () => backend.allConfirmed(), { within: 30_000 });
    assert.deepEqual((await shop.ids()).toSorted(), ids.toSorted());
    assert.deepEqual(toldAsNew(watch, ids).filter((times) => times !== 1), [], "each rang once");
  });

  test("full, and killed meanwhile: nothing lost, nothing confirmed that is not stored", async (t) => {
    const { backend, disk, shop } = await small(t);
    let watch = shop.watch();
    const before = await backend.make(5);
    await watch.has(before);
    await until("they are confirmed", () => backend.allConfirmed());
    disk.fill();
    const ids = await backend.make(60);
    await until("all of them ring", () => toldAsNew(watch, ids).every((times) => times > 0), { within: 30_000 });
    await watch.kill("SIGKILL");
    // Without space it either says so and ends, or runs and says so.
    watch = shop.watch();
    await until("the next life says that the disk is full", () => !watch.running || watch.status === "storage_failed", { within: 30_000 });
    if (!watch.running) {
      const { code } = await watch.ended();
      assert.equal(code, 6, watch.errors);
      assert.match(watch.errors, /disco/);
    }
    t.diagnostic(watch.running ? "the next life ran and said so" : `the next life ended: ${watch.errors.trim()}`);
    assert.deepEqual((await confirmed(backend)).toSorted(), before.toSorted(), "nothing more is confirmed");
    await watch.kill("SIGKILL");
    disk.empty();
    watch = shop.watch();
    await watch.becomes("in_sync", { within: 60_000 });
    await until("all are confirmed", () => backend.allConfirmed(), { within: 30_000 });
    assert.deepEqual((await shop.ids()).toSorted(), [...before, ...ids].toSorted());
    // What rang from memory left no trace: it rings as new once more, better than not at all.
    assert.deepEqual(toldAsNew(watch, ids).filter((times) => times !== 1), []);
    const again = watch.of("alert").filter((alert) => alert.again).map((alert) => alert.order_id);
    assert.deepEqual(again.toSorted(), before.toSorted(), "what was stored rings on");
  });

  test("read-only: exit 6 and a sentence, nothing confirmed; writable again, all is well", async (t) => {
    const { backend, disk, shop } = await small(t);
    let watch = shop.watch();
    const before = await backend.make(3);
    await watch.has(before);
    await until("they are confirmed", () => backend.allConfirmed());
    await watch.kill("SIGKILL");
    disk.readOnly(true);
    const ids = await backend.make(3);
    for (const end of [await shop.pull(), await shop.run("watch", "--backend-url", shop.url, "--data-dir", shop.data)]) {
      assert.equal(end.code, 6, end.errors);
      assert.match(end.errors, /[Ll]os pedidos|bandeja|guardar/, end.errors);
      assert.doesNotMatch(end.errors, /panicked/);
      t.diagnostic(end.errors.trim());
    }
    const told = shop.watch();
    assert.equal((await told.ended()).code, 6);
    assert.deepEqual(told.of("status").map(({ status, cause }) => [status, cause]), [["storage_failed", "inbox_unwritable"]]);
    assert.deepEqual((await confirmed(backend)).toSorted(), before.toSorted(), "nothing more is confirmed");
    disk.readOnly(false);
    watch = shop.watch();
    await watch.becomes("in_sync", { within: 30_000 });
    await until("all are confirmed", () => backend.allConfirmed());
    assert.deepEqual((await shop.ids()).toSorted(), [...before, ...ids].toSorted());
    assert.deepEqual(watch.of("damaged"), [], "nothing was damaged");
  });

  test("broken while Campana runs: said, rings from memory, nothing confirmed; repaired, all is well", async (t) => {
    const { backend, disk, shop } = await shopOn(t, (folder, home) => new BreakingDisk(t, folder, join(home, "image")));
    let watch = shop.watch();
    await watch.becomes("in_sync");
    const before = await backend.make(3);
    await watch.has(before);
    await until("they are confirmed", () => backend.allConfirmed());
    disk.break();
    const began = performance.now();
    const ids = await backend.make(20);
    const told = await watch.becomes("storage_failed", { within: 30_000 });
    t.diagnostic(`said after ${since(began)}: ${told.detail}`);
    assert.equal(told.cause, "inbox_unwritable");
    await until("all of them ring", () => toldAsNew(watch, ids).every((times) => times === 1));
    assert.deepEqual((await confirmed(backend)).toSorted(), before.toSorted(), "nothing more is confirmed");
    await watch.kill("SIGKILL");
    disk.repair();
    watch = shop.watch();
    await watch.becomes("in_sync", { within: 30_000 });
    await until("all are confirmed", () => backend.allConfirmed());
    assert.deepEqual((await shop.ids()).toSorted(), [...before, ...ids].toSorted());
    assert.equal((await shop.run("inbox", "check", "--data-dir", shop.data)).code, 0);
  });

  test("hangs: orders ring while it does, unconfirmed; what it took late does not ring again", async (t) => {
    const { backend, disk, shop } = await shopOn(t, (folder, home) => new BreakingDisk(t, folder, join(home, "image")));
    const watch = shop.watch();
    await watch.becomes("in_sync");
    const before = await backend.make(3);
    await watch.has(before);
    await until("they are confirmed", () => backend.allConfirmed());
    const ids = [];
    disk.hang();
    try {
      const began = performance.now();
      ids.push(...await backend.make(3));
      await until("all of them ring", () => toldAsNew(watch, ids).every((times) => times > 0), { within: 30_000 });
      t.diagnostic(`rang after ${since(began)}`);
      await until("it is said", () => watch.status === "storage_failed", { within: 5_000 });
      const later = performance.now();
      ids.push(...await backend.make(2));
      await until("what comes meanwhile rings", () => toldAsNew(watch, ids).every((times) => times > 0), { within: 30_000 });
      t.diagnostic(`what came meanwhile rang after ${since(later)}`);
      assert.deepEqual((await confirmed(backend)).toSorted(), before.toSorted(), "nothing more is confirmed");
    } finally {
      // Otherwise nothing that writes to it could be ended.
      disk.goOn();
    }
    await watch.becomes("in_sync", { within: 60_000 });
    await until("all are confirmed", () => backend.allConfirmed(), { within: 30_000 });
    assert.deepEqual((await shop.ids()).toSorted(), [...before, ...ids].toSorted());
    assert.deepEqual(toldAsNew(watch, ids).filter((times) => times !== 1), [], "each rang once");
  });
});
