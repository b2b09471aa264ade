// The key and the customers of a running app: in no file, no output, no other process and no window.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { built, TOP, temporaryFolder } from "../support/places.mjs";
import { finished } from "../support/program.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { filesWith, holds, imageAllowed, openToOthers, processOf, startedBy } from "../support/traces.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-9c27d4e8f1";
const NAMES = ["Wenceslaa", "Xochiquetzalli"];
const SAMPLE = JSON.parse(readFileSync(join(TOP, "crates/shell/src/projection/sample-order.json"), "utf8"));

/** An order of somebody whose name stands nowhere else. */
function order(number) {
  const [firstName, lastName] = NAMES;
  return {
    ...SAMPLE, id: `00000000-0000-4000-8000-00000000000${number}`, createdAt: new Date().toISOString(), updatedAt: new Date().toISOString(),
    customer: { ...SAMPLE.customer, firstName, lastName },
    deliveryInfo: { ...SAMPLE.deliveryInfo, recipientName: NAMES.join(" ") },
  };
}

function called(app, name, words = {}) {
  return app.web.executeAsyncScript(`const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
      (answer) => done(JSON.stringify(answer) ?? "null"), (error) => done("error: " + JSON.stringify(error)))`, name, words);
}

/** Everything that a script in this window could find. */
function everythingIn(app) {
  return app.web.executeScript(`
    const seen = new Set();
    const walk = (value, depth) => {
      if (typeof value === "string") return value;
      if (value === null || typeof value !== "object" || depth > 6 || seen.has(value)) return "";
      seen.add(value);
      return Object.keys(value).map((key) => { try { return key + "=" + walk(value[key], depth + 1); } catch { return ""; } }).join(" ");
    };
    const stored = [localStorage, sessionStorage].map((store) => JSON.stringify(store)).join(" ");
    const typed = [...document.querySelectorAll("input, textarea")].map((one) => one.value).join(" ");
    const own = Object.getOwnPropertyNames(window).filter((name) => name.startsWith("__")).map((name) => walk(window[name], 0)).join(" ");
    return [document.documentElement.outerHTML, typed, stored, document.cookie, location.href, own].join("\\n")`);
}

function logOf(app) {
  const folder = join(app.places.data, "logs");
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

test("whatever the app writes is for its user alone, and the log and the diagnostics name nobody", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t, { key: KEY });
  const before = process.umask(0);
  let app;
  try {
    app = await App.start(t, home);
  } finally {
    process.umask(before);
  }
  const tray = new Tray();
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  await backend.take(order(1));
  await tray.shows("one order", (told) => told.unseen === 1);
  await until("there is a backup", () => existsSync(join(app.places.data, "inbox.backup.sqlite3")), { within: 30_000 });
  await app.press("section-system");
  await app.press("export-diagnostics");
  const said = await app.says("export-diagnostics-came", /\.zip/, { within: 60_000 });
  const zip = join(home, /(campana-[\d-]+\.zip)/.exec(said)[1]);

  const written = readdirSync(app.places.data, { recursive: true });
  t.diagnostic(`data: ${written.join(" ")}`);
  for (const name of ["inbox.sqlite3", "inbox.sqlite3-wal", "inbox.sqlite3-shm", "inbox.lock", "logs/campana.log"]) {
    assert.ok(written.includes(name), `${name} is there`);
  }
  for (const folder of [app.places.data, app.places.config]) assert.deepEqual(openToOthers(folder), []);
  assert.ok(!openToOthers(home).some((one) => one.endsWith(".zip")), "nor the diagnostics");
  t.diagnostic(`others may read: ${openToOthers(home).join(", ")}`);
  // What the windows keep beside that says nothing.
  const customers = filesWith(home, NAMES).found;
  assert.ok(customers.length > 0, "the search finds the customer in the inbox");
  for (const path of customers) assert.ok(path.startsWith(join(app.places.data, "inbox.")), path);
  assert.deepEqual(filesWith(home, [KEY]).found, []);

  const log = logOf(app);
  assert.match(log, /INFO .*Campana starts/);
  assert.match(log, /the status status=InSync/);
  assert.ok(!holds(log, [...NAMES, KEY, SAMPLE.notes]), "the log names nobody");
  const folder = temporaryFolder(t);
  assert.equal((await finished("python3", ["-m", "zipfile", "-e", zip, folder])).code, 0);
  const host = (await finished("uname", ["-n"])).lines[0];
  assert.ok(filesWith(folder, ["Campana starts"]).found.length === 1, "the log is in the diagnostics");
  assert.ok(readFileSync(join(folder, "about.json"), "utf8").includes("XFCE"), "and the desktop");
  for (const secret of [KEY, ...NAMES, SAMPLE.notes, home, ...(host.length > 2 && host !== "localhost" ? [host] : [])]) {
    assert.deepEqual(filesWith(folder, [secret]).found, [], secret);
  }
});

