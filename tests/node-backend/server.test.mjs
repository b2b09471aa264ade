import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { client, contractChecks, http, next, until } from "./contract-checks.mjs";
import { startNodeBackend } from "./server.mjs";

contractChecks("the Node backend", () => startNodeBackend());

const PROGRAM = new URL("main.mjs", import.meta.url).pathname;

async function startProgram(args, env = process.env) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit"], env });
  const exited = once(child, "exit");
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), exited]);
  return { child, exited, url: /^listening on (http:\/\/\S+)$/.exec(line)?.[1] };
}

describe("what a test can make the Node backend do", () => {
  const ends = [];
  const start = async (options) => {
    const backend = await startNodeBackend(options);
    ends.push(() => backend.stop());
    const control = async (name, body) => {
      const answer = await fetch(`${backend.url}/control/${name}`, { method: "POST", body: JSON.stringify(body ?? {}) });
      assert.equal(answer.status, 200, await answer.clone().text());
      return answer.json();
    };
    const state = async () => (await fetch(`${backend.url}/control/state`)).json();
    return { backend, control, state, shop: http(backend.url, backend.key) };
  };
  const joined = async (backend, options) => {
    const socket = client(backend.url, { apiKey: backend.key }, options);
    ends.unshift(() => socket.close());
    socket.connect();
    await next(socket, "connect");
    return socket;
  };
  after(async () => {
    for (const end of ends) await end();
  });

  for (const [hintShape, check] of [
    ["null", (args) => assert.deepEqual(args, [null])],
    ["object", ([payload, ...rest]) => assert.ok(typeof payload.timestamp === "string" && rest.length === 0)],
  ]) {
    it(`announces in the shape "${hintShape}"`, async () => {
      const { backend, control } = await start({ hintShape });
      const socket = await joined(backend);
      const heard = next(socket, "changes:pending");
      await control("hints");
      check(await heard);
    });
  }

  it("announces bursts, and orders without a word", async () => {
    const { backend, control, state } = await start();
    const socket = await joined(backend);
    let heard = 0;
    socket.on("changes:pending", () => (heard += 1));
    assert.equal((await control("orders", { count: 2, hint: false })).ids.length, 2);
    assert.equal((await control("orders", { count: 1, burstHints: 1000 })).ids.length, 1);
    await until(() => heard >= 1001, "1001 announcements");
    assert.equal(heard, 1001);
    const told = await state();
    assert.deepEqual([told.hints, told.orders.length], [1001, 3]);
  });

  it("tells its state: calls, batches, refusals, clients", async () => {
    const { backend, control, state, shop } = await start();
    const socket = await joined(backend, { transports: ["polling"] });
    const { ids } = await control("orders", { count: 3, hint: false });
    await shop.pull();
    await shop.confirm(ids.slice(0, 2));
    await http(backend.url, "wrong").pull();
    const told = await state();
    assert.deepEqual(told.orders.map((one) => one.confirmed), [true, true, false]);
    assert.deepEqual([told.pulls, told.confirmCalls, told.batchSizes, told.pageSizes], [2, 1, [2], [3, 1]]);
    assert.deepEqual(told.refusals.map(({ over, message }) => [over, message]), [["http", "Invalid API key"]]);
    assert.ok(told.refusals[0].at <= told.now && told.refusals[0].at > told.now - 60_000);
    assert.deepEqual(told.connectedClients.map(({ id, transport }) => [id, transport]), [[socket.id, "polling"]]);
    assert.deepEqual(told.requests.map(({ kind, status }) => [kind, status]), [["pull", 200], ["confirm", 200], ["pull", 401]]);
    socket.close();
    await until(async () => (await state()).connectedClients.length === 0, "no client left");
  });

  it("throws clients out of the namespace, who may come again", async () => {
    const { backend, control } = await start();
    const socket = await joined(backend);
    const thrown = next(socket, "disconnect");
    await control("kick");
    assert.deepEqual((await thrown)[0], "io server disconnect");
    socket.connect();
    await next(socket, "connect");
  });

  it("changes its key", async () => {
    const { backend, control, shop } = await start();
    await control("key", { key: "another" });
    assert.equal((await shop.call("/sync/pull-changes")).status, 401);
    assert.equal((await http(backend.url, "another").call("/sync/pull-changes")).status, 200);
  });

  it("fails while it checks the key", async () => {
    const { backend, control } = await start();
    await control("authentication-fails");
    const socket = client(backend.url, { apiKey: backend.key });
    ends.unshift(() => socket.close());
    socket.connect();
    assert.equal((await next(socket, "connect_error"))[0].message, "Authentication failed");
  });

  it("speaks WebSocket only, or polling only", async () => {
    for (const [only, other] of [["websocket", "polling"], ["polling", "websocket"]]) {
      const { backend } = await start({ transports: [only] });
      await joined(backend, { transports: [only] });
      const socket = client(backend.url, { apiKey: backend.key }, { transports: [other] });
      ends.unshift(() => socket.close());
      socket.connect();
      await next(socket, "connect_error");
    }
  });

  it("leaves sync:orders unanswered", async () => {
    const { backend, control, state } = await start({ answersSyncOrders: false });
    const socket = await joined(backend);
    const heard = [];
    socket.onAny((event) => heard.push(event));
    socket.emit("sync:orders");
    await until(async () => (await state()).syncOrders === 1, "the question");
    await control("hints");
    await until(() => heard.length > 0, "the hint");
    assert.deepEqual(heard, ["changes:pending"]);
  });

  it("gives the answers that were ordered, as often as ordered, then true ones", async () => {
    const { control, shop, state } = await start();
    const { ids } = await control("orders", { count: 1 });
    await control("answer", { for: "pull", times: 2, mode: "tech007" });
    await control("answer", { for: "confirm", status: 409 });
    for (const expected of [500, 500, 200]) {
      const answer = await shop.call("/sync/pull-changes");
      assert.equal(answer.status, expected);
      const body = await answer.json();
      if (expected === 500) assert.equal(body.error.code, "TECH007");
    }
    assert.equal((await shop.confirm(ids)).status, 409);
    assert.equal((await state()).orders[0].confirmed, false);
    await control("answer", { for: "confirm", status: 502, apply: true });
    assert.equal((await shop.confirm(ids)).status, 502);
    assert.equal((await state()).orders[0].confirmed, true);
  });

  it("gives HTML, half of the JSON, an empty object, Retry-After, its own body, many bytes", async () => {
    const { control, shop } = await start();
    await control("orders", { count: 1 });
    const answered = async (plan) => {
      await control("answer", plan);
      const answer = await shop.call("/sync/pull-changes");
      return { status: answer.status, headers: answer.headers, body: await answer.text() };
    };
    const html = await answered({ mode: "html" });
    assert.ok(html.status === 200 && html.body.startsWith("<!doctype html>"));
    assert.match(html.headers.get("content-type"), /^text\/html/);
    const half = await answered({ mode: "truncated" });
    assert.ok(half.status === 200 && half.body.startsWith('{"pending_orders":[{'));
    assert.throws(() => JSON.parse(half.body));
    assert.equal((await answered({ mode: "empty-object" })).body, "{}");
    const later = await answered({ mode: "retry-after", seconds: 7 });
    assert.deepEqual([later.status, later.headers.get("retry-after")], [503, "7"]);
    const own = await answered({ status: 302, headers: { location: "/sync/pull-changes" }, body: { a: 1 } });
    assert.deepEqual([own.status, own.headers.get("location")], [200, null], "the client followed");
    const many = await answered({ bodyBytes: 1_000_000 });
    assert.equal(many.body.length, 1_000_000);
    assert.deepEqual(JSON.parse(many.body).pending_orders, []);
  });

  it("hangs, and cuts the connection", async () => {
    const { backend, control, shop } = await start();
    await control("answer", { mode: "reset" });
    await assert.rejects(shop.pull(), TypeError);
    await control("answer", { mode: "hang" });
    const gaveUp = new AbortController();
    const hanging = fetch(`${backend.url}/sync/pull-changes`, { signal: gaveUp.signal });
    await until(async () => backend.requests.at(-1)?.status === "hang", "the request");
    assert.equal(await Promise.race([hanging, shop.pull().then(() => "the next call")]), "the next call");
    gaveUp.abort();
    await assert.rejects(hanging);
  });

  it("refuses an order that it does not understand", async () => {
    const { backend } = await start();
    for (const [name, body] of [["answer", '{"mode":"x"}'], ["answer", '{"moode":"html"}'], ["orders", '{"count":-1}'], ["key", "{}"], ["edit", '{"id":"nobody"}'], ["kick", "{"]]) {
      const answer = await fetch(`${backend.url}/control/${name}`, { method: "POST", body });
      assert.equal(answer.status, 400, `${name} ${body}`);
    }
    assert.equal((await fetch(`${backend.url}/control/nothing`, { method: "POST" })).status, 404);
  });

  it("puts raw elements at the head of each page until they are confirmed", async () => {
    const { control, shop } = await start();
    const { ids } = await control("orders", { count: 2 });
    const raw = ['{"id":"big","total":1e999}', '{"id":77,"notes":"\\ud83d"}', '{"total":5}', "{broken"];
    await control("extra-elements", { raw });
    const text = await (await shop.call("/sync/pull-changes")).text();
    assert.ok(text.startsWith(`{"pending_orders":[${raw.join(",")},{"id":"${ids[0]}"`));
    assert.equal((await shop.confirm(["big", 77])).status, 200);
    assert.ok((await (await shop.call("/sync/pull-changes")).text()).startsWith('{"pending_orders":[{"total":5},{broken,{'));
    await control("extra-elements", { raw: [] });
    assert.equal((await shop.pull()).pending_orders.length, 2);
  });

  it("answers at the path and to the header of the profile", async () => {
    for (const [profile, header] of [["unified", "x-api-key"], ["unified-legacy", "x-sync-api-key"]]) {
      const { backend, control } = await start({ profile });
      const { ids } = await control("orders", { count: 1 });
      const call = (path, body) => fetch(backend.url + path, {
        method: "POST", headers: { [header]: backend.key, "content-type": "application/json" }, body: JSON.stringify(body) });
      assert.equal((await call("/sync/pull-changes", {})).status, 404);
      const page = await (await call("/api/sync/pull-changes", {})).json();
      assert.equal(page.pending_orders[0].id, ids[0]);
      const number = profile === "unified" ? "shiftOrderNumber" : "dailyNumber";
      const confirmed = [{ orderId: ids[0], [number]: 41 }];
      const rest = await (await call("/api/sync/pull-changes", { confirmedOrders: confirmed })).json();
      assert.deepEqual(rest.pending_orders, []);
      await control("edit", { id: ids[0] });
      const again = await (await call("/api/sync/pull-changes", {})).json();
      assert.equal(again.pending_orders[0].shiftOrderNumber, 41);
    }
  });

  it("answers elsewhere as it was told, and speaks another profile when it is told", async () => {
    for (const [elsewhere, status] of [["404", 404], ["405", 405], ["401", 401], ["html", 200]]) {
      const { backend, control } = await start({ profile: "unified", elsewhere });
      const pull = () => fetch(`${backend.url}/sync/pull-changes`, { headers: { authorization: `Bearer ${backend.key}` } });
      const answer = await pull();
      assert.equal(answer.status, status, elsewhere);
      assert.equal(answer.headers.get("content-type").startsWith("text/html"), elsewhere === "html");
      await control("profile", { profile: "guide" });
      assert.deepEqual(await (await pull()).json(), { pending_orders: [], updated_customers: [] });
    }
  });

  it("refuses as a whole what names an order that cannot be confirmed", async () => {
    const { control, shop } = await start();
    const { ids } = await control("orders", { count: 2, hoursAgo: 48 });
    await control("unconfirmable", { ids: [ids[1]] });
    assert.equal((await shop.confirm(ids)).status, 500);
    const page = await shop.pull();
    assert.equal(page.pending_orders.length, 2);
    assert.ok(Date.now() - Date.parse(page.pending_orders[0].createdAt) > 47 * 3_600_000);
    assert.equal((await shop.confirm([ids[0]])).status, 200);
    await control("unconfirmable", { ids: [] });
    assert.equal((await shop.confirm([ids[1]])).status, 200);
  });

  it("frees its port and ends every connection when killed and when stopped", async () => {
    for (const end of ["kill", "stop"]) {
      const backend = await startNodeBackend();
      const socket = await joined(backend, { transports: ["websocket"] });
      const gone = next(socket, "disconnect");
      await backend[end]();
      assert.equal((await gone)[0], "transport close", end);
      const refused = connect(backend.port, "127.0.0.1");
      assert.equal((await once(refused, "error"))[0].code, "ECONNREFUSED");
    }
  });
});

