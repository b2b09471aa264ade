// What the windows of the real app may do, and what they may not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { NodeBackend } from "../support/backends.mjs";
import { atEnd } from "../support/ending.mjs";
import { TOP, temporaryFolder } from "../support/places.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { until } from "../support/wait.mjs";

const KEY = "clave-secreta-44b1c6";
const COMMANDS = [...readFileSync(join(TOP, "src-tauri/command_list.rs"), "utf8").matchAll(/^ {12}(\w+),$/gm)].map(([, name]) => name);
// What Tauri itself and its plugins offer, and no window needs.
const OTHERS = ["plugin:event|emit", "plugin:event|emit_to", "plugin:window|close", "plugin:window|create", "plugin:webview|create_webview_window",
  "plugin:webview|internal_toggle_devtools", "plugin:app|version", "plugin:path|resolve_directory", "plugin:image|from_path",
  "plugin:resources|close", "plugin:menu|new", "plugin:tray|new", "plugin:opener|open_url", "plugin:opener|open_path",
  "plugin:fs|read_text_file", "plugin:shell|execute", "plugin:http|fetch", "plugin:single-instance|x"];

/** The commands that this window is given. */
function granted(window) {
  const { permissions, windows } = JSON.parse(readFileSync(join(TOP, `src-tauri/capabilities/${window}.json`), "utf8"));
  assert.deepEqual(windows, [window]);
  return permissions.filter((name) => name.startsWith("allow-")).map((name) => name.slice("allow-".length).replaceAll("-", "_"));
}

/** Calls a command as a script in the page would: `{answer}` or `{error}`. */
function call(app, name) {
  return app.web.executeAsyncScript(`const done = arguments[arguments.length - 1];
    window.__TAURI_INTERNALS__.invoke(arguments[0], {}).then(
      (answer) => done({ answer: JSON.stringify(answer) }), (error) => done({ error: typeof error === "string" ? error : JSON.stringify(error) }))`, name);
}

/** A server that nobody must reach; what reached it. */
async function elsewhere(t) {
  const requests = [];
  const server = createServer((request, answer) => {
    requests.push(`${request.method} ${request.url}`);
    answer.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" });
    answer.end("window.ran = 'remote'");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(t, () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }));
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

const INJECTED = `
const [remote, done] = [arguments[0], arguments[arguments.length - 1]];
const refused = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => refused.push(effectiveDirective));
window.ran = "";
const add = (name, attributes, text = "") => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  document.body.append(element);
  return element;
};
const outcomes = {};
const attempt = (name, deed) => { try { deed(); outcomes[name] = "done"; } catch (error) { outcomes[name] = error.name; } };
add("script", {}, "window.ran += ' inline'");
add("style", {}, "body { --ran: inline }");
add("div", { style: "--ran: attribute" });
add("img", { src: "data:,", onerror: "window.ran += ' handler'" });
add("a", { href: "javascript:window.ran += ' link'" }).click();
attempt("eval", () => (0, eval)("window.ran += ' eval'"));
attempt("Function", () => new Function("window.ran += ' function'")());
attempt("timeout", () => setTimeout("window.ran += ' timeout'", 0));
add("script", { src: remote + "/script" });
add("link", { rel: "stylesheet", href: remote + "/style" });
add("img", { src: remote + "/image" });
add("iframe", { src: remote + "/frame" });
add("object", { data: remote + "/object" });
const form = add("form", { action: remote + "/form", method: "post" });
attempt("submit", () => form.submit());
attempt("base", () => add("base", { href: remote + "/" }));
attempt("worker", () => new Worker(URL.createObjectURL(new Blob(["fetch('" + remote + "/worker')"]))));
attempt("socket", () => new WebSocket(remote.replace("http", "ws") + "/socket"));
attempt("beacon", () => navigator.sendBeacon(remote + "/beacon", "x"));
fetch(remote + "/fetch").then(() => "reached", (error) => error.name).then((fetched) => {
  outcomes.fetch = fetched;
  // Two frames later whatever was allowed has begun.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done({
    refused, outcomes, ran: window.ran, style: getComputedStyle(document.body).getPropertyValue("--ran"), base: document.baseURI,
  }), 500)));
});`;

test("in both windows nothing but the app's own script runs, nothing is fetched, and only the granted commands are answered", async (t) => {
  onVirtualDesktop();
  const home = temporaryFolder(t);
  const backend = await NodeBackend.start(t, { key: KEY });
  const far = await elsewhere(t);
  const app = await App.start(t, home);
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  await app.web.manage().setTimeouts({ script: 30_000 });
  assert.ok(COMMANDS.length > 20, `the commands are found: ${COMMANDS}`);
  const anyWindow = ["main", "settings"].flatMap(granted);
  assert.deepEqual(COMMANDS.filter((name) => !anyWindow.includes(name)), [], "no command is for nobody");

  for (const [window, sign] of [["settings", "address-input"], ["main", "sync-now"]]) {
    // It closes the settings and opens the orders, so that the answer may not arrive.
    if (window === "main") await call(app, "leave_settings").catch(() => {});
    await app.windowWith(sign);
    const allowed = granted(window);
    assert.ok(allowed.length > 5 && allowed.every((name) => COMMANDS.includes(name)), `${allowed}`);

    // A window that is given a command gets its answer: the others are refused for the window's sake.
    assert.ok(JSON.parse((await call(app, "view")).answer).status, `${window} may see`);
    for (const name of [...COMMANDS.filter((name) => !allowed.includes(name)), ...OTHERS]) {
      const { answer, error } = await call(app, name);
      assert.equal(answer, undefined, `${window} may call ${name}`);
      assert.match(error, /not allowed|not found/i, `${window}: ${name}`);
    }

    const own = await app.web.getCurrentUrl();
    const { refused, outcomes, ran, style, base } = await app.web.executeAsyncScript(INJECTED, far.url);
    t.diagnostic(`${window}: ${JSON.stringify({ refused, outcomes })}`);
    assert.equal(ran, "", `${window}: a script ran`);
    assert.equal(style, "", `${window}: a style applied`);
    for (const name of ["eval", "Function"]) assert.equal(outcomes[name], "EvalError", `${window}: ${name}`);
    assert.notEqual(outcomes.fetch, "reached");
    assert.ok(!base.startsWith(far.url), base);
    for (const directive of ["script-src", "style-src", "img-src", "connect-src", "frame-src"]) {
      assert.ok(refused.some((one) => one.startsWith(directive)), `${window}: ${directive} is refused; refused were ${refused}`);
    }
    // Nor does it go anywhere else.
    const handles = (await app.web.getAllWindowHandles()).length;
    await app.web.executeScript("window.open(arguments[0] + '/open'); location.assign(arguments[0] + '/away')", far.url);
    const { answer } = await call(app, "view");
    assert.ok(answer, "the page is still there and works");
    assert.equal(await app.web.getCurrentUrl(), own);
    assert.equal((await app.web.getAllWindowHandles()).length, handles);
    assert.deepEqual(far.requests, [], `${window}: nothing reached another place`);
  }
  // What would have been reached answers.
  assert.equal((await fetch(`${far.url}/control`)).status, 200);
  assert.deepEqual(far.requests, ["GET /control"]);
});
