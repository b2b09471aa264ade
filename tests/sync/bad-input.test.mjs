// Whatever a server answers: a clear error, and no order lost.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const ALWAYS = 1_000;

async function shopAt(t, options) {
  const backend = await NodeBackend.start(t);
  return { backend, shop: new Shop(t, temporaryFolder(t), backend.url, options) };
}

/** An answer that a server gave for a while, what is said of it, and the exit code of `pull`. */
const ANSWERS = [
  ["HTML instead of JSON", { mode: "html" }, "offline", "answer_not_understood", 5],
  ["truncated JSON", { mode: "truncated" }, "offline", "answer_not_understood", 5],
  ["an object with neither list", { mode: "empty-object" }, "offline", "answer_not_understood", 5],
  ["an answer of 40 MB", { bodyBytes: 40_000_000 }, "offline", "answer_too_large", 5],
  ["an error without a reason", { status: 503, body: "" }, "offline", "server_error", 5],
  ["500 with the body of a wrong key", { mode: "tech007" }, "key_refused", null, 3],
  ["500 with the body of a missing key", { mode: "tech006" }, null, null, 3],
];

describe("answers", { concurrency: true }, () => {
  for (const [name, answer, status, cause, code] of ANSWERS) {
    test(`${name}: said, and the orders are there afterwards`, async (t) => {
      const { backend, shop } = await shopAt(t);
      const ids = await backend.make(3);
      await backend.control("answer", { for: "any", times: ALWAYS, ...answer });
      const pull = await shop.pull();
      assert.equal(pull.code, code, pull.errors);
      assert.ok(pull.errors.trim().length > 0, "it says why");
      assert.doesNotMatch(pull.errors, /panicked/);
      if (status !== null) {
        const watch = shop.watch();
        const told = await watch.becomes(status, { within: 30_000 });
        if (cause !== null) assert.equal(told.cause, cause);
        await watch.kill();
      }
      await backend.control("clear-answers", {});
      const watch = shop.watch();
      await watch.has(ids, { within: 30_000 });
      await until("all are confirmed", () => backend.allConfirmed());
      assert.deepEqual((await shop.ids()).toSorted(), ids.toSorted());
    });
  }
});

const BROKEN = [
  ["a list instead of an object", "[1,2,3]"],
  ["an order without id", '{"orderType":"DELIVERY","total":10,"customer":{"fullChatHistory":["secreto del chat"]}}'],
  ["half a surrogate and no id", '{"notes":"\\ud83d"}'],
];

for (const [name, raw] of BROKEN) {
  test(`${name} among good orders is set aside once, and the good ones are in`, async (t) => {
    const { backend, shop } = await shopAt(t);
    const ids = await backend.make(2);
    await backend.control("extra-elements", { raw: [raw] });
    const watch = shop.watch();
    await watch.has(ids);
    await until("it is told as set aside", () => watch.of("set_aside").length > 0);
    const more = await backend.make(1);
    await watch.has(more);
    await until("the good ones are confirmed", () => backend.allConfirmed());
    assert.equal(watch.of("set_aside").length, 1, JSON.stringify(watch.of("set_aside")));
    const verdict = () => watch.of("status").at(-1).verdict;
    await until("the verdict says so, whatever the status", () => watch.status === "in_sync" && verdict() === "unreadable");
    await watch.kill();
    const next = shop.watch();
    await next.becomes("in_sync");
    assert.equal(next.of("status").at(-1).verdict, "unreadable", "nobody has seen it");
    assert.deepEqual(next.of("set_aside").map((one) => one.again), [true], "it rings again, once");
    await next.kill();
    const seen = await shop.run("inbox", "seen", "--all", "--data-dir", shop.data);
    assert.equal(seen.code, 0, seen.errors);
    const last = shop.watch();
    await last.becomes("in_sync");
    assert.equal(last.of("status").at(-1).verdict, "in_sync");
    assert.deepEqual(last.of("set_aside"), []);
    assert.deepEqual((await shop.ids()).toSorted(), [...ids, ...more].toSorted());
    assert.ok(!watch.lines.join("\n").includes("secreto"), "chat history is nowhere told");
  });
}

for (const [name, raw] of [
  ["1e999 as total", '{"id":"raro-1","total":1e999}'],
  ["half a surrogate in the note", '{"id":"raro-2","notes":"\\ud83d"}'],
]) {
  test(`an order with ${name} is kept for the rest of it`, async (t) => {
    const { backend, shop } = await shopAt(t);
    await backend.control("extra-elements", { raw: [raw] });
    const watch = shop.watch();
    const { id } = JSON.parse(raw.replace("\\ud83d", ""));
    await watch.has([id]);
    await until("it is confirmed", async () => (await backend.state()).extraElements === 0);
    assert.deepEqual(await shop.ids(), [id]);
  });
}

test("an address that is not a URL: exit 2 and a sentence", async (t) => {
  for (const address of ["no es una dirección", "ftp://example.com", "http://", ""]) {
    const shop = new Shop(t, temporaryFolder(t), address);
    for (const command of ["pull", "watch"]) {
      const end = await shop.run(command, `--backend-url=${address}`, "--data-dir", shop.data);
      assert.equal(end.code, 2, `${command} "${address}": ${end.errors}`);
      assert.ok(end.errors.trim().length > 10, "it says why");
      assert.doesNotMatch(end.errors, /panicked/);
    }
  }
});

test("nobody at the address: exit 4 and a sentence", async (t) => {
  const { backend, shop } = await shopAt(t);
  await backend.kill();
  const end = await shop.pull();
  assert.equal(end.code, 4, end.errors);
  assert.ok(end.errors.trim().length > 10);
});

test("a data folder that cannot be: exit 6 and a sentence", async (t) => {
  const { shop } = await shopAt(t);
  const file = join(shop.home, "a-file");
  writeFileSync(file, "");
  const end = await shop.run("pull", "--backend-url", shop.url, "--data-dir", join(file, "inbox"));
  assert.equal(end.code, 6, end.errors);
  assert.ok(end.errors.trim().length > 10);
});
