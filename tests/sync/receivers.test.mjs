// Who receives: only watching, two programs on one key, pages that cannot end, the first contact, another shop.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

async function shopAt(t, options) {
  const backend = await NodeBackend.start(t, options);
  return { backend, shop: new Shop(t, temporaryFolder(t), backend.url) };
}

/** What the till does: takes every page and confirms it. */
async function tillReceives(backend) {
  const call = async (body) => {
    const unified = backend.options.profile === "unified";
    const answer = await fetch(`${backend.url}${unified ? "/api" : ""}/sync/pull-changes`, {
      method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
      headers: { authorization: `Bearer ${KEY}`, "x-api-key": KEY, "content-type": "application/json" },
    });
    assert.equal(answer.status, 200);
    return await answer.json();
  };
  let page = await call({});
  while (page.pending_orders.length + page.updated_customers.length > 0) {
    page = await call({
      confirmedOrders: page.pending_orders.map((one) => ({ orderId: one.id })),
      confirmedCustomerIds: page.updated_customers.map((one) => one.id),
    });
  }
}

const alerts = (watch) => watch.of("alert").map((one) => one.order_id);

function eachRangOnce(watch, ids) {
  const rang = alerts(watch);
  assert.equal(new Set(rang).size, rang.length, "none rings twice");
  assert.deepEqual(rang.toSorted(), ids.toSorted());
}

describe("only watching", { concurrency: 2 }, () => {
  for (const profile of ["guide", "unified"]) {
    test(`${profile}: what a full page hides is said, and rings all the same`, async (t) => {
      const { backend, shop } = await shopAt(t, { profile });
      const waiting = await backend.make(130, { hint: false });
      const watch = shop.watch("--confirm", "off");
      const limited = await watch.becomes("limited");
      assert.equal(limited.cause, "confirmation_off");
      await watch.has(waiting);
      const late = await backend.make(2);
      await watch.has(late, { within: 15_000 });
      const known = [...waiting, ...late];
      eachRangOnce(watch, known);
      assert.equal(watch.status, "limited");
      const { confirmCalls, orders } = await backend.state();
      assert.equal(confirmCalls, 0, "who watches confirms nothing");
      assert.ok(orders.every((one) => !one.confirmed));
      const partial = (await shop.inbox()).find((one) => one.id === late[1]);
      assert.equal(partial.customer, null, "a row of orders:pending names no customer");
      // The till clears the page: what was hidden comes whole, in silence, and the truth is told again.
      const more = await backend.make(1, { hint: false });
      await tillReceives(backend);
      const last = await backend.make(1);
      await watch.has(last);
      await watch.becomes("in_sync", { within: 30_000 });
      assert.deepEqual(alerts(watch).filter((id) => !known.includes(id) && !more.includes(id)), last);
      assert.ok(!watch.of("confirmed").length && (await backend.state()).confirmCalls > 0);
      const told = watch.of("status").map((one) => one.status);
      assert.ok(!told.slice(0, told.lastIndexOf("limited")).includes("in_sync"), `never green before: ${told}`);
    });
  }

  test("a page that is not full is no limit", async (t) => {
    const { backend, shop } = await shopAt(t);
    const ids = await backend.make(99, { hint: false });
    const watch = shop.watch("--confirm", "off");
    await watch.becomes("in_sync");
    const late = await backend.make(1);
    await watch.has([...ids, ...late]);
    await watch.becomes("limited");
    await tillReceives(backend);
    await backend.control("hints");
    await watch.becomes("in_sync");
    eachRangOnce(watch, [...ids, ...late]);
  });
});

describe("two programs on one key", { concurrency: 2 }, () => {
  test("two Campanas at once: nothing is lost, and neither rings for an order twice", async (t) => {
    const backend = await NodeBackend.start(t);
    const shops = [new Shop(t, temporaryFolder(t), backend.url), new Shop(t, temporaryFolder(t), backend.url)];
    const watches = shops.map((shop) => shop.watch());
    for (const watch of watches) await watch.becomes("in_sync");
    const made = [];
    for (let part = 0; part < 20; part += 1) {
      made.push(...(await backend.make(3)));
      await until("they are confirmed", () => backend.allConfirmed());
    }
    const known = await Promise.all(shops.map((shop) => shop.ids()));
    t.diagnostic(`${known[0].length} and ${known[1].length} of ${made.length} orders`);
    assert.deepEqual([...new Set(known.flat())].toSorted(), made.toSorted(), "each is in one of them at least");
    for (const [at, watch] of watches.entries()) eachRangOnce(watch, known[at]);
  });

  test("a till that is always faster is noticed and said, and forgotten when it stops", async (t) => {
    const { backend, shop } = await shopAt(t);
    const watch = shop.watch();
    await watch.becomes("in_sync");
    const another = () => watch.of("status").at(-1).another_receiver;
    let taken = 0;
    await until("another receiver is said", async () => {
      const pulls = (await backend.state()).pulls;
      await backend.make(1, { hint: false });
      await tillReceives(backend);
      taken += 1;
      await backend.control("hints");
      await until("the hint was followed", async () => (await backend.state()).pulls > pulls + 1);
      return another();
    }, { within: 60_000, every: 1_000 });
    assert.ok(taken >= 3, `after ${taken}`);
    assert.equal(watch.status, "in_sync", "Campana itself works");
    const ids = await backend.make(1);
    await watch.has(ids);
    await until("it is forgotten", () => !another());
  });
});

