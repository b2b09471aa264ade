// The event log: what a round leaves in it, and what never gets into it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const KEPT = 500;

async function activities(shop) {
  const end = await shop.run("activity", "--json", "--limit", "9999", "--data-dir", shop.data);
  assert.equal(end.code, 0, end.errors);
  return end.lines.map((line) => JSON.parse(line));
}

const told = ({ kind, detail, number, outcome }) => [kind, detail, number, outcome === "ok" ? null : "!"].filter((part) => part !== null).join(" ");

/** Waits until the log on disk has these entries, in this order; all that it has then. */
async function logged(shop, entries) {
  let last = [];
  await until(() => `the log has ${entries.join(", ")}; it has ${last.map(told).join(", ")}`, async () => {
    last = await activities(shop);
    const rest = [...entries];
    for (const one of last) if (told(one) === rest[0]) rest.shift();
    return rest.length === 0;
  }, { within: 45_000, every: 500 });
  return last;
}

test("a round is in the log beside a running Campana, with times and sizes, and in the next run's", async (t) => {
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, temporaryFolder(t), backend.url);
  const begun = Date.now();
  const watch = shop.watch();
  await watch.becomes("in_sync");
  await watch.has(await backend.make(3));
  await until("all are confirmed", () => backend.allConfirmed());
  const log = await logged(shop, ["started", "configured ready", "connecting web_socket 1", "joined", "pull guide 3", "store 3"]);
  const pull = log.find((one) => told(one) === "pull guide 3");
  assert.ok(pull.bytes > 1_000 && pull.milliseconds >= 0, JSON.stringify(pull));
  assert.ok(log.some((one) => one.kind === "hint" && one.detail === "changes:pending"));
  const confirmed = log.filter((one) => one.kind === "confirm" && one.outcome === "ok");
  assert.ok(confirmed.reduce((sum, one) => sum + one.number, 0) >= 3, JSON.stringify(confirmed));
  for (const { at } of log) assert.ok(Date.parse(at) >= begun - 1_000 && Date.parse(at) <= Date.now() + 1_000, at);

  await watch.kill("SIGTERM");
  const ended = await activities(shop);
  assert.equal(told(ended.at(-1)), "ended");
  const next = shop.watch();
  await next.becomes("in_sync");
  await next.kill("SIGTERM");
  const both = (await activities(shop)).map(told);
  assert.equal(both.filter((entry) => entry === "started").length, 2);
  assert.deepEqual(both.slice(0, ended.length), ended.map(told));
  const short = await shop.run("activity", "--limit", "2", "--data-dir", shop.data);
  assert.equal(short.lines.length, 2, short.errors);
  assert.match(short.lines[1], /Campana terminó/);
});

test("trouble is in the log by its codes; people and the key are nowhere in it", async (t) => {
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, temporaryFolder(t), backend.url);
  const secrets = ["Zutano", "5512345678", "Calle de la Amargura", KEY];
  await backend.control("answer", {
    for: "pull", times: 2, status: 503, headers: { "retry-after": "1" },
    body: { error: { code: "SYNC_ERROR", message: `Zutano 5512345678 ${KEY}`, details: {} } },
  });
  await backend.control("extra-elements", { raw: ['{"notes":"Zutano","customer":{"firstName":"Zutano"}}'] });
  await backend.take({
    id: "pedido-7", orderType: "DELIVERY", total: 120, notes: "Zutano",
    customer: { id: "c-1", firstName: "Zutano", whatsappPhoneNumber: "5512345678" },
    deliveryInfo: { street: "Calle de la Amargura", recipientName: "Zutano", recipientPhone: "5512345678" },
  });
  await backend.control("unconfirmable", { ids: ["pedido-7"] });
  const watch = shop.watch();
  await watch.has(["pedido-7"]);
  await until("the bad confirmation is set aside", () => watch.of("set_aside").some((one) => one.what === "pedido-7"), { within: 30_000 });
  await backend.kill();
  // A pull that was under way breaks off; the next one finds nobody.
  await until("it noticed", () => watch.of("status").at(-1)?.cause === "server_unreachable", { within: 30_000 });
  await watch.kill("SIGTERM");
  const log = await activities(shop);
  const entries = log.map(told);
  for (const entry of [/^pull guide status 503 !$/, /^retry \d+$/, /^set_aside order [0-9a-f]{20,} !$/, /^set_aside order pedido-7 !$/,
    /^confirm guide status 500 \d+ !$/, /^closed lost !$/, /^pull guide unreachable !$/, /^status offline server_unreachable !$/]) {
    assert.ok(entries.some((one) => entry.test(one)), `${entry}: ${entries.join("; ")}`);
  }
  const text = [JSON.stringify(log), ...(await shop.run("activity", "--data-dir", shop.data)).lines].join("\n");
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} is in the log`);
});

test("a burst of announcements does not push out the rest, and the log stays bounded", async (t) => {
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, temporaryFolder(t), backend.url);
  const watch = shop.watch();
  await watch.becomes("in_sync");
  await backend.control("hints", { count: 3_000 });
  // What is announced after them arrives after them.
  await watch.has(await backend.make(1));
  await watch.kill("SIGTERM");
  const log = await activities(shop);
  assert.ok(log.length <= KEPT, `${log.length} entries`);
  assert.equal(told(log[0]), "started");
  assert.ok(log.some((one) => one.kind === "hint" && one.number > 1), log.map(told).join("; "));
});

test("where nothing was received yet there is no log: exit 6 and a sentence", async (t) => {
  const shop = new Shop(t, temporaryFolder(t), "http://127.0.0.1:9");
  const end = await shop.run("activity", "--data-dir", shop.data);
  assert.equal(end.code, 6);
  assert.ok(end.errors.trim().length > 10);
});
