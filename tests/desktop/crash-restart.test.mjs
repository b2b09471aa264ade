// What stops comes back by itself, and what rings rings on: a part of the app that panics, and the whole process.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { notifications } from "../support/notifications.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { runningIn } from "../support/program.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const ofOrders = (alarm) => alarm?.startsWith("Orders") ?? false;
/** As long as a part may be away. */
const HEALED = { within: 30_000 };

/** How often the app started, by what it printed. */
const starts = (bell) => [...bell.errors.matchAll(/Campana starts version/g)].length;

test("a process that is killed comes back and rings on, and one that was told to end does not", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const home = temporaryFolder(t);
  const bell = await Bell.start(t, home, backend, { environment: { CAMPANA_CRASH_RESTART: "" } });
  const tray = new Tray();
  await backend.make(2);
  await bell.sounds("for orders", ofOrders);
  await until("the server has the confirmations", () => backend.allConfirmed());

  const before = notifications().length;
  process.kill(bell.child.pid, "SIGKILL");
  await until(() => `it starts again; ${bell.errors.slice(-500)}`, () => starts(bell) === 2, HEALED);
  await tray.shows("two orders", (told) => told.unseen === 2);
  await until("it tells what still rings", () => notifications().length > before, HEALED);
  await tray.quit();
  await until("nothing of it runs any more, nor what would start it again", () => runningIn(home).length === 0, HEALED);
  assert.equal(starts(bell), 2);
});

for (const part of ["controller", "tray", "sound", "windows", "notifications", "system"]) {
  test(`an order made after a panic of ${part} is heard`, async (t) => {
    onVirtualDesktop();
    const home = temporaryFolder(t);
    const plan = join(home, "panic");
    const backend = await NodeBackend.start(t);
    const bell = await Bell.start(t, home, backend, {
      environment: { CAMPANA_CRASH_RESTART: "", CAMPANA_TEST_PANIC: plan },
    });
    const tray = new Tray();
    writeFileSync(plan, part);
    await until(() => `it panics; ${bell.errors.slice(-500)}`, () => bell.errors.includes(`planted in ${part}`), HEALED);
    assert.ok(!existsSync(plan), "it panics once");
    const panicked = Date.now();
    await backend.make(1);
    await tray.shows("the order", (told) => told.unseen === 1, HEALED);
    await bell.sounds("for it", ofOrders, HEALED);
    assert.ok(Date.now() - panicked < 35_000, "it took too long");
    assert.equal(starts(bell), part === "controller" ? 2 : 1);
  });
}
