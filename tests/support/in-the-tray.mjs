// The real app in its tray, connected, with no window open and no WebDriver.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEY, NodeBackend } from "./backends.mjs";
import { built, cleanEnvironment } from "./places.mjs";
import { Program } from "./program.mjs";
import { Tray } from "./tray.mjs";

const IN_SYNC = /Al día/;

/** Starts it with a backend of its own and waits until it says that it is in sync; `home` is its folder for everything. */
export async function inTheTray(test, home) {
  const backend = await NodeBackend.start(test);
  const config = join(home, "config");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "settings.toml"), `address = "${backend.url}"\nreceiver = "campana"\n`);
  const app = new Program(test, built("campana"), [], {
    // The system prints to a file in the folder that the app was started in.
    cwd: home,
    env: cleanEnvironment(home, {
      CAMPANA_DATA_DIR: join(home, "data"), CAMPANA_CONFIG_DIR: config, CAMPANA_API_KEY: KEY, CAMPANA_LANG: "es",
    }),
  });
  const tray = new Tray();
  await tray.shows("that it is in sync", (told) => IN_SYNC.test(JSON.stringify(told.entries)), { within: 30_000 });
  return { root: app.child.pid, backend, tray };
}