test("the key of the environment is in nothing that the app starts, shows, answers, logs at its most talkative, or leaves when it crashes", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t, { key: KEY });
  const app = await App.start(t, home, { CAMPANA_API_KEY: KEY, CAMPANA_BACKEND_URL: backend.url, CAMPANA_LOG: "trace" });
  await until("the app is connected with it", async () => (await backend.state()).connectedClients.length === 1, { within: 30_000 });
  const [id] = await backend.take(order(2));
  await new Tray().shows("one order", (told) => told.unseen === 1);

  const pid = processOf(built("campana"), home);
  assert.ok(pid, "the app is found");
  assert.equal(imageAllowed(pid), "0", "it leaves no image of its memory");
  const children = startedBy(pid);
  t.diagnostic(`it started ${children.map(({ name }) => name).join(", ")}`);
  assert.ok(children.filter(({ name }) => name.startsWith("WebKit")).length >= 2, "the windows' processes are found");
  for (const { name, words, environment } of children) {
    assert.ok(!holds(words + environment, [KEY]), `${name} was given the key`);
  }
  assert.ok(children.some(({ environment }) => environment.includes(backend.url)), "the search finds what is there: the address");

  await app.web.manage().setTimeouts({ script: 60_000 });
  const windows = [["address-input", ["view", "test_connection"]], ["status-pill", ["view", "history", "history_order", "order_json", "activity"]]];
  for (const [sign, commands] of windows) {
    if (sign === "status-pill") await called(app, "leave_settings").catch(() => {});
    await app.windowWith(sign);
    const answers = [];
    for (const name of commands) {
      answers.push(await called(app, name, {
        id, limit: 100, query: { text: "", from: null, until: null, offset: 0, limit: 100 },
        form: { address: backend.url, key: null, receiver: null, profile: "auto", certificateAuthority: null, plainHttp: false, shop: null },
      }));
    }
    t.diagnostic(answers.map((answer, at) => `${commands[at]}: ${answer.length}`).join(", "));
    assert.ok(!holds(answers.join("\n"), [KEY]), `${sign}: an answer tells it`);
    assert.ok(answers[0].includes(NAMES[0]), "the search finds what is there: the customer");
    const everything = await everythingIn(app);
    assert.ok(everything.length > 1000 && !holds(everything, [KEY]), `${sign}: the page tells it`);
  }

  process.kill(pid, "SIGABRT");
  await until("it is gone", () => processOf(built("campana"), home) === undefined);
  const printed = app.driver.errors + app.driver.lines.join("\n");
  assert.ok(printed.includes("Campana starts"), "what it printed is here");
  assert.ok(!holds(printed, [KEY]), "nor is it in what the app printed");
  assert.match(logOf(app), /DEBUG/, "it logged more than usual");
  const { found, looked } = filesWith(home, [KEY]);
  t.diagnostic(`${looked} files looked through`);
  assert.ok(looked > 5);
  assert.deepEqual(found, []);
});
