// A page whose process dies, as it does when the memory runs out: the open window is back and of use.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { Bell } from "../support/bell.mjs";
import { processes } from "../support/memory.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { drawn, listedWindow, onVirtualDesktop, photograph, pressKeys } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

test("a window whose page dies is back with its orders, also when it dies again", async (t) => {
  onVirtualDesktop();
  const backend = await NodeBackend.start(t);
  const bell = await Bell.start(t, temporaryFolder(t), backend);
  const tray = new Tray();
  const pages = () => processes(bell.child.pid).filter(({ name }) => name.startsWith("WebKitWebProces")).map(({ process }) => process);
  await backend.make(3);
  await tray.shows("three orders", (told) => told.unseen === 3);
  await tray.choose(/^Abrir/);
  const main = await listedWindow("Campana");
  await drawn(main);

  for (const left of [2, 1]) {
    const [page] = pages();
    process.kill(page, "SIGKILL");
    await until("another process has the page", () => pages().length === 1 && !pages().includes(page), { within: 30_000 });
    await drawn(main);
    await photograph(`page-death-${left}.png`);
    // *Visto* by its key: only a page that shows an order takes it.
    await until("an order is seen", async () => {
      await pressKeys(main, "v");
      return (await tray.now()).unseen <= left;
    }, { within: 30_000, every: 1000 });
  }
  assert.equal(await listedWindow("Campana"), main, "it is the same window");
});
