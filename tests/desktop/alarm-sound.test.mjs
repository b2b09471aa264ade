// What comes out of the loudspeaker when the real app has an order to tell of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "../support/app.mjs";
import { KEY, NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { onVirtualDesktop } from "../support/screen.mjs";
import { chime, loudness, Loudspeaker } from "../support/sound.mjs";
import { Tray } from "../support/tray.mjs";
import { until } from "../support/wait.mjs";

const SILENT = 1e-4;

/** Whatever the windows may ask of the app, asked from the settings window. */
async function ask(app, command, words = {}) {
  const told = await app.web.executeAsyncScript(
    `const [command, words, done] = arguments;
     window.__TAURI_INTERNALS__.invoke(command, words).then((value) => done({ value }), (error) => done({ error }));`,
    command, words,
  );
  assert.equal(told.error, undefined, `${command}: ${JSON.stringify(told.error)}`);
  return told.value;
}

async function prefer(app, alerts) {
  const { preferences } = await ask(app, "view");
  await ask(app, "save_preferences", { preferences: { ...preferences, alerts: { ...preferences.alerts, ...alerts } } });
}

/** The settings window, through which the app is steered. */
async function running(t, home, loudspeaker) {
  const backend = await NodeBackend.start(t);
  const app = await App.start(t, home, loudspeaker.environment);
  await app.setUp(backend.url, KEY);
  await until("the app is connected", async () => (await backend.state()).connectedClients.length === 1);
  return { app, backend };
}

/** *Visto*, in the main window; the settings window is steered again afterwards. */
async function see(app, tray, seen) {
  await tray.choose(/^Abrir/);
  await app.windowWith("sync-now");
  await app.one("seen-button");
  const result = await seen();
  await app.windowWith("save");
  return result;
}

test("an order sounds until it is seen, in the way that the settings say", async (t) => {
  onVirtualDesktop();
  const loudspeaker = await Loudspeaker.pluggedIn(t);
  const { app, backend } = await running(t, temporaryFolder(t), loudspeaker);
  const tray = new Tray();
  assert.ok(loudness(loudspeaker.between(0)) < SILENT, "finding out whether it can be heard is silent");

  // The bell, at once and on and on.
  let place = loudspeaker.now();
  await backend.make(1);
  const began = await loudspeaker.soundAfter(place);
  t.diagnostic(`the bell ${(began - place).toFixed(2)} s after the order was made`);
  const bell = await loudspeaker.stretch(began, began + 1.5);
  assert.equal(chime(bell).name, "bell");
  assert.ok(chime(bell).clearly > 3, `${JSON.stringify(chime(bell))}`);
  for (const from of [2, 4, 6]) {
    assert.ok(loudness(await loudspeaker.stretch(began + from, began + from + 2)) > 0.01, `after ${from} s`);
  }

  // Quieter and louder while it sounds.
  await prefer(app, { volume: 30 });
  await loudspeaker.next(0.5);
  const quiet = loudness(await loudspeaker.next(4));
  await prefer(app, { volume: 100 });
  await loudspeaker.next(0.5);
  const loud = loudness(await loudspeaker.next(4));
  t.diagnostic(`100 % is ${(20 * Math.log10(loud / quiet)).toFixed(1)} dB above 30 %`);
  assert.ok(loud > 4 * quiet && quiet > 0.001, `${loud} and ${quiet}`);

  // Another chime, at once.
  for (const name of ["buzzer", "marimba"]) {
    await prefer(app, { chime: name });
    await loudspeaker.next(0.3);
    const heard = await loudspeaker.next(1.5);
    assert.equal(chime(heard).name, name);
    assert.ok(chime(heard).clearly > 2, `${JSON.stringify(chime(heard))}`);
  }

  // Seen.
  const silence = await see(app, tray, async () => {
    await loudspeaker.soundAfter(loudspeaker.now());
    await app.press("seen-button");
    const pressed = loudspeaker.now();
    return await loudspeaker.stretch(pressed + 1, pressed + 5);
  });
  assert.ok(loudness(silence) < SILENT, `a second after it was seen: ${loudness(silence)}`);

  // Mute is said, and a chime can be tried all the same.
  await prefer(app, { volume: 0 });
  assert.equal((await ask(app, "view")).sound, "muted");
  place = loudspeaker.now();
  await ask(app, "preview_chime", { chime: "buzzer", volume: 60 });
  const tried = await loudspeaker.soundAfter(place);
  assert.equal(chime(await loudspeaker.stretch(tried, tried + 1)).name, "buzzer");
  assert.ok(loudness(await loudspeaker.stretch(tried + 2, tried + 4)) < SILENT);
});

test("without a loudspeaker the app says so, and the alarm sounds as soon as there is one", async (t) => {
  onVirtualDesktop();
  const loudspeaker = new Loudspeaker(t);
  const { app, backend } = await running(t, temporaryFolder(t), loudspeaker);
  const sound = (expected) => until(`the sound is ${expected}`, async () => (await ask(app, "view")).sound === expected, { every: 200, within: 20_000 });

  // Before any order had to be heard.
  await sound("no_device");
  await new Tray().choose(/^Abrir/);
  await app.windowWith("sync-now");
  await until("the window says it", async () => (await app.web.findElement({ css: "body" }).getText()).includes("no se oyen"));
  await app.windowWith("save");

  await backend.make(1);
  await until("it is confirmed", () => backend.allConfirmed());
  await loudspeaker.plugIn();
  let began = await loudspeaker.soundAfter(0, { within: 10_000 });
  assert.equal(chime(await loudspeaker.stretch(began, began + 1.5)).name, "bell");
  await sound("works");

  // Pulled out under the alarm, and plugged in again.
  await loudspeaker.pullOut();
  await sound("no_device");
  await loudspeaker.plugIn();
  began = await loudspeaker.soundAfter(0, { within: 10_000 });
  assert.equal(chime(await loudspeaker.stretch(began, began + 1.5)).name, "bell");
  await sound("works");
});

test("a sound system that hangs delays no order and no end", async (t) => {
  onVirtualDesktop();
  const loudspeaker = await Loudspeaker.pluggedIn(t);
  const { app, backend } = await running(t, temporaryFolder(t), loudspeaker);
  const tray = new Tray();
  loudspeaker.freeze();
  const made = performance.now();
  await backend.make(1);
  await until("it is confirmed", () => backend.allConfirmed());
  await tray.shows("one order", (told) => told.unseen === 1);
  t.diagnostic(`confirmed and in the tray after ${((performance.now() - made) / 1000).toFixed(2)} s`);
  await until("the app says that nothing plays", async () => (await ask(app, "view")).sound === "failing", { every: 200, within: 20_000 });
  const place = loudspeaker.now();
  loudspeaker.thaw();
  await loudspeaker.soundAfter(place, { within: 15_000 });
  await until("the app says that it works", async () => (await ask(app, "view")).sound === "works", { every: 200 });

  loudspeaker.freeze();
  await until("the app says that nothing plays", async () => (await ask(app, "view")).sound === "failing", { every: 200, within: 20_000 });
  await tray.quit();
  await until("Campana is gone from the tray", async () => {
    try {
      await tray.now();
      return false;
    } catch (error) {
      return /not in the tray/.test(error.message);
    }
  }, { within: 8_000 });
});
