// Two processes of the Rust backend on one Redis and one PostgreSQL, official clients on both, and signal 9 for each
// of the four.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { io } from "socket.io-client";
import { atEnd } from "../support/ending.mjs";
import { Postgres, Process, Redis } from "../support/servers.mjs";
import { http, next, until } from "./contract-checks.mjs";

const KEY = "clave-de-prueba";

/** Redis, PostgreSQL and two backends on both. */
async function start(test) {
  const [redis, postgres] = await Promise.all([Redis.start(test), Postgres.start(test)]);
  const env = { CLOUD_API_KEY: KEY, REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port), DATABASE_URL: postgres.url };
  // At once: both make the tables.
  const [one, other] = await Promise.all([Process.start(test, env), Process.start(test, env)]);
  return { redis, postgres, one, other };
}

/** An official client that comes again by itself, as the guide's does, and counts what it hears. */
async function join(test, { url }, options = {}) {
  const socket = io(`${url}/sync`, { auth: { apiKey: KEY }, transports: ["websocket", "polling"], reconnectionDelay: 100, forceNew: true, ...options });
  atEnd(test, () => socket.close());
  const client = { socket, heard: 0, left: [] };
  socket.on("changes:pending", () => (client.heard += 1));
  socket.on("disconnect", (reason) => client.left.push(reason));
  await next(socket, "connect");
  return client;
}

const shop = ({ url }) => http(url, KEY);
const ids = (page) => page.pending_orders.map((order) => order.id);
const clientsToldBy = async (process_) => (await (await shop(process_).call("/debug/clients")).json()).clients;
const health = async (process_) => (await shop(process_).call("/health")).json();

/** Every pending order, by confirming page after page. */
async function emptied(process_) {
  const all = [];
  let page = await shop(process_).pull();
  while (ids(page).length > 0) {
    all.push(...ids(page));
    page = await (await shop(process_).confirm(ids(page))).json();
  }
  return all;
}

