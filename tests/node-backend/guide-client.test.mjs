// The guide's own client, as printed in docs/guide.md, against the Rust backend with the guide's `.env`: port 5000, Redis
// at 6380. The ports are fixed there, so all of it runs in a network of its own.
import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { TOP, temporaryFolder } from "../support/places.mjs";
import { finished, Program } from "../support/program.mjs";
import { Process, Redis } from "../support/servers.mjs";
import { until } from "../support/wait.mjs";
import { http } from "./contract-checks.mjs";

const GUIDE = readFileSync(join(TOP, "docs/guide.md"), "utf8");
const blocks = (language) => [...GUIDE.matchAll(new RegExp(`^[ ]*\`\`\`${language}\\n(.*?)^[ ]*\`\`\``, "gms"))].map(([, text]) => text);

/** The first block of JavaScript that holds this. */
function block(text) {
  const found = blocks("javascript").find((one) => one.includes(text));
  assert.ok(found, `the guide has no code with ${text}`);
  return found;
}

/** The guide's variables, with its key or another. */
function environment(key) {
  const [env] = blocks("env");
  const printed = Object.fromEntries(env.trim().split("\n").map((line) => line.split("=")));
  assert.deepEqual(Object.keys(printed), ["CLOUD_API_KEY", "REDIS_HOST", "REDIS_PORT"]);
  return { ...printed, CLOUD_API_KEY: key };
}

/** The backend as the guide has it. */
async function backend(test, key) {
  const env = environment(key);
  await Redis.start(test, Number(env.REDIS_PORT));
  const started = await Process.start(test, env, { port: 5000 });
  await until(() => started.program.errors, () => started.program.errors.includes("WebSocket sync notification service initialized"));
  return started;
}

/** Runs code of the guide. */
function run(test, code) {
  const folder = temporaryFolder(test, "campana-guide-");
  symlinkSync(join(TOP, "tests/node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "cliente.mjs"), code);
  const program = new Program(test, process.execPath, [join(folder, "cliente.mjs")]);
  const says = (text) => until(() => `${text}; ${program.lines.join("\n")} ${program.errors}`,
    () => program.lines.join("\n").includes(text) || program.errors.includes(text));
  return { program, says };
}

function inside() {
  const CONNECTION = block("// Configuración del cliente");

  it("the client of section 1, with the manual test of section 4", async (test) => {
    const started = await backend(test, "tu-cloud-api-key");
    const shop = http(started.url, "tu-cloud-api-key");
    const [before] = await shop.sample(1);
    const { says } = run(test, `${CONNECTION}\n${block("// 1. Conectar")}`);
    await says("✅ Conectado al WebSocket de sincronización");
    await says("Socket ID:");
    await says("✅ Conectado correctamente");
    await says("📦 Órdenes pendientes:");
    await says(before);
    const [made] = await shop.sample(1);
    await says("📨 Notificación recibida: Hay cambios pendientes de sincronizar");
    await says("✅ Evento changes:pending recibido!");
    await says("Cambios pendientes recibidos:");
    await says(made);
    await started.stop();
    await says("🔌 Desconectado: transport close");
    await started.start();
    await until("it came again by itself", async () => (await (await shop.call("/debug/clients")).json()).count === 1);
  });

  it("the client of section 1 with a key that is not the backend's", async (test) => {
    await backend(test, "otra-clave-muy-distinta");
    const { says } = run(test, CONNECTION);
    await says("❌ Error de conexión: Invalid API key");
    await says("El API key proporcionado no es válido");
  });

  it("the complete client of section 5", async (test) => {
    const started = await backend(test, "tu-api-key");
    const shop = http(started.url, "tu-api-key");
    const { says } = run(test, block("class SyncClient"));
    await says("✅ Conectado al servidor de sincronización");
    const [made] = await shop.sample(1);
    await says("📨 Cambios pendientes detectados");
    await says("Datos sincronizados:");
    await says(made);
  });
}

if (process.env.CAMPANA_OWN_NETWORK) inside();
else {
  it("the guide's client runs as printed", async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const rights = process.getuid() === 0 ? [] : ["--map-current-user", "--keep-caps"];
    const end = await finished("unshare", [...rights, "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"',
      process.execPath, fileURLToPath(import.meta.url)], { env: { ...env, CAMPANA_OWN_NETWORK: "1" } });
    assert.equal(end.code, 0, [...end.lines, end.errors].join("\n"));
  });
}
