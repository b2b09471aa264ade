// Where the tests find the programs, and where they put things.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { atEnd } from "./ending.mjs";

export const TOP = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const DEBUG = process.env.CAMPANA_TARGET ?? join(TOP, "target/debug");

/** The path of a program of this project. Throws when it is not built. */
export function built(name) {
  const path = join(DEBUG, name);
  if (!existsSync(path)) throw new Error(`${path} is not there: cargo build --workspace`);
  return path;
}

/** A folder that is removed at the end of this test. */
export function temporaryFolder(test, name = "campana-test-") {
  const folder = mkdtempSync(join(tmpdir(), name));
  atEnd(test, () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Where screenshots go. */
export function shot(name) {
  const folder = resolve(DEBUG, "../shots");
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

/** The environment of a program that must see nothing of the person who runs the tests. */
export function cleanEnvironment(home, more = {}) {
  const kept = ["PATH", "LANG", "TZ", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
    "XDG_CURRENT_DESKTOP", "NO_AT_BRIDGE", "GTK_THEME", "GDK_BACKEND", "LIBGL_ALWAYS_SOFTWARE"];
  const environment = Object.fromEntries(kept.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
  return {
    ...environment, HOME: home, XDG_CONFIG_HOME: join(home, ".config"), XDG_DATA_HOME: join(home, ".local/share"),
    XDG_CACHE_HOME: join(home, ".cache"), XDG_STATE_HOME: join(home, ".local/state"),
    // Nobody's loudspeaker rings, and no sound server is started for it.
    // A process that a test kills stays dead.
    CAMPANA_CRASH_RESTART: "never",
    PULSE_SERVER: `unix:${join(home, "no-sound-server")}`, ...more,
  };
}