describe("a full page of bad orders", { concurrency: 2 }, () => {
  for (const profile of ["guide", "unified"]) {
    test(`${profile}: what it hides is said and rings; nothing is lost when the server mends`, async (t) => {
      const { backend, shop } = await shopAt(t, { profile });
      const bad = await backend.make(100, { hint: false });
      await backend.control("unconfirmable", { ids: bad });
      const watch = shop.watch();
      const limited = await watch.becomes("limited", { within: 30_000 });
      assert.equal(limited.cause, "page_stuck");
      assert.ok(watch.of("set_aside").some((one) => one.kind === "order"), "what was set aside is told");
      const late = await backend.make(2);
      await watch.has(late, { within: 15_000 });
      eachRangOnce(watch, [...bad, ...late]);
      assert.equal(watch.status, "limited");
      const { orders } = await backend.state();
      assert.ok(orders.every((one) => !one.confirmed), "nothing of it was confirmed");
      await watch.kill("SIGTERM");
      await backend.control("unconfirmable", { ids: [] });
      const again = shop.watch();
      await again.becomes("in_sync", { within: 30_000 });
      await until("all are confirmed", () => backend.allConfirmed());
      assert.deepEqual((await shop.ids()).toSorted(), [...bad, ...late].toSorted());
      assert.ok(again.of("alert").every((one) => one.again), "nothing rings as new again");
      const listed = await shop.run("inbox", "set-aside", "--json", "--data-dir", shop.data);
      assert.deepEqual(listed.lines, []);
    });
  }
});

test("5,000 old orders at the first contact: one quiet group, all stored and confirmed; a new one rings", async (t) => {
  const { backend, shop } = await shopAt(t);
  const old = [];
  for (let part = 0; part < 10; part += 1) old.push(...(await backend.make(500, { hint: false, hoursAgo: 13 })));
  const began = performance.now();
  const watch = shop.watch();
  await watch.becomes("in_sync", { within: 240_000 });
  await until("all are confirmed", () => backend.allConfirmed());
  const stored = await shop.inbox();
  t.diagnostic(`${stored.length} orders in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  assert.equal(stored.length, 5_000);
  assert.deepEqual(stored.map((one) => one.id).toSorted(), old.toSorted());
  assert.ok(stored.every((one) => one.state === "from_before"), "all in the quiet group");
  assert.ok(stored.every((one) => one.confirmed_at !== null));
  assert.deepEqual(alerts(watch), [], "none rings");
  const fresh = await backend.make(1);
  await until("it rings", () => alerts(watch).length >= 1);
  assert.deepEqual(alerts(watch), fresh);
  // An old order that only comes now is news: the first contact is over.
  const late = await backend.make(1, { hoursAgo: 13 });
  await until("it rings too", () => alerts(watch).length >= 2);
  assert.deepEqual(alerts(watch), [...fresh, ...late]);
});

test("another shop at another address: the same identifiers never mix, and each gets its own confirmations", async (t) => {
  const backends = [await NodeBackend.start(t), await NodeBackend.start(t, { profile: "unified" })];
  const home = temporaryFolder(t);
  const ids = ["pedido-1", "pedido-2"];
  for (const [at, backend] of backends.entries()) await backend.take(ids.map((id) => ({ id, total: 10 + at, notes: `tienda ${at}` })));
  const shops = backends.map((backend) => new Shop(t, home, backend.url));
  for (const [at, shop] of shops.entries()) {
    const watch = shop.watch();
    await watch.becomes("in_sync");
    await until("its orders are confirmed", () => backends[at].allConfirmed());
    const news = watch.of("alert").filter((one) => !one.again);
    assert.deepEqual(news.map((one) => one.order_id).toSorted(), ids, "both ring as new, also where the other shop has the same");
    if (at === 0) assert.equal((await backends[1].state()).confirmCalls, 0, "nothing went to the other shop");
    await watch.kill("SIGTERM");
  }
  const stored = await shops[0].inbox();
  assert.equal(stored.length, 4);
  for (const [at, backend] of backends.entries()) {
    const own = stored.filter((one) => one.source === backend.url);
    assert.deepEqual(own.map((one) => one.id).toSorted(), ids);
    assert.ok(own.every((one) => one.total === `${10 + at}.00` && one.version === 1), JSON.stringify(own));
    const { requests } = await backend.state();
    assert.ok(requests.every((one) => one.status !== 500), "no confirmation that it does not know");
  }
});

test("where the settings say that the till receives, the command line only watches unless it is told to confirm", async (t) => {
  const { backend, shop } = await shopAt(t);
  mkdirSync(join(shop.home, "config"));
  const settings = (receiver) => writeFileSync(join(shop.home, "config/settings.toml"),
    `version = 1\naddress = "${backend.url}"\n${receiver}`);
  const pull = (...words) => shop.run("pull", "--data-dir", shop.data, ...words);
  await backend.make(2);
  for (const receiver of ['receiver = "till"\n', ""]) {
    settings(receiver);
    assert.equal((await pull()).code, 0);
    assert.equal((await shop.ids()).length, 2, "they are seen");
    assert.ok(!(await backend.allConfirmed()), "and not confirmed");
  }
  assert.equal((await pull("--confirm", "on")).code, 0);
  assert.ok(await backend.allConfirmed());
});
