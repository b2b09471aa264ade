// `campana-sync watch` is killed (signal 9) again and again while orders are made, changed and cancelled.
//
// What "once" means across a death: an order and its alert are one commit. The life that commits it tells the
// alert as new (`again: false`); every later life tells it as still ringing (`again: true`) until somebody has
// seen it. So over all lives a version is told as new at most once, and if the life that committed it died
// before it could tell, the next one tells it as still ringing: told it is in any case.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { sampleOrder } from "../node-backend/samples.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { between, one, seeded, seedOfThisRun } from "../support/random.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const SHOPS = 4;
const DEATHS_EACH = 30;
const ORDERS_EACH = 800;
const FIRST_CONTACTS = 3;
const SEED = seedOfThisRun();
/** A life that nothing else ends, in milliseconds. */
const LONGEST_LIFE = 900;
const HOUR = 60 * 60_000;

/** Resolves at a random moment of this life: after some time, or just after something was told. */
async function deathOf(watch, random) {
  const told = one(random, [null, "status", "order", "alert", "confirmed", "confirmed"]);
  const deadline = performance.now() + (told === null ? random() * LONGEST_LIFE : LONGEST_LIFE);
  const count = between(random, 1, 12);
  while (performance.now() < deadline && !(told && watch.of(told).length >= count)) await pause(1);
  await pause(random() * 6);
}

/** A shop whose computer dies again and again, and what must hold over all of its lives. */
class ShopThatDies {
  /** id → `{ total, edits }`, as the server has it. */
  made = new Map();
  seen = new Set();
  lives = [];
  deaths = 0;

  constructor(test, backend, random) {
    Object.assign(this, { backend, random, shop: new Shop(test, temporaryFolder(test), backend.url) });
  }

  async make(count) {
    for (const id of await this.backend.make(count)) this.made.set(id, { total: null, edits: 0 });
  }

  async edit() {
    const id = one(this.random, [...this.made.keys()].slice(-40).filter((id) => !this.seen.has(id)));
    if (id === undefined) return;
    const known = this.made.get(id);
    const cancels = this.random() < 0.3;
    known.edits += 1;
    known.total = 1000 + this.made.size + known.edits / 100;
    await this.backend.control("edit", { id, change: { total: known.total, ...(cancels && { orderStatus: "CANCELLED" }) } });
  }

  async liveAndDie() {
    const before = this.kept?.filter(({ id, state }) => state === "ringing" && !this.seen.has(id)) ?? [];
    const watch = this.shop.watch();
    let isOver = false;
    const death = deathOf(watch, this.random).then(async () => {
      isOver = true;
      await watch.kill("SIGKILL");
    });
    while (!isOver) {
      if (this.random() < 0.75) await this.make(between(this.random, 1, 8));
      else await this.edit();
      await pause(this.random() * 40);
    }
    await death;
    this.deaths += 1;
    this.lives.push(watch);
    await this.check(watch, before);
  }

  /** What must hold after each death. */
  async check(watch, before) {
    const { orders } = await this.backend.state();
    this.kept = await this.shop.inbox();
    const kept = new Map(this.kept.map((order) => [order.id, order]));
    assert.equal(kept.size, this.kept.length, "no order stands twice in the inbox");
    for (const { id, confirmed, pulled } of orders) {
      if (!confirmed) continue;
      assert.ok(kept.has(id), `${id} is confirmed and not stored`);
      const { total } = this.made.get(id);
      // A confirmation names no version: what the server changed after the page it names was never handed out.
      if (pulled && total !== null) assert.equal(kept.get(id).total, total.toFixed(2), `${id}: an older version is stored`);
    }
    if (watch.of("status").length > 0) {
      const told = new Set(watch.of("alert").filter((alert) => alert.again).map((alert) => alert.order_id));
      assert.deepEqual(before.map((order) => order.id).filter((id) => !told.has(id)), [], "what rang still rings");
    }
    const alerted = new Set(watch.of("alert").map((alert) => alert.order_id));
    assert.deepEqual([...this.seen].filter((id) => alerted.has(id)), [], "what was seen is silent");
  }

  async see() {
    const id = one(this.random, this.kept.filter((order) => order.state === "ringing").map((order) => order.id));
    if (id === undefined) return;
    const { edits } = this.made.get(id);
    // One whose change is still on its way would ring again, rightly.
    if (edits > 0) return;
    const done = await this.shop.run("inbox", "seen", id, "--data-dir", this.shop.data);
    assert.equal(done.code, 0, done.errors);
    this.seen.add(id);
  }

  /** Seen in the inbox before a life that was killed could tell of it, or cancelled before the first contact. */
  isQuiet(id) {
    return this.seen.has(id) || this.kept.some((order) => order.id === id && order.state === "from_before");
  }

  /** The last life goes on until all is done. */
  async liveOn() {
    const watch = this.shop.watch();
    this.lives.push(watch);
    while (this.made.size < ORDERS_EACH) await this.make(Math.min(20, ORDERS_EACH - this.made.size));
    await watch.becomes("in_sync", { within: 60_000 });
    await until("all are confirmed", () => this.backend.allConfirmed(), { within: 60_000 });
    this.kept = await this.shop.inbox();
    // A confirmation overtakes the lines that tell of the order, and who is ended tells no more.
    await until("every order was told", () => {
      const told = new Set(this.lives.flatMap((life) => life.of("alert").map((alert) => alert.order_id)));
      return [...this.made.keys()].every((id) => told.has(id) || this.isQuiet(id));
    }, { within: 30_000 });
    await watch.kill("SIGTERM");
  }

