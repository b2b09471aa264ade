// The real app as it runs all day: in the tray, without a window that a test steers.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEY } from "./backends.mjs";
import { built, cleanEnvironment } from "./places.mjs";
import { Program } from "./program.mjs";
import { until } from "./wait.mjs";

/** What the app is heard to do, by its log; an alarm is asked for whether or not there is a device. */
export class Bell extends Program {
  /** Starts it for this backend, set up before; resolves when it is connected. */
  static async start(test, home, backend, options = {}) {
    const bell = Bell.begin(test, home, backend, options);
    await until(() => `the app is connected; ${bell.errors.slice(-800)}`,
      async () => bell.running && (await backend.state()).connectedClients.length === 1, { within: 30_000 });
    return bell;
  }

  /** Starts it, and waits for nothing. */
  static begin(test, home, backend, { settings = "", environment = {}, program = built("campana") } = {}) {
    const config = join(home, "config");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "settings.toml"), `receiver = "campana"\n${settings}`);
    return new Bell(test, program, [], {
      // The system prints to a file in the folder that the app was started in.
      cwd: home,
      env: cleanEnvironment(home, {
        CAMPANA_BACKEND_URL: backend.url, CAMPANA_API_KEY: KEY, CAMPANA_CONFIG_DIR: config,
        CAMPANA_DATA_DIR: join(home, "data"), CAMPANA_LANG: "es", CAMPANA_LOG: "campana_app=debug,campana_shell=debug", NO_COLOR: "1", ...environment,
      }),
    });
  }

  /** The alarm that it sounds now, as its log names it: `Orders { louder: false }`, or null for none. */
  get alarm() {
    const last = [...this.errors.matchAll(/the alarm changes wanted=(?:Some\((.*)\)|None)/g)].at(-1);
    return last?.[1] ?? null;
  }

  /** Waits until it has noticed that nothing shows a tray: a panel may come late, so it waits a while itself. */
  async missesTheTray() {
    await until(() => `it misses the tray; ${this.errors.slice(-800)}`,
      () => /the desktop's tray is_there=false/.test(this.errors));
  }

  /** Waits until it sounds so. */
  async sounds(what, is, options) {
    await until(() => `it sounds ${what}; it sounds ${this.alarm}; ${this.errors.slice(-800)}`, () => is(this.alarm), options);
  }
}
