// `campana-sync doctor` at every kind of server: the line that is wrong says so, and nothing is confirmed.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startNodeBackend } from "../node-backend/server.mjs";
import { KEY } from "../support/backends.mjs";
import { atEnd } from "../support/ending.mjs";
import { built, temporaryFolder, TOP } from "../support/places.mjs";
import { freePort, Program } from "../support/program.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const CHECKS = ["address", "keyring", "disk", "name", "port", "tls", "socket_io", "namespace", "transport", "socket_key",
  "round_trip", "pull", "profile", "clock"];

/** A backend in this process. */
async function backendWith(t, options = {}) {
  const backend = await startNodeBackend({ key: KEY, ...options });
  atEnd(t, () => backend.kill());
  return backend;
}

/** A server on a free port that is gone after the test; its address. */
async function serving(t, server, scheme = "http") {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const open = new Set();
  server.on("connection", (socket) => open.add(socket));
  atEnd(t, () => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return `${scheme}://127.0.0.1:${server.address().port}`;
}

/** What the doctor says of this address: its exit code, and its lines by check. */
async function examined(t, url, { key = KEY, shop = new Shop(t, temporaryFolder(t), url, { key }), words = [] } = {}) {
  const end = await shop.run("doctor", "--json", "--backend-url", url, "--data-dir", shop.data, ...words);
  const told = `${end.lines.join("\n")}\n${end.errors}`;
  assert.doesNotMatch(told, /panicked/);
  if (key !== null) assert.ok(!told.includes(key), "the key is nowhere told");
  const lines = end.lines.map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((line) => line.check), CHECKS, told);
  for (const line of lines) {
    assert.equal(line.event, "check");
    assert.ok(line.tried.length > 0 && line.came.length > 0, JSON.stringify(line));
    const needsAdvice = line.outcome === "failed" || line.outcome === "warning";
    assert.equal(line.advice !== null, needsAdvice, JSON.stringify(line));
    assert.equal(line.outcome === "skipped", line.because !== null, JSON.stringify(line));
  }
  return { ...Object.fromEntries(lines.map((line) => [line.check, line])), exit: end.code, errors: end.errors, lines };
}

/** Every line that is not well, as `check: outcome code`. */
function unwell({ lines }) {
  return lines.filter((line) => line.outcome !== "ok").map(({ check, outcome, code, because }) => (
    outcome === "skipped" ? `${check}: because of ${because}` : `${check}: ${outcome} ${code}`));
}

function after(check) {
  return CHECKS.slice(CHECKS.indexOf(check) + 1).map((later) => `${later}: because of ${check}`);
}

