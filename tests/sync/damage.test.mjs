// The database is damaged under the command line, while it is stopped and while it runs: what can be saved is
// saved, people are told which hours to check, and Campana goes on.
import assert from "node:assert/strict";
import { closeSync, existsSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { between, seeded, seedOfThisRun } from "../support/random.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const SEED = seedOfThisRun();
const PAGE = 4096;

function overwrite(file, from, length, random) {
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.from(Array.from({ length }, () => between(random, 0, 255))), 0, length, from);
  closeSync(handle);
}

function pages(file, count, random) {
  const last = Math.max(0, Math.ceil(statSync(file).size / PAGE) - 1);
  for (let done = 0; done < count; done += 1) overwrite(file, between(random, 0, last) * PAGE, PAGE, random);
}

function garbage(file, random) {
  writeFileSync(file, Buffer.from(Array.from({ length: 20_000 }, () => between(random, 0, 255))));
}

/** What is done to the database, with its WAL and its shared memory beside it. */
const DAMAGE = {
  "its head is destroyed": (file, random) => overwrite(file, 0, 100, random),
  "pages of it are overwritten": (file, random) => pages(file, 3, random),
  "it is cut off": (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  "garbage stands in it": (file, random) => garbage(file, random),
  "it is gone": (file) => ["", "-wal", "-shm"].forEach((ending) => rmSync(`${file}${ending}`, { force: true })),
  "another file takes its place": (file, random) => {
    for (const ending of ["", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
    garbage(file, random);
  },
  "its WAL is overwritten": (file, random) => existsSync(`${file}-wal`) && pages(`${file}-wal`, 3, random),
  "its WAL is gone": (file) => rmSync(`${file}-wal`, { force: true }),
  "its shared memory is overwritten": (file, random) => existsSync(`${file}-shm`) && overwrite(`${file}-shm`, 0, 8192, random),
};

/** Orders whose loss nobody was told of: all of them were stored and confirmed. */
function lostUnsaid(watch, made, kept) {
  const damaged = watch.of("damaged");
  const told = (createdAt) => damaged.some(({ missing_since: since }) => since === null || Date.parse(since) <= Date.parse(createdAt));
  return made.filter(({ id, createdAt }) => !kept.has(id) && !told(createdAt)).map(({ id }) => id);
}

async function arriveAndAreConfirmed(backend, watch, count) {
  const ids = await backend.make(count);
  await watch.has(ids, { within: 30_000 });
  await until("they are confirmed", () => backend.allConfirmed(), { within: 30_000 });
  return ids;
}

async function kept(shop) {
  const ids = await shop.ids();
  assert.equal(new Set(ids).size, ids.length, "none is there twice");
  return new Set(ids);
}

describe("a damaged database", { concurrency: 4 }, () => {
  for (const [name, damage] of Object.entries(DAMAGE)) {
    for (const withBackup of [true, false]) {
      test(`while stopped, ${name}, ${withBackup ? "with" : "without"} a backup`, async (t) => {
        const random = seeded(SEED);
        const backend = await NodeBackend.start(t);
        const shop = new Shop(t, temporaryFolder(t), backend.url);
        const file = join(shop.data, "inbox.sqlite3");
        let watch = shop.watch();
        const first = await arriveAndAreConfirmed(backend, watch, 8);
        await until("there is a backup", () => existsSync(join(shop.data, "inbox.backup.sqlite3")));
        // The first ones go into the file itself; the others are in its WAL when it is killed.
        await watch.kill("SIGTERM");
        assert.ok(!existsSync(`${file}-wal`), "what ends by itself leaves one whole file");
        watch = shop.watch();
        await arriveAndAreConfirmed(backend, watch, 4);
        const seen = first[0];
        assert.equal((await shop.run("inbox", "seen", seen, "--data-dir", shop.data)).code, 0);
        await watch.kill("SIGKILL");
        const made = (await backend.state()).orders;
        if (!withBackup) rmSync(join(shop.data, "inbox.backup.sqlite3"));
        damage(file, random);

        watch = shop.watch();
        await watch.becomes("in_sync", { within: 30_000 });
        const after = await arriveAndAreConfirmed(backend, watch, 3);
        const there = await kept(shop);
        assert.deepEqual(lostUnsaid(watch, made, there), [], `seed ${SEED}: lost, and nobody was told`);
        if (withBackup) assert.deepEqual(first.filter((id) => !there.has(id)), [], "what the backup had is there");
        assert.deepEqual(after.filter((id) => !there.has(id)), [], "what came since is there");
        const rings = new Set(watch.of("alert").map((alert) => alert.order_id));
        assert.deepEqual([...there].filter((id) => id !== seen && !rings.has(id)), [], "what nobody has seen rings");
        const asNew = watch.of("alert").filter((alert) => !alert.again).map((alert) => alert.order_id);
        assert.deepEqual(asNew.toSorted(), after.toSorted(), "nothing that was there rings as new");
        for (const { kept_at: place } of watch.of("damaged")) assert.ok(existsSync(place), "the damaged file is kept");
        assert.equal((await shop.run("inbox", "check", "--data-dir", shop.data)).code, 0);
        t.diagnostic(`${made.filter(({ id }) => !there.has(id)).length} of ${made.length} lost, damage ${watch.of("damaged").length > 0 ? "told" : "of no consequence"}`);
      });
    }

    test(`while it runs, ${name}`, async (t) => {
      const random = seeded(SEED);
      const backend = await NodeBackend.start(t);
      const shop = new Shop(t, temporaryFolder(t), backend.url);
      let watch = shop.watch();
      await arriveAndAreConfirmed(backend, watch, 8);
      await until("there is a backup", () => existsSync(join(shop.data, "inbox.backup.sqlite3")));
      await watch.kill("SIGTERM");
      watch = shop.watch();
      await arriveAndAreConfirmed(backend, watch, 4);
      const made = (await backend.state()).orders;
      damage(join(shop.data, "inbox.sqlite3"), random);
      // One that dies of it is started again, as the system starts Campana again.
      const after = await backend.make(6);
      await until("what came since is confirmed", async () => {
        if (!watch.running) {
          t.diagnostic("it died of it");
          watch = shop.watch();
        }
        return await backend.allConfirmed();
      }, { within: 60_000 });
      const told = watch.of("damaged");
      await watch.kill("SIGKILL");
      watch = shop.watch();
      await watch.becomes("in_sync", { within: 30_000 });
      watch.events.push(...told);
      const there = await kept(shop);
      assert.deepEqual(after.filter((id) => !there.has(id)), [], `seed ${SEED}: confirmed and not stored`);
      assert.deepEqual(lostUnsaid(watch, made, there), [], `seed ${SEED}: lost, and nobody was told`);
      const again = await arriveAndAreConfirmed(backend, watch, 2);
      const now = await kept(shop);
      assert.deepEqual(again.filter((id) => !now.has(id)), [], "it goes on");
      assert.equal((await shop.run("inbox", "check", "--data-dir", shop.data)).code, 0);
      t.diagnostic(`${made.filter(({ id }) => !there.has(id)).length} of ${made.length} lost, damage ${watch.of("damaged").length > 0 ? "told" : "of no consequence"}`);
    });
  }

  test("killed again and again while it is saved: nothing more is lost, and people are told in the end", async (t) => {
    const random = seeded(SEED);
    const backend = await NodeBackend.start(t);
    const shop = new Shop(t, temporaryFolder(t), backend.url);
    const file = join(shop.data, "inbox.sqlite3");
    let watch = shop.watch();
    const made = await arriveAndAreConfirmed(backend, watch, 40);
    await watch.kill("SIGTERM");
    for (let damages = 0; damages < 3; damages += 1) {
      overwrite(file, 0, 100, random);
      const told = [];
      for (let death = 0; death < 8; death += 1) {
        watch = shop.watch();
        await pause(random() * 80);
        await watch.kill("SIGKILL");
        told.push(...watch.of("damaged"));
      }
      watch = shop.watch();
      await watch.becomes("in_sync", { within: 30_000 });
      assert.ok(told.length + watch.of("damaged").length > 0, `seed ${SEED}: nobody was told`);
      assert.deepEqual((await kept(shop)), new Set(made));
      await watch.kill("SIGTERM");
    }
    assert.equal((await shop.run("inbox", "check", "--data-dir", shop.data)).code, 0);
  });

  test("people read in their language which hours to check", async (t) => {
    const backend = await NodeBackend.start(t);
    const shop = new Shop(t, temporaryFolder(t), backend.url);
    for (const [language, words] of [["es", /Revise en el servidor los pedidos desde \d{4}-/], ["en", /Check the orders at the server since \d{4}-/]]) {
      const watch = shop.watch();
      await arriveAndAreConfirmed(backend, watch, 1);
      await until("there is a backup", () => existsSync(join(shop.data, "inbox.backup.sqlite3")));
      await watch.kill("SIGKILL");
      overwrite(join(shop.data, "inbox.sqlite3"), 0, 100, seeded(SEED));
      rmSync(join(shop.data, "inbox.sqlite3-wal"), { force: true });
      shop.env.CAMPANA_LANG = language;
      const end = await shop.pull();
      assert.equal(end.code, 0, end.errors);
      assert.match(end.errors, words);
      assert.match(end.errors, /inbox\.damaged-\d{8}T\d{6}Z/);
    }
  });
});
