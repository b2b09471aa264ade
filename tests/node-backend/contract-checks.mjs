// What every backend must do, by the contract: the same checks for each.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it } from "node:test";
import { io } from "socket.io-client";

const PATIENCE = 10_000;

/** The value that `look` finds, asked again until it is truthy; `within` is in milliseconds. */
export async function until(look, what, within = PATIENCE) {
  const end = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The arguments of the next event of that name; fails when it does not come. */
export function next(emitter, name) {
  return once(emitter, name, { signal: AbortSignal.timeout(PATIENCE) });
}

/** A client of the namespace that does not reconnect; not yet connected. */
export function client(url, auth, { transports = ["websocket", "polling"], namespace = "/sync" } = {}) {
  return io(url + namespace, { auth, transports, reconnection: false, forceNew: true, autoConnect: false });
}

/** The HTTP side as a client sees it. */
export function http(url, key) {
  const call = (path, { headers = {}, ...rest } = {}) => fetch(url + path, {
    ...rest, signal: AbortSignal.timeout(PATIENCE), headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
  });
  const post = (path, body, more = {}) => call(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), ...more });
  const confirmation = (orderIds, customerIds = []) => ({
    confirmedOrders: orderIds.map((orderId) => ({ orderId })), confirmedCustomerIds: customerIds });
  return {
    call, post,
    pull: async () => (await call("/sync/pull-changes")).json(),
    confirm: (orderIds, customerIds) => post("/sync/pull-changes", confirmation(orderIds, customerIds)),
    sample: async (count) => (await (await post(`/orders?sample=${count}`, "")).json()).ids,
    edit: (id, change) => call(`/orders/${id}`, { method: "PATCH", body: JSON.stringify(change) }),
  };
}

const idsOf = (list) => list.map((one) => one.id);

/**
 * Checks a backend. `start` answers `{ url, key, stop }` of a fresh one. `hint` is the list of arguments with
 * which it announces; `keepsEdited`: a confirmation does not reach an order that was edited after the page;
 * `tellsUnknown`: what cannot be confirmed is told and does not block the rest of the call.
 */
