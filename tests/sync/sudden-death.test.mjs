// `campana-sync watch` is killed again and again while orders are made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const DEATHS = 50;

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`killed ${DEATHS} times at random moments: nothing lost, nothing confirmed that is not in the inbox`, async (t) => {
  const seed = Number(process.env.CAMPANA_SEED ?? Date.now() % 2 ** 31);
  t.diagnostic(`CAMPANA_SEED=${seed}`);
  const random = seeded(seed);
  const backend = await NodeBackend.start(t);
  const shop = new Shop(t, temporaryFolder(t), backend.url);
  const made = [];
  let confirmedAtDeath = 0;
  for (let death = 1; death <= DEATHS; death += 1) {
    const watch = shop.watch();
    // The moment of death is the random thing that is tested; half of them follow an order closely.
    const alive = random() < 0.5 ? random() * 150 : 150 + random() * 500;
    made.push(...(await backend.make(1 + Math.floor(random() * 3))));
    await pause(alive);
    made.push(...(await backend.make(1 + Math.floor(random() * 2))));
    await pause(random() * 60);
    await watch.kill("SIGKILL");
    const { orders } = await backend.state();
    const confirmed = orders.filter((one) => one.confirmed).map((one) => one.id);
    if (confirmed.length > confirmedAtDeath) {
      confirmedAtDeath = confirmed.length;
      const kept = new Set(await shop.ids());
      assert.deepEqual(confirmed.filter((id) => !kept.has(id)), [], `confirmed but not kept after death ${death}, seed ${seed}`);
    }
  }
  t.diagnostic(`${made.length} orders made; ${confirmedAtDeath} confirmed before the last death`);
  assert.ok(confirmedAtDeath > 0, "some lived long enough to confirm; otherwise this tested nothing");
  const watch = shop.watch();
  await watch.becomes("in_sync", { within: 30_000 });
  await until("all are confirmed", () => backend.allConfirmed(), { within: 30_000 });
  const ids = await shop.ids();
  assert.equal(new Set(ids).size, ids.length, "none twice");
  assert.deepEqual(ids.toSorted(), made.toSorted(), `nothing lost, seed ${seed}`);
  await until("every one of them rings", () => {
    const rang = new Set(watch.of("alert").map((one) => one.order_id));
    return made.every((id) => rang.has(id));
  });
  const check = await shop.run("inbox", "check", "--data-dir", shop.data);
  assert.equal(check.code, 0, check.errors);
});
