// A key that is refused: said at once, never hammered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const WATCHED = 60_000;

test("a wrong key is said within two seconds and tried at most once more in a minute", async (t) => {
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, temporaryFolder(t), backend.url, { key: "otra-clave" });
  const watch = shop.watch();
  const refusals = async (over) => (await backend.state()).refusals.filter((one) => one.over === over);
  await until("the server refused the key", async () => (await backend.state()).refusals.length > 0, { every: 10 });
  const refused = performance.now();
  const status = await watch.becomes("key_refused");
  assert.ok(status.at - refused < 2_000, `${status.at - refused} ms after the refusal`);
  await until("a minute has passed", () => performance.now() - refused >= WATCHED, { within: WATCHED + 5_000, every: 500 });
  const sockets = await refusals("socket");
  const pulls = await refusals("http");
  t.diagnostic(`${sockets.length} socket connections and ${pulls.length} pulls with the wrong key in a minute`);
  assert.ok(sockets.length <= 2, `${sockets.length} connections: the first and one more`);
  // Whichever answers first ends the attempt: the other may never have reached the server.
  assert.ok(sockets.length + pulls.length >= 1);
  assert.ok(pulls.length <= 2, `${pulls.length} pulls`);
  assert.equal(watch.status, "key_refused");
  assert.ok(watch.running, "it stays and waits for a better key");
  assert.ok(!watch.errors.includes("otra-clave") && !watch.lines.join("\n").includes("otra-clave"), "the key is nowhere told");
});

test("a pull with a wrong key, or none, ends with 3 and a sentence", async (t) => {
  const backend = await NodeBackend.start(t);
  const wrong = await new Shop(t, temporaryFolder(t), backend.url, { key: "otra-clave" }).pull();
  assert.equal(wrong.code, 3, wrong.errors);
  assert.match(wrong.errors, /clave/i);
  assert.ok(!wrong.errors.includes("otra-clave"));
  const none = await new Shop(t, temporaryFolder(t), backend.url, { key: null }).pull();
  assert.equal(none.code, 3, none.errors);
  assert.match(none.errors, /clave/i);
});
