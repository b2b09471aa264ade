// What `campana-sync` leaves behind: files for its user alone, and the key nowhere.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { filesWith, holds, imageAllowed, openToOthers } from "../support/traces.mjs";
import { until } from "../support/wait.mjs";

test("the inbox and what stands beside it are for this user alone, whatever new files are by custom", async (t) => {
  const backend = await NodeBackend.start(t);
  const home = temporaryFolder(t);
  const shop = new Shop(t, home, backend.url);
  const before = process.umask(0);
  let watch;
  try {
    watch = shop.watch();
  } finally {
    process.umask(before);
  }
  await watch.has(await backend.make(30));
  await until("there is a backup", () => existsSync(join(shop.data, "inbox.backup.sqlite3")), { within: 30_000 });
  const written = readdirSync(shop.data);
  for (const name of ["inbox.sqlite3", "inbox.sqlite3-wal", "inbox.sqlite3-shm", "inbox.lock"]) assert.ok(written.includes(name), `${written}`);
  assert.deepEqual(openToOthers(shop.data), []);
});

test("the key is in no output and no file at the most talkative, not even after an abort", async (t) => {
  const backend = await NodeBackend.start(t);
  const home = temporaryFolder(t);
  const shop = new Shop(t, home, backend.url);
  shop.env.CAMPANA_LOG = "trace";
  const watch = shop.watch();
  await watch.becomes("in_sync");
  await watch.has(await backend.make(3));
  // A refusal and an outage log other lines than a good day.
  await backend.kill();
  await watch.becomes("offline");
  assert.equal(imageAllowed(watch.child.pid), "0", "it leaves no image of its memory");
  const { signal } = await watch.kill("SIGABRT");
  assert.equal(signal, "SIGABRT");
  const printed = watch.errors + watch.lines.join("\n");
  assert.ok(watch.errors.includes("DEBUG"), "it logged more than usual");
  assert.ok(!holds(printed, [KEY]), "the output has no key");
  const { found, looked } = filesWith(home, [KEY]);
  assert.ok(looked >= 3, `${looked} files were looked through`);
  assert.deepEqual(found, []);
  assert.ok(filesWith(home, [new URL(backend.url).port]).found.length > 0, "the search finds what is there: the address");
  assert.ok(!holds((await shop.run("activity")).lines.join("\n"), [KEY]), "nor the event log");
});