describe("two processes", { concurrency: 3 }, () => {
  it("brings an order that one process took to the clients of both", async (test) => {
    const { one, other, redis } = await start(test);
    const clients = [await join(test, one), await join(test, other), await join(test, other, { transports: ["polling"] })];
    const [made] = await shop(one).sample(1);
    await until(() => clients.every((client) => client.heard === 1), "all hear it");
    assert.deepEqual(ids(await shop(other).pull()), [made]);
    const answered = next(clients[1].socket, "orders:pending");
    clients[1].socket.emit("sync:orders");
    assert.equal((await answered)[0].count, 1);
    await until(async () => (await clientsToldBy(one)).length === 3, "all three are listed");
    const listed = await redis.ask("HKEYS", "sync:connected_clients");
    assert.deepEqual(listed.sort(), clients.map((client) => client.socket.id).sort());
    assert.deepEqual(await emptied(other), [made]);
    assert.deepEqual(ids(await shop(one).pull()), []);
  });

  it("loses no order and keeps no ghost when a process is killed", async (test) => {
    const { one, other, postgres } = await start(test);
    const [stays, comesBack] = [await join(test, other), await join(test, one)];
    // Until it is killed: what it answered is kept, what it did not answer may be.
    const answered = [];
    const making = (async () => {
      for (;;) {
        const made = await shop(one).sample(1).catch(() => null);
        if (!made) return;
        answered.push(...made);
      }
    })();
    await until(() => answered.length >= 10, "some orders");
    await one.kill();
    await making;
    const before = comesBack.heard;
    const meanwhile = await shop(other).sample(1);
    await one.start();
    await until(() => comesBack.socket.connected, "its client is back by itself");
    assert.deepEqual(comesBack.left, ["transport close"]);
    const heard = stays.heard;
    await shop(other).sample(1);
    await until(() => comesBack.heard > before && stays.heard > heard, "both hear what is made now");
    const all = new Set(await emptied(one));
    for (const id of [...answered, ...meanwhile]) assert.ok(all.has(id), id);
    // An order that the process took and could no longer announce is announced by the others when it is due.
    await shop(other).sample(1);
    const last = stays.heard;
    await postgres.ask("UPDATE orders SET announce_at = 0 WHERE announce_at IS NOT NULL");
    await until(() => stays.heard > last, "it is announced again");
    await until(async () => {
      const listed = (await clientsToldBy(other)).map((client) => client.id);
      return listed.length === 2 && listed.includes(stays.socket.id) && listed.includes(comesBack.socket.id);
    }, "only the living are listed", 40_000);
  });

  it("brings orders to every client while Redis is gone, and after it is back", async (test) => {
    const { one, other, redis } = await start(test);
    const clients = [await join(test, one), await join(test, other)];
    await redis.kill();
    const [made] = await shop(one).sample(1);
    await until(() => clients.every((client) => client.heard >= 1), "both hear it without Redis");
    assert.deepEqual(ids(await shop(other).pull()), [made]);
    await until(async () => (await health(other)).status === "degraded", "it says so");
    const third = await join(test, one);
    await redis.start();
    for (const process_ of [one, other]) await until(async () => (await health(process_)).status === "ok", "Redis is used again");
    await until(async () => (await clientsToldBy(other)).length === 3, "all are listed again");
    for (const client of [...clients, third]) {
      assert.deepEqual(client.left, [], "nobody was thrown out");
      client.heard = 0;
    }
    await shop(other).sample(1);
    await until(() => [...clients, third].every((client) => client.heard >= 1), "all hear what is made now");
  });

  it("keeps what it answered when PostgreSQL is killed, and goes on when it is back", async (test) => {
    const { one, other, postgres } = await start(test);
    const clients = [await join(test, one), await join(test, other)];
    const answered = [];
    let refused = 0;
    let ended = false;
    const making = (async () => {
      while (!ended) {
        const answer = await shop(one).post("/orders?sample=1", "");
        if (answer.status === 201) answered.push(...(await answer.json()).ids);
        else {
          assert.equal(answer.status, 500);
          assert.equal((await answer.json()).error.code, "SYNC_ERROR");
          refused += 1;
        }
      }
    })();
    await until(() => answered.length >= 10, "some orders");
    await postgres.kill();
    await until(() => refused >= 1, "an order is refused");
    assert.equal((await shop(other).call("/health")).status, 503);
    const refusal = io(`${one.url}/sync`, { auth: { apiKey: KEY }, reconnection: false, forceNew: true });
    atEnd(test, () => refusal.close());
    assert.equal((await next(refusal, "connect_error"))[0].message, "Authentication failed");
    await postgres.start();
    const before = answered.length;
    await until(() => answered.length >= before + 5, "orders are taken again");
    ended = true;
    await making;
    for (const client of clients) assert.deepEqual(client.left, [], "nobody was thrown out");
    const heard = clients[1].heard;
    answered.push(...(await shop(one).sample(1)));
    await until(() => clients[1].heard > heard, "the other process announces again");
    const all = new Set(await emptied(other));
    for (const id of answered) assert.ok(all.has(id), id);
  });

  it("says goodbye so that official clients come again by themselves", async (test) => {
    const { one, other } = await start(test);
    const clients = [await join(test, one, { transports: ["websocket"] }), await join(test, one, { transports: ["polling"] })];
    await until(async () => (await clientsToldBy(other)).length === 2, "both are listed");
    assert.deepEqual(await one.stop(), { code: 0, signal: null });
    await until(() => clients.every((client) => client.left.length === 1), "both know at once");
    assert.deepEqual(await clientsToldBy(other), []);
    await one.start();
    await until(() => clients.every((client) => client.socket.connected), "both are back");
    await shop(other).sample(1);
    await until(() => clients.every((client) => client.heard === 1), "both hear what is made now");
  });
});