  /** What must hold over all lives; the figures. */
  async judge() {
    const { orders } = await this.backend.state();
    const kept = new Map((await this.shop.inbox()).map((order) => [order.id, order]));
    assert.deepEqual([...this.made.keys()].filter((id) => !kept.has(id)), [], "nothing is lost");
    assert.equal(kept.size, this.made.size, "nothing else is there");
    let overtaken = 0;
    for (const { id, pulled } of orders) {
      const { total } = this.made.get(id);
      if (!pulled) overtaken += 1;
      else if (total !== null) assert.equal(kept.get(id).total, total.toFixed(2), `${id}: the last version is stored`);
    }
    const events = this.lives.flatMap((watch) => watch.events);
    const count = (which, id) => events.filter(which).reduce((sum, event) => sum.set(event[id], (sum.get(event[id]) ?? 0) + 1), new Map());
    const told = count((event) => event.event === "alert", "order_id");
    const asNew = count((event) => event.event === "alert" && !event.again, "order_id");
    const stored = count((event) => event.event === "order" && event.change === "new", "id");
    let edits = 0;
    for (const [id, known] of this.made) {
      edits += known.edits;
      assert.ok(told.has(id) || this.isQuiet(id), `${id} was never told`);
      assert.ok((asNew.get(id) ?? 0) <= 1 + known.edits, `${id} is told as new ${asNew.get(id)} times`);
      assert.ok((stored.get(id) ?? 0) <= 1, `${id} is new more than once`);
    }
    const check = await this.shop.run("inbox", "check", "--data-dir", this.shop.data);
    assert.equal(check.code, 0, check.errors);
    const secondHand = [...this.made.keys()].filter((id) => !asNew.has(id)).length;
    return { deaths: this.deaths, orders: this.made.size, edits, overtaken, secondHand, seen: this.seen.size };
  }
}

describe("killed at random moments", { concurrency: true }, () => {
  const sum = { deaths: 0, orders: 0, edits: 0, overtaken: 0, secondHand: 0, seen: 0 };

  for (let number = 1; number <= SHOPS; number += 1) {
    test(`shop ${number}: nothing lost, nothing twice, nothing confirmed that is not stored`, async (t) => {
      t.diagnostic(`CAMPANA_SEED=${SEED}`);
      const random = seeded(SEED + number);
      const shop = new ShopThatDies(t, await NodeBackend.start(t), random);
      for (let death = 1; death <= DEATHS_EACH; death += 1) {
        await shop.liveAndDie();
        if (random() < 0.5) await shop.see();
      }
      await shop.liveOn();
      const figures = await shop.judge();
      for (const name of Object.keys(sum)) sum[name] += figures[name];
      assert.ok(figures.secondHand < figures.orders / 2, "most lives lived long enough to tell; otherwise this tested little");
    });
  }

  for (let number = 1; number <= FIRST_CONTACTS; number += 1) {
    test(`shop ${number} at its first contact: what is from before stays quiet, what is new rings`, async (t) => {
      t.diagnostic(`CAMPANA_SEED=${SEED}`);
      const random = seeded(SEED + 100 + number);
      const backend = await NodeBackend.start(t);
      const old = [];
      for (let batch = 0; batch < 9; batch += 1) {
        const orders = Array.from({ length: 15 }, () => sampleOrder(random, Date.now() - 20 * HOUR));
        old.push(...(await backend.take(orders)));
        await backend.make(15);
      }
      const shop = new Shop(t, temporaryFolder(t), backend.url);
      const lives = [];
      // Until one of them has begun to store, and then some more.
      for (let left = 6; left > 0 && lives.length < 60; ) {
        const watch = shop.watch();
        lives.push(watch);
        await pause(random() * 60);
        await deathOf(watch, random);
        await backend.make(1);
        await watch.kill("SIGKILL");
        if (watch.of("order").length > 0) left -= 1;
      }
      const last = shop.watch();
      lives.push(last);
      await last.becomes("in_sync", { within: 60_000 });
      await until("all are confirmed", () => backend.allConfirmed(), { within: 60_000 });
      const made = (await backend.state()).orders.map((order) => order.id);
      const kept = await shop.inbox();
      assert.deepEqual(kept.map((order) => order.id).toSorted(), made.toSorted(), "nothing is lost, nothing is twice");
      const quiet = kept.filter((order) => order.state === "from_before").map((order) => order.id);
      assert.deepEqual(quiet.toSorted(), old.toSorted(), "the old ones are one quiet group");
      const alerts = lives.flatMap((watch) => watch.of("alert"));
      const asNew = alerts.filter((alert) => !alert.again).map((alert) => alert.order_id);
      assert.equal(new Set(asNew).size, asNew.length, "none is told as new twice");
      const rang = new Set(alerts.map((alert) => alert.order_id));
      const news = made.filter((id) => !old.includes(id));
      assert.deepEqual([...rang].toSorted(), news.toSorted(), "every new one rings, no old one does");
      sum.deaths += lives.length - 1;
      sum.orders += made.length;
    });
  }

  after(() => {
    console.log(`# ${sum.deaths} deaths, ${sum.orders} orders: 0 lost, 0 told as new twice, 0 confirmed and not stored; ` +
      `${sum.edits} changes, ${sum.overtaken} of them lost by the wire (confirmed before they were handed out); ` +
      `${sum.secondHand} orders told first by the next life; ${sum.seen} seen and silent`);
  });
});
