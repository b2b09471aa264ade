// The Rust backend, checked as the Node one is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { client, contractChecks, http, next } from "./contract-checks.mjs";

const ROOT = new URL("../../", import.meta.url).pathname;
const TARGET = process.env.CAMPANA_TARGET ?? join(ROOT, "target", "debug");
const PROGRAM = resolve(TARGET, process.platform === "win32" ? "campana-backend.exe" : "campana-backend");
assert.ok(existsSync(PROGRAM), `${PROGRAM} is missing: run "cargo build -p campana-backend", or name its folder in CAMPANA_TARGET`);

const KEY = "clave-de-prueba";

async function start(args = [], env = { CLOUD_API_KEY: KEY }) {
  const child = spawn(PROGRAM, ["--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let log = "";
  child.stderr.on("data", (part) => (log += part));
  const exited = once(child, "exit");
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), exited]);
  const stop = async () => {
    child.kill("SIGTERM");
    return exited;
  };
  return { child, exited, stop, url: /^listening on (http:\/\/\S+)$/.exec(line)?.[1], key: KEY, log: () => log };
}

/** How it ends when it does not start, and what it says. */
async function refused(args, env) {
  const child = spawn(PROGRAM, ["--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let told = "";
  child.stderr.on("data", (part) => (told += part));
  const [code] = await once(child, "close");
  return { code, told };
}

contractChecks("the Rust backend", () => start(), { keepsEdited: true, tellsUnknown: true });
contractChecks("the Rust backend that imitates deployed ones", () => start(["--imitate-deployed"]), { keepsEdited: true });

describe("the Rust backend as a program", () => {
  it("keeps what it answered through kill -9", async () => {
    const folder = await mkdtemp(join(tmpdir(), "campana-backend-"));
    const args = ["--db", join(folder, "orders.db")];
    try {
      const first = await start(args);
      const shop = http(first.url, KEY);
      const ids = await shop.sample(3);
      await shop.pull();
      await shop.confirm([ids[0]]);
      await shop.edit(ids[2], { notes: "Sin piña" });
      first.child.kill("SIGKILL");
      await first.exited;
      const second = await start(args);
      const page = await http(second.url, KEY).pull();
      assert.deepEqual(page.pending_orders.map((one) => one.id), ids.slice(1));
      assert.equal(page.pending_orders[1].notes, "Sin piña");
      assert.deepEqual(await second.stop(), [0, null]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says that it is there, never its key, and stops with clients connected", async () => {
    const backend = await start([], { CLOUD_API_KEY: KEY, CAMPANA_LOG: "debug" });
    for (const transports of [["websocket"], ["polling"]]) {
      const socket = client(backend.url, { apiKey: KEY }, { transports });
      socket.connect();
      await next(socket, "connect");
    }
    await http(backend.url, KEY).sample(1);
    const [order] = (await http(backend.url, KEY).pull()).pending_orders;
    assert.deepEqual(await backend.stop(), [0, null]);
    assert.match(backend.log(), /WebSocket sync notification service initialized/);
    assert.match(backend.log(), /client connected/);
    assert.ok(!backend.log().includes(KEY));
    assert.ok(!backend.log().includes(order.orderItems[0].id));
  });

  it("writes its log as JSON when told to, and no key in it", async () => {
    const backend = await start(["--log", "json"], { CLOUD_API_KEY: KEY, CAMPANA_LOG: "debug" });
    await http(backend.url, KEY).pull();
    await http(backend.url, "otra-clave-equivocada").pull();
    await backend.stop();
    const lines = backend.log().trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(lines.some((line) => line.fields.route === "/sync/pull-changes" && line.fields.status === 401), backend.log());
    assert.ok(!backend.log().includes(KEY) && !backend.log().includes("otra-clave-equivocada"));
  });

  it("takes the keys of several shops from the environment and from a file that nobody else may read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "campana-backend-"));
    const file = join(folder, "keys");
    try {
      await writeFile(file, "# las del norte\nnorte:clave-del-norte-norte\n", { mode: 0o600 });
      const env = { CLOUD_API_KEY: KEY, CLOUD_API_KEYS: "centro:clave-del-centro" };
      const backend = await start(["--keys", file], env);
      const shops = [KEY, "clave-del-centro", "clave-del-norte-norte"].map((key) => http(backend.url, key));
      for (const shop of shops) await shop.sample(1);
      for (const shop of shops) assert.equal((await shop.pull()).pending_orders.length, 1);
      await backend.stop();
      await chmod(file, 0o644);
      assert.match((await refused(["--keys", file], env)).told, /chmod 600/);
      for (const [args, more, told] of [
        [[], { CLOUD_API_KEYS: "centro" }, /name:key/], [[], { REDIS_PORT: "x" }, /REDIS_PORT/],
        [["--db", join(folder, "orders.db")], { DATABASE_URL: "postgres://campana:secreto@127.0.0.1/pedidos" }, /DATABASE_URL/],
      ]) {
        const end = await refused(args, { ...env, ...more });
        assert.equal(end.code, 2);
        assert.match(end.told, told);
        assert.doesNotMatch(end.told, /secreto|clave/);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says why it does not start, with exit 1 and without a password", async () => {
    const gone = await refused([], { CLOUD_API_KEY: KEY, DATABASE_URL: "postgres://campana:secreto@127.0.0.1:1/pedidos" });
    assert.equal(gone.code, 1);
    assert.match(gone.told, /the database cannot be used/);
    assert.doesNotMatch(gone.told, /secreto/);
  });

  it("asks for its key with a sentence and exit 2", async () => {
    for (const key of ["", "  "]) {
      const { code, told } = await refused([], { CLOUD_API_KEY: key });
      assert.equal(code, 2);
      assert.match(told, /CLOUD_API_KEY/);
    }
  });
});
