// A cable that is pulled and plugged: what the status says, and that nobody waits for a long backoff to end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY } from "../support/backends.mjs";
import { Network } from "../support/networks.mjs";
import { built, temporaryFolder } from "../support/places.mjs";
import { Program } from "../support/program.mjs";
import { Shop, Watch } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const ADDRESS = "10.77.0.1";

test("a plugged cable ends the wait at once, and a pulled one is told", async (t) => {
  const network = await Network.make(t);
  const [command, ...words] = network.words(built("campana-backend"), "--listen", "0.0.0.0:0");
  const backend = new Program(t, command, words, { env: { ...process.env, CLOUD_API_KEY: KEY } });
  const line = await until(() => `the backend listens; ${backend.errors}`, () => backend.lines[0]);
  const { port } = new URL(line.slice("listening on ".length));
  const shop = new Shop(t, temporaryFolder(t), `http://${ADDRESS}:${port}`);
  const [program, ...rest] = network.words(built("campana-sync"), "watch", "--json",
    "--backend-url", shop.url, "--data-dir", shop.data);
  const watch = new Watch(t, program, rest, shop.env);
  const offline = await watch.becomes("offline");
  assert.equal(offline.cause, "no_network");

  await network.plug(ADDRESS);
  await watch.becomes("in_sync", { within: 20_000 });
  await until("the log says what ended the wait", async () => {
    const { lines } = await shop.run("activity", "--json", "--data-dir", shop.data);
    return lines.some((one) => one.includes("network_changed"));
  }, { within: 45_000, every: 500 });

  await network.unplug();
  const again = await watch.becomes("offline", { within: 90_000 });
  assert.equal(again.cause, "no_network");
});
