// The contract on the official Socket.IO server, for tests.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createHash, timingSafeEqual } from "node:crypto";
import { Server } from "socket.io";
import { errorBody, give, PlannedAnswers } from "./answers.mjs";
import { control } from "./control.mjs";
import { sampleOrder } from "./samples.mjs";
import { CannotTake, Store } from "./store.mjs";

const BODY_LIMIT = 100 * 1024;
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const REQUESTS_KEPT = 20_000;

/** Where the pull is, how the key comes, and how the number of an order is called, by profile. */
export const PROFILES = {
  guide: {
    path: "/sync/pull-changes", methods: ["GET", "POST"], number: "shiftOrderNumber",
    key: (headers) => /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1],
  },
  unified: {
    path: "/api/sync/pull-changes", methods: ["POST"], number: "shiftOrderNumber", key: (headers) => headers["x-api-key"],
  },
  "unified-legacy": {
    path: "/api/sync/pull-changes", methods: ["POST"], number: "dailyNumber", key: (headers) => headers["x-sync-api-key"],
  },
};
/** What a call meets that the profile does not know: no such place, no such method, a page for people, a wall that wants a key. */
export const ELSEWHERE = {
  404: () => new Refused(404, "NOT_FOUND", "there is nothing at this address"),
  405: () => new Refused(405, "NOT_ALLOWED", "not by this method"),
  401: () => new Refused(401, "TECH006", "API key required for this operation"),
  html: () => null,
};
export const HINT_SHAPES = ["none", "null", "object"];

const digest = (text) => createHash("sha256").update(text).digest();

/** A refusal over HTTP. */
class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The whole body, or `null` when it is over the limit (then nothing of it is kept). */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= BODY_LIMIT) parts.push(part);
  }
  return size > BODY_LIMIT ? null : Buffer.concat(parts).toString("utf8");
}

/** What a call confirms. An empty body, a list or another content type confirms nothing. */
function confirmationIn(request, text) {
  const confirmation = { orders: [], customers: [], unreadable: null };
  if (text === null) return { ...confirmation, unreadable: "request entity too large" };
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "") || text.trim() === "") return confirmation;
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return { ...confirmation, unreadable: "the body is not JSON" };
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) return confirmation;
  const list = (value) => (Array.isArray(value) ? value : []);
  return { ...confirmation, orders: list(body.confirmedOrders), customers: list(body.confirmedCustomerIds) };
}

/**
 * Starts a backend.
 *
 * Options: `key` (default "test-key"), `port` (0: a free one), `host`, `stateFile`, `transports`,
 * `hintShape` ("none" | "null" | "object"), `pageSize`, `profile`, `elsewhere`, `answersSyncOrders`, `namespace`,
 * `clockAhead` (milliseconds by which the `Date` header is ahead), `tls` (certificate and key in PEM),
 * `pingInterval` and `pingTimeout` (milliseconds), `random` (numbers from 0 up to 1), `now`.
 */
export async function startNodeBackend(options = {}) {
  const backend = new NodeBackend(options);
  await backend.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  return backend;
}

class NodeBackend {
  #http;
  #io;
  #namespace;
  #connections = new Set();

  constructor({
    key = "test-key", stateFile = null, transports = ["websocket", "polling"], hintShape = "none", pageSize = 100,
    profile = "guide", elsewhere = "404", answersSyncOrders = true, pingInterval = 25_000, pingTimeout = 20_000,
    namespace = "/sync", clockAhead = 0, tls = null, random = Math.random, now = Date.now,
  }) {
    this.speak(profile, elsewhere);
    if (!HINT_SHAPES.includes(hintShape)) throw new Error(`there is no hint shape "${hintShape}"`);
    Object.assign(this, { key, hintShape, pageSize, answersSyncOrders, random, now });
    this.store = new Store({ file: stateFile, now });
    this.planned = new PlannedAnswers();
    this.authenticationFails = false;
    this.clients = new Map();
    this.requests = [];
    this.refusals = [];
    this.batches = [];
    this.pageSizes = [];
    this.counts = { pulls: 0, confirmCalls: 0, socketConnections: 0, hints: 0, syncOrders: 0 };
    const serve = (request, response) => void this.#serve(request, response);
    this.#http = tls ? createSecureServer({ cert: tls, key: tls }, serve) : createServer(serve);
    this.scheme = tls ? "https" : "http";
    this.#http.on("connection", (socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
    this.#io = new Server(this.#http, { transports, pingInterval, pingTimeout, serveClient: false });
    if (clockAhead !== 0) {
      // Before Socket.IO's own listener, which has taken the place of the first.
      const date = () => new Date(Date.now() + clockAhead).toUTCString();
      this.#http.prependListener("request", (_, response) => response.setHeader("date", date()));
    }
    this.#namespace = this.#io.of(namespace);
    this.#namespace.use((socket, next) => this.#admit(socket, next));
    this.#namespace.on("connection", (socket) => this.#joined(socket));
  }

