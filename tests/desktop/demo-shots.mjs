// The demo on the virtual desktop: saves pictures and says where.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built, cleanEnvironment } from "../support/places.mjs";
import { Program } from "../support/program.mjs";
import { closeTrayMenu, closeWindow, drawn, onVirtualDesktop, openTrayMenu, photograph, raiseWindow, windowNamed } from "../support/screen.mjs";
import { Tray } from "../support/tray.mjs";

onVirtualDesktop();
const home = mkdtempSync(join(tmpdir(), "campana-demo-"));
const app = new Program(null, built("campana"), ["--demo"], { env: cleanEnvironment(home, { CAMPANA_LANG: process.env.CAMPANA_LANG ?? "es" }) });
const saved = [];
try {
  const tray = new Tray();
  await tray.shows("an order", (told) => told.unseen > 0, { within: 30_000 });
  const main = await windowNamed("Campana");
  await drawn(main);
  await openTrayMenu();
  saved.push(await photograph("demo-tray.png"));
  await closeTrayMenu();
  await tray.shows("a second order", (told) => told.unseen > 1, { within: 40_000 });
  await raiseWindow(main);
  saved.push(await photograph("demo-main.png"));
  await tray.choose(/^(Ajustes|Settings)/);
  const settings = await windowNamed("Ajustes|Settings");
  await raiseWindow(settings);
  await drawn(settings);
  saved.push(await photograph("demo-settings.png"));
  await closeWindow(main);
  await tray.choose(/^(Salir|Quit|Exit)/);
  await Promise.race([app.ended(), new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
} catch (error) {
  process.stderr.write(`${app.errors.slice(-2000)}\n`);
  throw error;
} finally {
  await app.kill();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
process.stdout.write(`Pictures of the demo:\n${saved.map((path) => `  ${path}\n`).join("")}`);
