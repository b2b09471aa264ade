// The two backends as programs that can be killed and started again.
import { join } from "node:path";
import { built, TOP } from "./places.mjs";
import { Program } from "./program.mjs";
import { until } from "./wait.mjs";

export const KEY = "clave-de-prueba-7f3a9";

async function posted(url, value, headers = {}) {
  const answer = await fetch(url, {
    method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value ?? {}),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

/** The backend on the official Socket.IO server. Options as of `tests/node-backend/main.mjs`. */
export class NodeBackend {
  constructor(test, options = {}) {
    this.test = test;
    this.options = { key: KEY, ...options };
    this.port = 0;
  }

  static async start(test, options) {
    const backend = new NodeBackend(test, options);
    await backend.start();
    return backend;
  }

  /** Starts it, the second time at the port of the first. */
  async start() {
    const words = Object.entries({ ...this.options, port: this.port }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.program = new Program(this.test, process.execPath, [join(TOP, "tests/node-backend/main.mjs"), ...words]);
    const line = await until(
      () => `the Node backend says where it listens; ${this.program.errors}`,
      () => this.program.lines.find((one) => one.startsWith("listening on ")),
    );
    this.url = line.slice("listening on ".length);
    this.port = Number(new URL(this.url).port);
  }

  async kill() {
    await this.program.kill("SIGKILL");
  }

  control(name, value) {
    return posted(`${this.url}/control/${name}`, value);
  }

  async state() {
    return await (await fetch(`${this.url}/control/state`, { signal: AbortSignal.timeout(30_000) })).json();
  }

  /** Makes believable orders and announces them; their ids. */
  async make(count, { hint = true, hoursAgo = 0 } = {}) {
    return (await this.control("orders", { count, hint, hoursAgo })).ids;
  }

  /** Takes this very order, or a list of them. */
  async take(order) {
    const { key } = this.options;
    const headers = { authorization: `Bearer ${key}`, "x-api-key": key, "x-sync-api-key": key };
    return (await posted(`${this.url}/orders`, order, headers)).ids;
  }

  /** The calls to the places of pull and confirm: `GET /sync/pull-changes 200`. */
  async calls() {
    const { requests } = await this.state();
    return requests.filter((one) => one.path.endsWith("/pull-changes"));
  }

  /** Whether nothing waits for a confirmation. */
  async allConfirmed() {
    const { orders, customers } = await this.state();
    return [...orders, ...customers].every((one) => one.confirmed);
  }
}

/** The backend in Rust. */
export class RustBackend {
  constructor(test, { db }) {
    this.test = test;
    this.db = db;
    this.port = 0;
  }

  static async start(test, options) {
    const backend = new RustBackend(test, options);
    await backend.start();
    return backend;
  }

  async start() {
    const { freePort } = await import("./program.mjs");
    this.port ||= await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    this.program = new Program(this.test, built("campana-backend"), ["--listen", `127.0.0.1:${this.port}`, "--db", this.db],
      { env: { ...process.env, CLOUD_API_KEY: KEY } });
    await until(() => `the Rust backend answers; ${this.program.errors}`, () => this.page());
  }

  async kill() {
    await this.program.kill("SIGKILL");
  }

  async page() {
    const answer = await fetch(`${this.url}/sync/pull-changes`, {
      headers: { authorization: `Bearer ${KEY}` }, signal: AbortSignal.timeout(10_000),
    });
    return answer.ok ? await answer.json() : null;
  }

  async make(count) {
    const before = new Set((await this.page()).pending_orders.map((one) => one.id));
    const told = await posted(`${this.url}/orders?sample=${count}`, {}, { authorization: `Bearer ${KEY}` });
    return told.ids ?? (await this.page()).pending_orders.map((one) => one.id).filter((id) => !before.has(id));
  }

  async allConfirmed() {
    const page = await this.page();
    return page.pending_orders.length === 0 && page.updated_customers.length === 0;
  }
}
