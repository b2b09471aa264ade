// What the backend knows: orders, customers, and which of them are not yet confirmed.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** A confirmation that the backend cannot apply; nothing of it was applied. */
export class CannotConfirm extends Error {}

/** An order that cannot be taken. */
export class CannotTake extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export class Store {
  /** `file`: kept there, written whole before each change is answered; in memory without one. */
  constructor({ file = null, now = Date.now } = {}) {
    this.file = file;
    this.now = now;
    this.orders = new Map(); // id -> { body, confirmed, handedOut, pulled }
    this.customers = new Map();
    this.extra = []; // { kind, raw, key }
    this.unconfirmable = new Set(); // ids
    this.#load();
  }

  #load() {
    if (!this.file) return;
    let text;
    try {
      text = readFileSync(this.file, "utf8");
    } catch (error) {
      if (error.code === "ENOENT") return;
      throw error;
    }
    const state = JSON.parse(text);
    this.orders = new Map(state.orders);
    this.customers = new Map(state.customers);
    this.extra = state.extra;
  }

  #save() {
    if (!this.file) return;
    const state = { orders: [...this.orders], customers: [...this.customers], extra: this.extra };
    writeFileSync(`${this.file}.new`, JSON.stringify(state));
    renameSync(`${this.file}.new`, this.file);
  }

  /** Takes new orders, all or none; their ids. Members that are missing are filled in. */
  add(bodies) {
    const at = new Date(this.now()).toISOString();
    const taken = new Map();
    for (const given of bodies) {
      if (!isObject(given)) throw new CannotTake(400, "an order is a JSON object");
      const body = { id: randomUUID(), orderStatus: "PENDING", createdAt: at, updatedAt: at, ...given };
      if (typeof body.id !== "string" || body.id === "") throw new CannotTake(400, "the id of an order is a text");
      if (this.orders.has(body.id) || taken.has(body.id)) throw new CannotTake(409, "there is an order with that id already");
      taken.set(body.id, body);
    }
    for (const [id, body] of taken) {
      this.orders.set(id, { body, confirmed: false, handedOut: 0, pulled: false });
      if (isObject(body.customer) && typeof body.customer.id === "string") {
        this.customers.set(body.customer.id, { body: body.customer, confirmed: false, handedOut: 0 });
      }
    }
    this.#save();
    return [...taken.keys()];
  }

  /** Changes members of an order: a later `updatedAt`, pending again. `false` if there is no such order. */
  edit(id, change) {
    const order = this.orders.get(id);
    if (!order) return false;
    const before = Date.parse(order.body.updatedAt);
    const at = Math.max(this.now(), Number.isNaN(before) ? 0 : before + 1);
    order.body = { ...order.body, updatedAt: new Date(at).toISOString(), ...change, id };
    order.confirmed = false;
    order.pulled = false;
    this.#save();
    return true;
  }

  /** Raw JSON texts (broken ones too) that stand at the head of every page until confirmed or replaced. */
  setExtra(kind, raws) {
    this.extra = this.extra.filter((one) => one.kind !== kind);
    for (const raw of raws) {
      const token = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)/.exec(raw)?.[1];
      this.extra.push({ kind, raw, key: token === undefined ? null : String(JSON.parse(token)) });
    }
    this.#save();
  }

  #page(kind, from, limit) {
    const raws = this.extra.filter((one) => one.kind === kind).map((one) => one.raw).slice(0, limit);
    for (const one of from.values()) {
      if (raws.length >= limit) break;
      if (one.confirmed) continue;
      one.handedOut += 1;
      one.pulled = true;
      raws.push(JSON.stringify(one.body));
    }
    return raws;
  }

  /** The pending page as JSON text: at most `limit` of each, oldest first. */
  page(limit) {
    const orders = this.#page("order", this.orders, limit);
    const customers = this.#page("customer", this.customers, limit);
    const text = `{"pending_orders":[${orders.join(",")}],"updated_customers":[${customers.join(",")}]}`;
    return { text, orders: orders.length, customers: customers.length };
  }

  /** All pending orders as `orders:pending` tells them: without customer, items, delivery or payments. */
  rows() {
    const rows = [];
    for (const { body, confirmed } of this.orders.values()) {
      if (confirmed) continue;
      const { customer, orderItems, deliveryInfo, payments, ...row } = body;
      rows.push({ ...row, deletedAt: null });
    }
    return rows;
  }

  /** Confirmations that name one of these ids fail as a whole from now on. */
  refuseToConfirm(ids) {
    this.unconfirmable = new Set(ids);
  }

  /** Applies a confirmation, all or none; `numberName` is how it calls an order's number. Throws `CannotConfirm`. */
  confirm({ orders, customers }, numberName = "shiftOrderNumber") {
    for (const id of [...orders.map((one) => one?.orderId), ...customers]) {
      if (this.unconfirmable.has(String(id))) throw new CannotConfirm(`${id} cannot be confirmed`);
    }
    const extraOf = (kind, id) => this.extra.find((one) => one.kind === kind && one.key !== null && one.key === String(id));
    for (const one of orders) {
      if (!isObject(one)) throw new CannotConfirm("a confirmed order is an object");
      if (!this.orders.has(one.orderId) && !extraOf("order", one.orderId)) throw new CannotConfirm(`there is no order ${one.orderId}`);
      const number = one[numberName] ?? null;
      if (number !== null && !Number.isSafeInteger(number)) throw new CannotConfirm("the number of an order is a whole number");
    }
    for (const id of customers) {
      if (!this.customers.has(id) && !extraOf("customer", id)) throw new CannotConfirm(`there is no customer ${id}`);
    }
    for (const one of orders) {
      const order = this.orders.get(one.orderId);
      if (order) {
        order.confirmed = true;
        if (one[numberName] !== undefined) order.body.shiftOrderNumber = one[numberName];
      } else this.extra = this.extra.filter((other) => other !== extraOf("order", one.orderId));
    }
    for (const id of customers) {
      const customer = this.customers.get(id);
      if (customer) customer.confirmed = true;
      else this.extra = this.extra.filter((other) => other !== extraOf("customer", id));
    }
    if (orders.length + customers.length > 0) this.#save();
  }
}
