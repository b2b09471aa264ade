// `campana-sync`, as a technician would run it.
import { join } from "node:path";
import { built, cleanEnvironment } from "./places.mjs";
import { finished, Program } from "./program.mjs";
import { until } from "./wait.mjs";
import { KEY } from "./backends.mjs";

/** One computer of a shop: a home folder, an inbox in it, a backend and a key. */
export class Shop {
  constructor(test, home, url, { key = KEY, data = join(home, "inbox") } = {}) {
    Object.assign(this, { test, home, url, data });
    this.env = cleanEnvironment(home, {
      CAMPANA_DATA_DIR: data, CAMPANA_CONFIG_DIR: join(home, "config"), CAMPANA_LANG: "es",
      ...(key === null ? {} : { CAMPANA_API_KEY: key }),
    });
  }

  watch(...words) {
    return new Watch(this.test, built("campana-sync"),
      ["watch", "--json", "--backend-url", this.url, "--data-dir", this.data, ...words], this.env);
  }

  /** Runs `campana-sync` to its end. */
  run(...words) {
    return finished(built("campana-sync"), words, { env: this.env });
  }

  /** One `campana-sync pull`. */
  pull(...words) {
    return this.run("pull", "--backend-url", this.url, "--data-dir", this.data, ...words);
  }

  /** What is in the inbox: one object an order. */
  async inbox() {
    const told = await this.run("inbox", "list", "--json", "--data-dir", this.data);
    if (told.code !== 0) throw new Error(`inbox list: exit ${told.code}: ${told.errors}`);
    return told.lines.filter((line) => line.trim() !== "").flatMap((line) => JSON.parse(line));
  }

  async ids() {
    return (await this.inbox()).map((order) => String(order.id));
  }
}

/** A running `campana-sync watch --json`. */
export class Watch extends Program {
  /** Each with `at`, milliseconds of `performance.now()`. */
  events = [];
  broken = [];

  constructor(test, command, words, env) {
    super(test, command, words, {
      env,
      onLine: (line) => {
        try {
          this.events.push({ ...JSON.parse(line), at: performance.now() });
        } catch {
          this.broken.push(line);
        }
      },
    });
  }

  of(event) {
    return this.events.filter((one) => one.event === event);
  }

  get status() {
    return this.of("status").at(-1)?.status;
  }

  #told() {
    const statuses = this.of("status").map(({ status, cause }) => (cause ? `${status}(${cause})` : status));
    return `statuses so far: ${statuses.slice(-8).join(", ") || "none"}; stderr: ${this.errors.slice(-500)}`;
  }

  /** Waits for a status, as one that holds now. */
  async becomes(status, options) {
    await until(() => `the status is ${status}; ${this.#told()}`, () => this.status === status, options);
    return this.of("status").at(-1);
  }

  /** Waits until these orders have been told of. */
  async has(ids, options) {
    await until(
      () => `these orders arrive: ${ids.filter((id) => !this.#orders().has(id)).slice(0, 5)}; ${this.#told()}`,
      () => ids.every((id) => this.#orders().has(id)), options,
    );
  }

  #orders() {
    return new Set(this.of("order").map((one) => one.id));
  }
}