export function contractChecks(name, start, { hint = [], keepsEdited = false, tellsUnknown = false } = {}) {
  describe(name, () => {
    let backend;
    let shop;
    const sockets = [];
    const socket = (auth, options) => {
      const made = client(backend.url, auth, options);
      sockets.push(made);
      return made;
    };
    const join = async (options) => {
      const made = socket({ apiKey: backend.key }, options);
      made.connect();
      await next(made, "connect");
      return made;
    };
    const emptyTheShop = async () => {
      let page = await shop.pull();
      while (page.pending_orders.length + page.updated_customers.length > 0) {
        page = await (await shop.confirm(idsOf(page.pending_orders), idsOf(page.updated_customers))).json();
      }
    };

    before(async () => {
      backend = await start();
      shop = http(backend.url, backend.key);
    });
    beforeEach(emptyTheShop);
    after(async () => {
      for (const one of sockets) one.close();
      await backend?.stop();
    });

    for (const transport of ["websocket", "polling"]) {
      it(`admits the right key over ${transport} and announces each new order once`, async () => {
        const joined = await join({ transports: [transport] });
        const heard = [];
        joined.on("changes:pending", (...args) => heard.push(args));
        await shop.sample(2);
        await until(() => heard.length >= 2, "two announcements");
        const answered = next(joined, "orders:pending");
        joined.emit("sync:orders");
        await answered;
        assert.deepEqual(heard, [hint, hint]);
        });
    }

    for (const [auth, message] of [
      [undefined, "API key required"], [{}, "API key required"], [{ apiKey: "" }, "API key required"], [{ apiKey: null }, "API key required"],
      [{ apiKey: "wrong" }, "Invalid API key"], [{ apiKey: 12 }, "Invalid API key"],
    ]) {
      it(`refuses ${JSON.stringify(auth) ?? "no auth"} with "${message}"`, async () => {
        for (const transport of ["websocket", "polling"]) {
          const refused = socket(auth, { transports: [transport] });
          refused.connect();
          const [error] = await next(refused, "connect_error");
          assert.equal(error.message, message);
          refused.close();
        }
      });
    }

    it("refuses a namespace that it does not have", async () => {
      const refused = socket({ apiKey: backend.key }, { namespace: "/other" });
      refused.connect();
      const [error] = await next(refused, "connect_error");
      assert.equal(error.message, "Invalid namespace");
    });

    it("announces nothing on connect, also when orders are pending", async () => {
      await shop.sample(1);
      const joined = socket({ apiKey: backend.key });
      const heard = [];
      joined.onAny((event) => heard.push(event));
      joined.connect();
      await next(joined, "connect");
      const answered = next(joined, "orders:pending");
      joined.emit("sync:orders");
      await answered;
      assert.deepEqual(heard, ["orders:pending"]);
    });

    it("announces to the whole namespace", async () => {
      const everybody = await Promise.all([join(), join({ transports: ["polling"] })]);
      const heard = everybody.map((one) => next(one, "changes:pending"));
      await shop.sample(1);
      await Promise.all(heard);
    });

    it("answers sync:orders with rows without customer, items, delivery and payments", async () => {
      const ids = await shop.sample(3);
      const joined = await join();
      const answered = next(joined, "orders:pending");
      joined.emit("sync:orders");
      const [told] = await answered;
      assert.equal(told.count, 3);
      assert.deepEqual(idsOf(told.orders), ids);
      for (const row of told.orders) {
        for (const member of ["customer", "orderItems", "deliveryInfo", "payments"]) assert.ok(!(member in row), member);
        assert.equal(typeof row.total, "number");
        assert.ok("updatedAt" in row && "orderType" in row && "shiftOrderNumber" in row);
      }
    });

    it("tells the heartbeat of the contract in the handshake", async () => {
      const text = await (await shop.call("/socket.io/?EIO=4&transport=polling")).text();
      const handshake = JSON.parse(text.slice(1));
      assert.equal(handshake.pingInterval, 25_000);
      assert.equal(handshake.pingTimeout, 20_000);
    });

    it("refuses a missing or wrong key over HTTP with 401 and a body that says so", async () => {
      for (const [headers, code, message] of [
        [{ authorization: "" }, "TECH006", "API key required for this operation"],
        [{ authorization: "Bearer wrong" }, "TECH007", "Invalid API key"],
      ]) {
        for (const method of ["GET", "POST"]) {
          const answer = await shop.call("/sync/pull-changes", { method, headers });
          assert.equal(answer.status, 401);
          const { error } = await answer.json();
          assert.deepEqual([error.code, error.message], [code, message]);
        }
        assert.equal((await shop.call("/orders?sample=1", { method: "POST", headers })).status, 401);
      }
      assert.deepEqual((await shop.pull()).pending_orders, []);
    });

    it("hands out at most 100 of each, oldest first, the same again until they are confirmed", async () => {
      const ids = await shop.sample(250);
      const first = await shop.pull();
      assert.deepEqual(idsOf(first.pending_orders), ids.slice(0, 100));
      assert.ok(first.updated_customers.length > 0 && first.updated_customers.length <= 100);
      assert.deepEqual(await shop.pull(), first);
      const answer = await shop.confirm(ids.slice(0, 100));
      assert.equal(answer.status, 200);
      assert.deepEqual(idsOf((await answer.json()).pending_orders), ids.slice(100, 200));
      const last = await (await shop.confirm(ids.slice(100, 200))).json();
      assert.deepEqual(idsOf(last.pending_orders), ids.slice(200));
      await emptyTheShop();
      const nothing = await shop.pull();
      assert.deepEqual([nothing.pending_orders, nothing.updated_customers], [[], []]);
    });

    it("answers a POST without confirmations with the page and confirms nothing", async () => {
      const ids = await shop.sample(2);
      for (const [body, headers] of [
        ["", {}], ["[]", {}], ["{}", {}], ['{"confirmedOrders":[],"confirmedCustomerIds":[]}', {}],
        [JSON.stringify({ confirmedOrders: [{ orderId: ids[0] }] }), { "content-type": "text/plain" }],
      ]) {
        const answer = await shop.post("/sync/pull-changes", body, { headers });
        assert.equal(answer.status, 200, body);
        assert.deepEqual(idsOf((await answer.json()).pending_orders), ids, body);
      }
    });

    it(tellsUnknown ? "tells an unknown id and confirms the rest of the call" : "confirms nothing of a call that names one unknown id", async () => {
      const unknown = "3f1c2b9e-7a54-4a0e-9d2f-0c5f4e1a7b21";
      for (const [orders, customers, told] of [
        [[0, unknown, 1], [], unknown], [[0], [unknown], unknown], [["UPPER", 0], [], "UPPER"], [[0, { number: 12 }], [], 12], [[0, ""], [], ""],
      ]) {
        await emptyTheShop();
        const ids = await shop.sample(3);
        await shop.pull();
        const named = orders.map((one) => ids[one] ?? (one === "UPPER" ? ids[0].toUpperCase() : one.number ?? one));
        const answer = await shop.confirm(named, customers);
        const body = await answer.json();
        if (tellsUnknown) {
          assert.equal(answer.status, 200);
          const confirmed = ids.filter((id) => named.includes(id));
          assert.deepEqual(idsOf(body.pending_orders), ids.filter((id) => !confirmed.includes(id)));
          const [one, ...more] = body.not_confirmed;
          assert.equal(one.orderId ?? one.customerId, told === "UPPER" ? ids[0].toUpperCase() : told);
          assert.deepEqual(more, []);
        } else {
          assert.equal(answer.status, 500);
          assert.equal(typeof body.error.code, "string");
          assert.deepEqual(idsOf((await shop.pull()).pending_orders), ids);
        }
      }
    });

    it("confirms twice without harm, and customers apart from orders", async () => {
      await shop.post("/orders", { id: "o-1", orderType: "TAKE_AWAY", total: 120, customer: { id: "c-1", firstName: "Íñigo" } });
      await shop.pull();
      const once_ = await (await shop.confirm(["o-1"])).json();
      assert.deepEqual([idsOf(once_.pending_orders), idsOf(once_.updated_customers)], [[], ["c-1"]]);
      const answer = await shop.confirm(["o-1"], ["c-1"]);
      assert.equal(answer.status, 200);
      assert.deepEqual((await answer.json()).updated_customers, []);
    });

    it("takes the shop's number with the confirmation, null erases it, a text is an error", async () => {
      const [id] = await shop.sample(1);
      const number = (value) => shop.post("/sync/pull-changes", { confirmedOrders: [{ orderId: id, shiftOrderNumber: value }] });
      const told = async () => {
        await shop.edit(id, { notes: "Sin piña" });
        return (await shop.pull()).pending_orders[0].shiftOrderNumber;
      };
      await shop.pull();
      assert.equal((await number(12)).status, 200);
      assert.equal(await told(), 12);
      assert.equal((await shop.confirm([id])).status, 200);
      assert.equal(await told(), 12);
      assert.equal((await number("12")).status, tellsUnknown ? 200 : 500);
      assert.equal((await number(null)).status, 200);
      assert.equal(await told(), null);
    });

    it("answers a body over 100 kB with 500 and confirms nothing", async () => {
      const [id] = await shop.sample(1);
      const answer = await shop.post("/sync/pull-changes", { confirmedOrders: [{ orderId: id }], filling: "x".repeat(110_000) });
      assert.equal(answer.status, 500);
      assert.deepEqual(idsOf((await shop.pull()).pending_orders), [id]);
    });

    it("makes an edited order pending again, with a later updatedAt", async () => {
      const [id] = await shop.sample(1);
      const before_ = (await shop.pull()).pending_orders[0];
      await emptyTheShop();
      const joined = await join();
      const heard = next(joined, "changes:pending");
      assert.equal((await shop.edit(id, { orderStatus: "CANCELLED" })).status, 200);
      await heard;
      const [after_] = (await shop.pull()).pending_orders;
      assert.deepEqual([after_.id, after_.orderStatus, after_.createdAt], [id, "CANCELLED", before_.createdAt]);
      assert.ok(after_.updatedAt > before_.updatedAt);
      assert.equal((await shop.edit("nobody", {})).status, 404);
    });

    it(keepsEdited ? "keeps pending what was edited after it was handed out" : "lets a confirmation reach a version that nobody has pulled", async () => {
      const [id] = await shop.sample(1);
      await shop.pull();
      await shop.edit(id, { notes: "Sin cebolla" });
      const answer = await shop.confirm([id]);
      assert.equal(answer.status, 200);
      assert.deepEqual(idsOf((await answer.json()).pending_orders), keepsEdited ? [id] : []);
    });

    it("refuses what is no order, and an id that is taken", async () => {
      for (const [body, status] of [["{", 400], ["12", 400], ['{"id":12}', 400], ['{"id":"twice"}', 201], ['{"id":"twice"}', 409], ['[{"id":"new"},{"id":"twice"}]', 409]]) {
        assert.equal((await shop.post("/orders", body)).status, status, body);
      }
      for (const count of ["0", "-1", "x", "1001"]) assert.equal((await shop.post(`/orders?sample=${count}`, "")).status, 400, count);
      assert.deepEqual(idsOf((await shop.pull()).pending_orders), ["twice"]);
    });

    it("knows no other address and no other method", async () => {
      assert.equal((await shop.call("/nothing")).status, 404);
      assert.equal((await shop.call("/sync/pull-changes", { method: "DELETE" })).status, 405);
    });

    it("makes sample orders whose totals add up", async () => {
      await shop.sample(60);
      const types = new Set();
      for (const order of (await shop.pull()).pending_orders) {
        types.add(order.orderType);
        assert.equal(order.subtotal, order.orderItems.reduce((sum, item) => sum + item.finalPrice, 0));
        for (const item of order.orderItems) {
          assert.equal(item.finalPrice, item.basePrice + item.productModifiers.reduce((sum, one) => sum + one.price, 0));
        }
        assert.equal(order.orderType === "DELIVERY", order.total > order.subtotal);
        assert.equal(order.orderType === "DELIVERY", typeof order.deliveryInfo.street === "string");
        assert.equal(order.orderType === "DINE_IN", typeof order.tableId === "string");
        assert.equal(order.payments.reduce((sum, one) => sum + one.amount, 0), order.total);
      }
      assert.deepEqual([...types].sort(), ["DELIVERY", "DINE_IN", "TAKE_AWAY"]);
    });
  });
}