describe("the doctor", { concurrency: 3 }, () => {
  test("finds nothing wrong where nothing is, and leaves orders and inbox alone", async (t) => {
    const backend = await backendWith(t);
    backend.makeSampleOrders(3);
    const shop = new Shop(t, temporaryFolder(t), backend.url);
    const told = await examined(t, backend.url, { shop });
    assert.deepEqual(unwell(told), []);
    assert.equal(told.exit, 0, told.errors);
    assert.equal(told.transport.detail, "WebSocket");
    assert.equal(told.profile.detail, "guide");
    const { confirmCalls, orders, connectedClients } = backend.state();
    assert.equal(confirmCalls, 0);
    assert.ok(orders.every((one) => !one.confirmed));
    assert.deepEqual(connectedClients, []);
    assert.equal((await shop.run("inbox", "list", "--data-dir", shop.data)).code, 6, "there is no inbox yet");
  });

  test("works beside a running Campana, which goes on", async (t) => {
    const backend = await backendWith(t);
    const shop = new Shop(t, temporaryFolder(t), backend.url);
    const watch = shop.watch();
    await watch.becomes("in_sync");
    const told = await examined(t, backend.url, { shop });
    assert.deepEqual(unwell(told), []);
    assert.equal(told.disk.code, "in_use");
    const ids = backend.makeSampleOrders(2);
    await watch.has(ids);
    await until("they are confirmed", () => backend.state().orders.every((one) => one.confirmed));
    assert.equal(watch.status, "in_sync");
  });

  test("says that both refuse the key", async (t) => {
    const backend = await backendWith(t);
    const told = await examined(t, backend.url, { key: "otra-clave" });
    assert.deepEqual(unwell(told), ["socket_key: failed key_refused", "round_trip: because of socket_key",
      "pull: failed key_refused", "profile: because of pull"]);
    assert.equal(told.exit, 3);
  });

  test("says that only the socket refuses the key", async (t) => {
    const backend = await backendWith(t);
    backend.planned.plan({ for: "pull", body: { pending_orders: [], updated_customers: [] } });
    const told = await examined(t, backend.url, { key: "otra-clave" });
    assert.deepEqual(unwell(told), ["socket_key: failed key_refused", "round_trip: because of socket_key"]);
    assert.equal(told.exit, 3);
  });

  test("says that only the pull refuses the key", async (t) => {
    const backend = await backendWith(t);
    backend.planned.plan({ for: "any", times: 9, mode: "tech007" });
    const told = await examined(t, backend.url);
    assert.deepEqual(unwell(told), ["pull: failed key_refused_here", "profile: because of pull"]);
    assert.equal(told.exit, 3);
  });

  test("says that there is no key, and examines the rest", async (t) => {
    const backend = await backendWith(t);
    const told = await examined(t, backend.url, { key: null });
    assert.equal(told.keyring.outcome, "failed");
    assert.deepEqual(unwell(told).slice(1), ["socket_key: because of keyring", "round_trip: because of keyring",
      "pull: because of keyring", "profile: because of keyring"]);
    assert.equal(told.exit, 3);
  });

  test("says that the server cannot check the key just now", async (t) => {
    const backend = await backendWith(t);
    backend.authenticationFails = true;
    const told = await examined(t, backend.url);
    assert.deepEqual(unwell(told), ["socket_key: failed cannot_check", "round_trip: because of socket_key"]);
    assert.equal(told.exit, 5);
  });

  test("says that the namespace is missing and only the root answers", async (t) => {
    const backend = await backendWith(t, { namespace: "/otra" });
    const told = await examined(t, backend.url);
    assert.deepEqual(unwell(told), ["namespace: failed only_root", "transport: because of namespace",
      "socket_key: because of namespace", "round_trip: because of namespace"]);
    assert.equal(told.exit, 5);
  });

  test("warns of long-polling alone, and not of WebSocket alone", async (t) => {
    const polling = await backendWith(t, { transports: ["polling"] });
    const slow = await examined(t, polling.url);
    assert.deepEqual(unwell(slow), ["transport: warning only_polling"]);
    assert.equal(slow.exit, 1);
    const socket = await backendWith(t, { transports: ["websocket"] });
    const fast = await examined(t, socket.url);
    assert.deepEqual(unwell(fast), []);
    assert.equal(fast.exit, 0);
  });

  test("warns of a server that answers no questions, and tells the other lines at once", async (t) => {
    const backend = await backendWith(t, { answersSyncOrders: false });
    const shop = new Shop(t, temporaryFolder(t), backend.url);
    const at = [];
    const program = new Program(t, built("campana-sync"), ["doctor", "--backend-url", backend.url], {
      env: shop.env, onLine: () => at.push(performance.now()),
    });
    const { code } = await program.ended();
    assert.equal(code, 1, program.errors);
    assert.match(program.lines.join("\n"), /atención +Ida y vuelta: El servidor no contesta preguntas\./);
    assert.match(program.errors, /con una advertencia/);
    const question = CHECKS.indexOf("round_trip");
    assert.ok(at[question] - at[question - 1] > 5_000, "what came before it was told before it");
  });

  test("says that nobody listens", async (t) => {
    const told = await examined(t, `http://127.0.0.1:${await freePort()}`);
    assert.deepEqual(unwell(told), ["port: failed refused", ...after("port")]);
    assert.equal(told.exit, 4);
  });

  test("says that the name leads nowhere", async (t) => {
    const told = await examined(t, "https://no-hay-tal-servidor.invalid");
    assert.equal(told.name.outcome, "failed");
    // On a computer without a network, that is what is wrong.
    assert.ok(["not_found", "no_network", "timed_out"].includes(told.name.code), told.name.code);
    assert.deepEqual(unwell(told).slice(1), after("name"));
    assert.equal(told.exit, 4);
  });

  test("says that an address is none", async (t) => {
    const told = await examined(t, "ftp://tienda.mx");
    assert.equal(told.address.code, "scheme");
    assert.equal(told.disk.outcome, "ok", "this computer is examined all the same");
    assert.equal(told.exit, 2);
  });

  test("says that a web server is no backend", async (t) => {
    const url = await serving(t, createServer((_, response) => response.end("<!doctype html><h1>Pizzas</h1>")));
    const told = await examined(t, url);
    assert.deepEqual(unwell(told), ["socket_io: failed not_there", "namespace: because of socket_io",
      "transport: because of socket_io", "socket_key: because of socket_io", "round_trip: because of socket_io",
      "pull: failed not_understood", "profile: because of pull"]);
    assert.equal(told.exit, 5);
  });

  test("says where a redirect leads, and takes the key there by no way", async (t) => {
    const visits = [];
    const elsewhere = await serving(t, createServer((request, response) => {
      visits.push(request.url);
      response.end();
    }));
    const url = await serving(t, createServer((request, response) => {
      response.writeHead(308, { location: `${elsewhere}${request.url}` }).end();
    }));
    const told = await examined(t, url);
    for (const check of ["socket_io", "pull"]) {
      assert.equal(told[check].code, "redirected");
      assert.ok(told[check].detail.startsWith(elsewhere), told[check].detail);
    }
    assert.equal(told.exit, 5);
    assert.deepEqual(visits, [], "nobody follows it");
  });

  test("warns of a clock that is an hour off", async (t) => {
    for (const [clockAhead, code] of [[3_600_000, "behind"], [-3_600_000, "ahead"]]) {
      const backend = await backendWith(t, { clockAhead });
      const told = await examined(t, backend.url);
      assert.deepEqual(unwell(told), [`clock: warning ${code}`]);
      assert.match(told.clock.detail, /60 min/);
      assert.equal(told.exit, 1);
    }
  });

  test("says that a certificate is of an unknown authority, and is content with it once that is trusted", async (t) => {
    const certificate = join(TOP, "crates/sync/src/http/tests/certificates/localhost.pem");
    const backend = await backendWith(t, { tls: readFileSync(certificate) });
    const url = `https://localhost:${backend.port}`;
    const told = await examined(t, url);
    assert.deepEqual(unwell(told), ["tls: failed unknown_authority", ...after("tls")]);
    assert.equal(told.exit, 4);
    const trusting = await examined(t, url, { words: ["--certificate-authority", certificate] });
    assert.deepEqual(unwell(trusting), []);
    assert.equal(trusting.tls.code, "encrypted");
    const without = await examined(t, url, { words: ["--certificate-authority", join(TOP, "no-such-file.pem")] });
    assert.deepEqual(unwell(without), ["tls: failed authority_unusable", ...after("tls")]);
    assert.equal(without.exit, 2);
  });

  test("finds the profile, and tries only the one that was chosen", async (t) => {
    const backend = await backendWith(t, { profile: "unified" });
    const found = await examined(t, backend.url);
    assert.deepEqual(unwell(found), []);
    assert.deepEqual([found.profile.code, found.profile.detail], ["adopted", "unified"]);
    const chosen = await examined(t, backend.url, { words: ["--profile", "guide"] });
    assert.deepEqual(unwell(chosen), ["pull: failed not_there", "profile: because of pull"]);
    assert.equal(backend.state().confirmCalls, 0);
  });

  test("ends with a server that takes connections and says nothing", async (t) => {
    const url = await serving(t, createTcpServer(() => {}));
    const begun = performance.now();
    const shop = new Shop(t, temporaryFolder(t), url);
    const program = new Program(t, built("campana-sync"), ["doctor", "--json", "--backend-url", url], { env: shop.env });
    const { code } = await program.ended();
    t.diagnostic(`after ${Math.round((performance.now() - begun) / 1000)} s`);
    assert.equal(code, 4, program.errors);
    const failed = program.lines.map((line) => JSON.parse(line)).filter((line) => line.outcome === "failed");
    assert.deepEqual(failed.map(({ check, code }) => `${check} ${code}`), ["socket_io timed_out", "pull timed_out"]);
  });
});
