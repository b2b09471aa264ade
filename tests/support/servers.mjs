// A real Redis and a real PostgreSQL, from Debian's packages, in temporary folders; and the Rust backend on both.
import { existsSync } from "node:fs";
import { chown, readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { built, temporaryFolder } from "./places.mjs";
import { finished, freePort, Program } from "./program.mjs";
import { until } from "./wait.mjs";

const VERSIONS = "/usr/lib/postgresql";
const OWNER = "campana";

const listens = (port) => new Promise((resolve) => {
  const socket = connect(port, "127.0.0.1");
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  socket.once("connect", () => socket.destroy());
});

/** Redis, which keeps nothing. */
export class Redis {
  static async start(test, port) {
    const redis = Object.assign(new Redis(), { test, port: port ?? (await freePort()), folder: temporaryFolder(test, "campana-redis-") });
    await redis.start();
    return redis;
  }

  /** The second time at the port of the first, and empty. */
  async start() {
    this.program = new Program(this.test, "redis-server", [
      "--bind", "127.0.0.1", "--port", String(this.port), "--save", "", "--appendonly", "no", "--dir", this.folder]);
    await until(() => `Redis listens; ${this.program.lines.join("\n")}`, () => listens(this.port));
  }

  kill() {
    return this.program.kill("SIGKILL");
  }

  /** What a command answers, by redis-cli. */
  async ask(...words) {
    const { lines } = await finished("redis-cli", ["-p", String(this.port), ...words]);
    return lines;
  }
}

/** PostgreSQL, which refuses to run as root and then runs as the user of Debian's package. */
export class Postgres {
  static async start(test) {
    const versions = (existsSync(VERSIONS) ? await readdir(VERSIONS) : []).map(Number).sort((one, other) => one - other);
    if (versions.length === 0) throw new Error('PostgreSQL is not installed: run "cargo xtask setup"');
    const postgres = Object.assign(new Postgres(), {
      test, port: await freePort(), folder: temporaryFolder(test, "campana-postgres-"), programs: join(VERSIONS, String(versions.at(-1)), "bin"),
    });
    if (process.getuid() === 0) await chown(postgres.folder, Number((await finished("id", ["-u", "postgres"])).lines[0]), -1);
    await postgres.run("initdb", ["-D", join(postgres.folder, "data"), "-U", OWNER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
    await postgres.start();
    await postgres.run("createdb", [...postgres.#there(), "pedidos"]);
    postgres.url = `postgres://${OWNER}@127.0.0.1:${postgres.port}/pedidos`;
    return postgres;
  }

  #there() {
    return ["-h", "127.0.0.1", "-p", String(this.port), "-U", OWNER];
  }

  #words(name, words) {
    const path = join(this.programs, name);
    return process.getuid() === 0
      ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, ...words]]
      : [path, words];
  }

  async run(name, words) {
    const end = await finished(...this.#words(name, words));
    if (end.code !== 0) throw new Error(`${name}: ${end.errors}`);
    return end.lines;
  }

  /** The second time at the port of the first, with what it held. */
  async start() {
    // What is left of a killed one may still have its memory: then this one ends, and is started again.
    await until(() => `PostgreSQL answers; ${this.program.errors}`, async () => {
      if (!this.program?.running) {
        this.program = new Program(this.test, ...this.#words("postgres", [
          "-D", join(this.folder, "data"), "-p", String(this.port), "-c", "listen_addresses=127.0.0.1",
          "-c", "unix_socket_directories=", "-c", "fsync=off"]));
      }
      return (await finished(...this.#words("pg_isready", ["-q", "-h", "127.0.0.1", "-p", String(this.port)]))).code === 0;
    });
  }

  kill() {
    return this.program.kill("SIGKILL");
  }

  /** Runs a statement; its rows as lines. */
  ask(statement) {
    return this.run("psql", [...this.#there(), "-d", "pedidos", "-Atc", statement]);
  }
}

/** The Rust backend with an environment of its own; the second time at the port of the first. */
export class Process {
  static async start(test, env, { port = 0, args = [] } = {}) {
    const one = Object.assign(new Process(), { test, env, port, args });
    await one.start();
    return one;
  }

  async start() {
    this.program = new Program(this.test, built("campana-backend"), ["--listen", `127.0.0.1:${this.port}`, ...this.args],
      { env: { ...process.env, ...this.env } });
    const line = await until(
      () => `the backend says where it listens; ${this.program.errors}`,
      () => {
        if (!this.program.running) throw new Error(this.program.errors);
        return this.program.lines.find((one) => one.startsWith("listening on "));
      },
    );
    this.url = line.slice("listening on ".length);
    this.port = Number(new URL(this.url).port);
  }

  kill() {
    return this.program.kill("SIGKILL");
  }

  /** As a service is stopped; `{code, signal}`. */
  stop() {
    return this.program.kill("SIGTERM");
  }
}
