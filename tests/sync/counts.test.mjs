// What Campana costs, counted: fsyncs, connections, pulls.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { built, temporaryFolder } from "../support/places.mjs";
import { Shop, Watch } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

/** The calls of the system that `campana-sync watch` makes, by name. */
class Counted {
  #calls;

  constructor(t, shop) {
    this.#calls = join(shop.home, "calls");
    const words = ["-f", "-qq", "-e", "trace=fsync,fdatasync,connect", "-o", this.#calls,
      built("campana-sync"), "watch", "--json", "--backend-url", shop.url, "--data-dir", shop.data];
    this.watch = new Watch(t, "strace", words, shop.env);
  }

  count(call) {
    return readFileSync(this.#calls, "utf8").split("\n").filter((line) => call.test(line)).length;
  }
}

test("a backlog takes two fsyncs a page at most, and one connection for all of its pages", async (t) => {
  const folder = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const pages = 40;
  await backend.make(pages * 100, { hint: false });
  const counted = new Counted(t, new Shop(t, folder, backend.url));
  await until("all are confirmed", () => backend.allConfirmed(), { within: 120_000 });
  await counted.watch.becomes("in_sync", { within: 60_000 });
  const fsyncs = counted.count(/\bf(data)?sync\(/);
  // The page with the confirmation that it answered, and a share of the WAL's way into the file; besides, opening, the backup, the event log.
  assert.ok(fsyncs <= 2 * pages + 40, `${fsyncs} fsyncs for ${pages} pages`);
  const connections = counted.count(/\bconnect\(.*AF_INET6?,/);
  assert.ok(connections <= 4, `${connections} connections for ${pages} pages`);
});

test("a burst of ten thousand hints is three pulls a second while it lasts", async (t) => {
  const folder = temporaryFolder(t);
  const backend = await NodeBackend.start(t);
  const watch = new Shop(t, folder, backend.url).watch();
  await watch.becomes("in_sync");
  const before = (await backend.state()).pulls;
  const began = performance.now();
  await backend.control("hints", { count: 10_000 });
  // Hints come in their order: when this one was heard, so were the others.
  const [id] = await backend.make(1);
  await watch.has([id], { within: 60_000 });
  await until("it is confirmed", () => backend.allConfirmed());
  const seconds = (performance.now() - began) / 1000;
  const pulls = (await backend.state()).pulls - before;
  assert.ok(pulls <= 3 + 4 * seconds, `${pulls} pulls in ${seconds.toFixed(1)} s`);
});
