// The virtual screen: windows, mouse and pictures.
import { setTimeout as pause } from "node:timers/promises";
import { shot } from "./places.mjs";
import { finished } from "./program.mjs";
import { until } from "./wait.mjs";

async function tool(name, ...words) {
  const end = await finished(name, words.map(String), { within: 20_000 });
  if (end.code !== 0) throw new Error(`${name} ${words.join(" ")}: ${end.errors.trim() || end.code}`);
  return end.lines;
}

/** Throws outside the virtual desktop: a person's own must not be touched. */
export function onVirtualDesktop() {
  if (!process.env.CAMPANA_VIRTUAL_DESKTOP) {
    throw new Error("run it with: tests/desktop/virtual-desktop node --test tests/desktop/");
  }
}

/** Saves a picture of the whole screen under `target/shots`; its path. */
export async function photograph(name) {
  // What was drawn last needs a moment until it is on the screen, and nothing tells when it is.
  await pause(700);
  const path = shot(name);
  await tool("import", "-window", "root", path);
  return path;
}

/** Waits for a window with this text in its title; its number. */
export async function windowNamed(text, options) {
  return await until(`a window "${text}"`, async () => {
    const end = await finished("xdotool", ["search", "--onlyvisible", "--name", text]);
    return end.lines.at(-1);
  }, options);
}

/** Waits for a window of this very title in the window manager's list, where no icon of a tray is; its number. */
export async function listedWindow(title, options) {
  return await until(`a window "${title}" in the list`, async () => {
    const lines = (await finished("wmctrl", ["-l"])).lines.map((line) => line.split(/\s+/));
    return lines.find(([, , , ...words]) => words.join(" ") === title)?.[0];
  }, options);
}

/** Waits until something is drawn in it: an empty window has hardly a colour. */
export async function drawn(number) {
  await until("the window is drawn", async () => {
    const [colours] = await tool("import", "-window", number, "-format", "%k\\n", "info:");
    return Number(colours) > 64;
  }, { within: 30_000, every: 200 });
}

/** Closes it as its cross does. */
export async function closeWindow(number) {
  await tool("wmctrl", "-i", "-c", number);
}

/** Brings it to the front. */
export async function raiseWindow(number) {
  await tool("wmctrl", "-i", "-a", number);
}

/** Presses keys in it, one after the other. */
export async function pressKeys(number, ...keys) {
  await tool("xdotool", "windowactivate", "--sync", number, "key", "--delay", 100, ...keys);
}

/** Opens the menu of the only tray item. */
export async function openTrayMenu() {
  await clickTray("3");
}

/** Clicks on the only tray item: the panel is at the top and its tray at the right end. */
export async function clickTray(button) {
  const find = async () => (await finished("xdotool", ["search", "--class", "wrapper-2.0"])).lines;
  const candidates = await find();
  for (const number of candidates.reverse()) {
    const geometry = Object.fromEntries((await tool("xdotool", "getwindowgeometry", "--shell", number)).map((line) => line.split("=")));
    if (Number(geometry.WIDTH) < 8 || Number(geometry.WIDTH) > 400 || Number(geometry.HEIGHT) > 100) continue;
    await tool("xdotool", "mousemove", Number(geometry.X) + Math.floor(geometry.WIDTH / 2), Number(geometry.Y) + Math.floor(geometry.HEIGHT / 2), "click", button);
    return;
  }
  const [size] = await tool("xdotool", "getdisplaygeometry");
  await tool("xdotool", "mousemove", Number(size.split(" ")[0]) - 20, 16, "click", button);
}

/** Closes an open menu. */
export async function closeTrayMenu() {
  await tool("xdotool", "key", "Escape");
}