describe("the Node backend as a program", () => {
  it("keeps what it answered through kill -9", async () => {
    const folder = await mkdtemp(join(tmpdir(), "node-backend-"));
    const args = ["--port", "0", "--key", "k", "--state", join(folder, "state.json")];
    try {
      const first = await startProgram(args);
      const shop = http(first.url, "k");
      const ids = await shop.sample(3);
      await shop.confirm([ids[0]]);
      await shop.edit(ids[2], { notes: "Sin piña" });
      first.child.kill("SIGKILL");
      await first.exited;
      const second = await startProgram(args);
      const page = await http(second.url, "k").pull();
      assert.deepEqual(page.pending_orders.map((one) => one.id), ids.slice(1));
      assert.equal(page.pending_orders[1].notes, "Sin piña");
      second.child.kill("SIGTERM");
      assert.deepEqual(await second.exited, [0, null]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses wrong arguments with a sentence and exit 2", async () => {
    const { CLOUD_API_KEY, ...env } = process.env;
    for (const args of [[], ["--key", "k", "--port", "x"], ["--key", "k", "--transports", "pigeon"], ["--key", "k", "--profile", "x"], ["--key", "k", "--elsewhere", "x"], ["--nothing"]]) {
      const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "ignore", "pipe"], env });
      let told = "";
      child.stderr.on("data", (part) => (told += part));
      assert.deepEqual(await once(child, "close"), [2, null], args.join(" "));
      assert.match(told, /usage: /);
    }
  });
});