  async listen(port, host) {
    await new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, host, () => {
        this.#http.off("error", reject);
        resolve();
      });
    });
    this.port = this.#http.address().port;
    this.url = `${this.scheme}://${host}:${this.port}`;
  }

  /** Ends as a server that is shut down: closes the transports, frees the port. */
  async stop() {
    const closed = new Promise((resolve) => this.#io.close(resolve));
    this.#http.closeIdleConnections();
    // Long polls and answers that hang would keep the port for ever.
    setImmediate(() => setImmediate(() => this.#destroyConnections()));
    await closed;
  }

  /** Ends as a killed process does: every connection is cut, nobody is told. */
  async kill() {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#destroyConnections();
    await closed;
    this.#io.close();
  }

  #destroyConnections() {
    for (const socket of this.#connections) socket.destroy();
  }

  // The socket's side

  #keyIsRight(key) {
    return timingSafeEqual(digest(key), digest(this.key));
  }

  #admit(socket, next) {
    const key = socket.handshake.auth?.apiKey;
    let message = null;
    if (this.authenticationFails) message = "Authentication failed";
    else if (key === undefined || key === null || key === "") message = "API key required";
    else if (typeof key !== "string" || !this.#keyIsRight(key)) message = "Invalid API key";
    if (message === null) return next();
    this.refusals.push({ at: this.now(), over: "socket", message });
    return next(new Error(message));
  }

  #joined(socket) {
    this.counts.socketConnections += 1;
    this.clients.set(socket.id, { id: socket.id, since: this.now(), connection: socket.conn });
    socket.on("disconnect", () => this.clients.delete(socket.id));
    socket.on("sync:orders", () => {
      this.counts.syncOrders += 1;
      if (!this.answersSyncOrders) return;
      const orders = this.store.rows();
      socket.emit("orders:pending", { count: orders.length, orders });
    });
  }

  /** Announces to everybody in the namespace. */
  hint(count = 1) {
    const payload = { none: [], null: [null], object: [{ timestamp: new Date(this.now()).toISOString() }] }[this.hintShape];
    for (let sent = 0; sent < count; sent += 1) this.#namespace.emit("changes:pending", ...payload);
    this.counts.hints += count;
  }

  /** Speaks this profile from now on. */
  speak(profile, elsewhere = this.elsewhere) {
    if (!Object.hasOwn(PROFILES, profile)) throw new Error(`there is no profile "${profile}"`);
    if (!Object.hasOwn(ELSEWHERE, elsewhere)) throw new Error(`there is no elsewhere "${elsewhere}"`);
    Object.assign(this, { profile: PROFILES[profile], elsewhere });
  }

  /** Throws every client out of the namespace; their transport stays open. */
  kick() {
    this.#namespace.disconnectSockets();
  }

  // Orders

  /** Takes orders and announces each; their ids. */
  addOrders(bodies, { hint = true } = {}) {
    const ids = this.store.add(bodies);
    if (hint) this.hint(ids.length);
    return ids;
  }

  /** Makes believable orders, so many hours ago, and announces each; their ids. */
  makeSampleOrders(count, { hint = true, hoursAgo = 0 } = {}) {
    const made = this.now() - hoursAgo * 3_600_000;
    const bodies = Array.from({ length: count }, () => sampleOrder(this.random, made));
    return this.addOrders(bodies, { hint });
  }

  /** Changes an order and announces it. `false` if there is no such order. */
  editOrder(id, change, { hint = true } = {}) {
    const found = this.store.edit(id, change);
    if (found && hint) this.hint();
    return found;
  }

  /** All that a test may ask; times in milliseconds since 1970. */
  state() {
    const told = (map) => [...map].map(([id, { confirmed, handedOut, pulled, body }]) => (
      { id, confirmed, handedOut, pulled, createdAt: body.createdAt, updatedAt: body.updatedAt }));
    return {
      now: this.now(), orders: told(this.store.orders), customers: told(this.store.customers),
      extraElements: this.store.extra.length, plannedAnswersLeft: this.planned.left, ...this.counts,
      batchSizes: this.batches, pageSizes: this.pageSizes, refusals: this.refusals, requests: this.requests,
      connectedClients: [...this.clients.values()].map(({ id, since, connection }) => (
        { id, since, transport: connection.transport.name })),
    };
  }

  // The HTTP side

  async #serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://backend.invalid");
    try {
      if (pathname.startsWith("/control/")) return await control(this, pathname.slice("/control/".length), request, response, bodyOf);
      const keys = ["authorization", "x-api-key", "x-sync-api-key"].filter((name) => request.headers[name] !== undefined);
      const note = { at: this.now(), method: request.method, path: pathname, keys, status: null };
      this.requests.push(note);
      if (this.requests.length > REQUESTS_KEPT) this.requests.shift();
      response.on("close", () => (note.over = true));
      try {
        note.status = await this.#answer(pathname, searchParams, request, response, note);
      } catch (error) {
        note.status = this.#refuse(error, response);
      }
    } catch (error) {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, JSON_TYPE).end(errorBody("SYNC_ERROR", String(error?.message ?? error)));
    }
  }

  #refuse(error, response) {
    const [status, code] = error instanceof Refused ? [error.status, error.code]
      : error instanceof CannotTake ? [error.status, "ORDER_ERROR"]
      : [500, "SYNC_ERROR"];
    if (status === 401) this.refusals.push({ at: this.now(), over: "http", message: error.message });
    response.writeHead(status, JSON_TYPE).end(errorBody(code, error.message, {}));
    return status;
  }

  async #answer(path, query, request, response, note) {
    const orderId = /^\/orders\/([^/]+)$/.exec(path)?.[1];
    if (path === this.profile.path) return await this.#pull(request, response, note);
    if (path === "/orders" && request.method === "POST") return await this.#takeOrders(query, request, response);
    if (orderId && request.method === "PATCH") return await this.#changeOrder(decodeURIComponent(orderId), request, response);
    return this.#answerElsewhere(request, response);
  }

  /** To a call that the profile does not know. */
  #answerElsewhere(request, response) {
    const refusal = ELSEWHERE[this.elsewhere]();
    if (refusal) throw refusal;
    return give({ mode: "html" }, request, response, () => "");
  }

  #demandKey(request) {
    const key = this.profile.key(request.headers);
    if (!key) throw new Refused(401, "TECH006", "API key required for this operation");
    if (!this.#keyIsRight(key)) throw new Refused(401, "TECH007", "Invalid API key");
  }

  async #pull(request, response, note) {
    if (!this.profile.methods.includes(request.method)) throw ELSEWHERE[405]();
    // What cannot be read is a confirming call all the same, so that a test can override its answer.
    const { orders, customers, unreadable } = request.method === "POST"
      ? confirmationIn(request, await bodyOf(request))
      : { orders: [], customers: [], unreadable: null };
    const named = orders.length + customers.length;
    note.kind = named > 0 || unreadable ? "confirm" : "pull";
    note.members = [...new Set(orders.flatMap((one) => Object.keys(one ?? {})))];
    if (note.kind === "confirm") {
      this.counts.confirmCalls += 1;
      this.batches.push(named);
    } else this.counts.pulls += 1;
    const planned = this.planned.take(note.kind);
    if (planned) {
      if (planned.apply) this.store.confirm({ orders, customers }, this.profile.number);
      return give(planned, request, response, () => this.store.page(this.pageSize).text);
    }
    this.#demandKey(request);
    if (unreadable) throw new Refused(500, "SYNC_ERROR", unreadable);
    this.store.confirm({ orders, customers }, this.profile.number);
    const page = this.store.page(this.pageSize);
    note.elements = page.orders;
    this.pageSizes.push(page.orders);
    response.writeHead(200, JSON_TYPE).end(page.text);
    return 200;
  }

  async #takeOrders(query, request, response) {
    this.#demandKey(request);
    let ids;
    if (query.has("sample")) {
      const count = Number(query.get("sample"));
      if (!Number.isInteger(count) || count < 1 || count > 1000) throw new Refused(400, "ORDER_ERROR", "sample is a number from 1 to 1000");
      request.resume();
      ids = this.makeSampleOrders(count);
    } else {
      const given = await this.#json(request);
      ids = this.addOrders(Array.isArray(given) ? given : [given]);
    }
    response.writeHead(201, JSON_TYPE).end(JSON.stringify({ ids }));
    return 201;
  }

  async #changeOrder(id, request, response) {
    this.#demandKey(request);
    const change = await this.#json(request);
    if (typeof change !== "object" || change === null || Array.isArray(change)) throw new Refused(400, "ORDER_ERROR", "a change is a JSON object");
    if (!this.editOrder(id, change)) throw new Refused(404, "NOT_FOUND", "there is no such order");
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ id }));
    return 200;
  }

  async #json(request) {
    const text = await bodyOf(request);
    if (text === null) throw new Refused(500, "SYNC_ERROR", "request entity too large");
    try {
      return JSON.parse(text);
    } catch {
      throw new Refused(400, "ORDER_ERROR", "the body is not JSON");
    }
  }
}
