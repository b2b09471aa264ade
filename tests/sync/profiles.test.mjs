// Each profile against each shape of server: found, spoken exactly, remembered.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { NodeBackend } from "../support/backends.mjs";
import { temporaryFolder } from "../support/places.mjs";
import { Shop } from "../support/sync.mjs";
import { until } from "../support/wait.mjs";

const PROFILES = {
  guide: { pull: "GET /sync/pull-changes", confirm: "POST /sync/pull-changes", key: "authorization", number: "shiftOrderNumber" },
  unified: { pull: "POST /api/sync/pull-changes", confirm: "POST /api/sync/pull-changes", key: "x-api-key", number: "shiftOrderNumber" },
  "unified-legacy": {
    pull: "POST /api/sync/pull-changes", confirm: "POST /api/sync/pull-changes", key: "x-sync-api-key", number: "dailyNumber",
  },
};
const NAMES = Object.keys(PROFILES);

async function shopAt(t, options, more) {
  const backend = await NodeBackend.start(t, options);
  return { backend, shop: new Shop(t, temporaryFolder(t), backend.url, more) };
}

const spelling = (call) => `${call.method} ${call.path}`;
const profileOf = (call) => NAMES.find((name) => PROFILES[name].key === call.keys.join());

/** Every call is spelled as one profile does, with the key in its header alone; the names of the profiles, in order. */
function profilesOf(calls) {
  return calls.map((call) => {
    const name = profileOf(call);
    assert.ok(name, `the key came in "${call.keys}"`);
    const { pull, confirm, number } = PROFILES[name];
    assert.ok([pull, confirm].includes(spelling(call)), `${name}: ${spelling(call)}`);
    const members = (call.members ?? []).filter((member) => !["orderId", number].includes(member));
    assert.deepEqual(members, [], name);
    return name;
  });
}

/** What must never be said of a server whose profile is found out. */
function nothingBadWasSaid(watch) {
  const told = watch.of("status").map((one) => one.status);
  assert.ok(!told.includes("key_refused") && !told.includes("offline"), told.join(", "));
}

async function receives(backend, watch) {
  await watch.becomes("in_sync");
  const [numbered] = await backend.take({ id: "con-numero", shiftOrderNumber: 41, total: 10 });
  const ids = [numbered, ...(await backend.make(2))];
  await watch.has(ids);
  await until("all are confirmed", () => backend.allConfirmed());
  return ids;
}

describe("auto against each server", { concurrency: 3 }, () => {
  for (const [wrong, profile] of NAMES.entries()) {
    for (const elsewhere of ["404", "405", "401", "html"]) {
      test(`a server that speaks ${profile} and answers ${elsewhere} elsewhere`, async (t) => {
        const { backend, shop } = await shopAt(t, { profile, elsewhere });
        const watch = shop.watch();
        await receives(backend, watch);
        nothingBadWasSaid(watch);
        const calls = await backend.calls();
        const profiles = profilesOf(calls);
        const right = profiles.indexOf(profile);
        const tried = profiles.slice(0, right);
        assert.deepEqual([...new Set(tried)], NAMES.slice(0, wrong), "each wrong one in its turn");
        // What was refused the key before the connection came is asked once more.
        assert.ok(tried.length <= wrong + 1, `one call for each wrong one: ${profiles.join(", ")}`);
        assert.ok(profiles.slice(right).every((one) => one === profile), profiles.join(", "));
        const confirming = calls.filter((call) => call.kind === "confirm");
        assert.ok(confirming.length > 0 && confirming.every((call) => call.status === 200));
        assert.ok(confirming.some((call) => call.members.includes(PROFILES[profile].number)), "a number goes back by its name");
        // A second run knows it.
        await watch.kill("SIGTERM");
        await backend.make(1);
        const again = shop.watch();
        await again.becomes("in_sync");
        await until("all are confirmed", () => backend.allConfirmed());
        nothingBadWasSaid(again);
        const later = profilesOf((await backend.calls()).slice(calls.length));
        assert.ok(later.length > 0 && later.every((one) => one === profile), later.join(", "));
      });
    }
  }
});

describe("a chosen profile", { concurrency: 3 }, () => {
  for (const profile of NAMES) {
    test(`${profile} is spoken and no other`, async (t) => {
      const { backend, shop } = await shopAt(t, { profile });
      const watch = shop.watch("--profile", profile);
      const ids = await receives(backend, watch);
      assert.deepEqual((await shop.ids()).toSorted(), ids.toSorted());
      assert.ok(profilesOf(await backend.calls()).every((one) => one === profile));
      await watch.kill("SIGTERM");
      const other = NAMES.find((name) => name !== profile);
      const before = (await backend.calls()).length;
      const pull = await shop.pull("--profile", other);
      assert.ok([3, 5].includes(pull.code), `exit ${pull.code}: ${pull.errors}`);
      const asked = profilesOf((await backend.calls()).slice(before));
      assert.ok(asked.length > 0 && asked.every((one) => one === other), asked.join(", "));
    });
  }
});

test("the profile of the settings goes with their address, and an argument goes before it", async (t) => {
  const { backend, shop } = await shopAt(t, { profile: "unified" });
  mkdirSync(join(shop.home, "config"));
  writeFileSync(join(shop.home, "config/settings.toml"), `version = 1\naddress = "${backend.url}"\nprofile = "unified-legacy"\n`);
  const pull = async (...words) => {
    const before = (await backend.calls()).length;
    const { code } = await shop.run("pull", "--data-dir", shop.data, ...words);
    return [code, ...new Set(profilesOf((await backend.calls()).slice(before)))];
  };
  assert.deepEqual(await pull(), [3, "unified-legacy"]);
  assert.deepEqual(await pull("--profile", "unified"), [0, "unified"]);
  assert.deepEqual(await pull("--backend-url", backend.url), [0, "guide", "unified"]);
  assert.deepEqual(await pull("--profile", "auto"), [0, "unified"]);
});

test("a server that changes its profile is followed, and the new one is remembered", async (t) => {
  const { backend, shop } = await shopAt(t, { profile: "unified-legacy" });
  const watch = shop.watch();
  await watch.becomes("in_sync");
  for (const [profile, elsewhere] of [["unified", "404"], ["guide", "html"], ["unified", "405"]]) {
    await backend.control("profile", { profile, elsewhere });
    const ids = await backend.make(2);
    await watch.has(ids);
    await until("all are confirmed", () => backend.allConfirmed());
    await watch.becomes("in_sync");
  }
  nothingBadWasSaid(watch);
  await watch.kill("SIGKILL");
  const before = (await backend.calls()).length;
  const again = shop.watch();
  await again.becomes("in_sync");
  assert.ok(profilesOf((await backend.calls()).slice(before)).every((one) => one === "unified"));
});

test("what is remembered belongs to one server", async (t) => {
  const first = await shopAt(t, { profile: "unified" });
  const watch = first.shop.watch();
  await watch.becomes("in_sync");
  await watch.kill("SIGTERM");
  const second = await NodeBackend.start(t, { profile: "guide" });
  const moved = new Shop(t, first.shop.home, second.url);
  const again = moved.watch();
  await again.becomes("in_sync");
  assert.ok(profilesOf(await second.calls()).every((one) => one === "guide"));
});

test("errors that say nothing about profiles lead to no other", async (t) => {
  const { backend, shop } = await shopAt(t, { profile: "unified" });
  for (const answer of [{ status: 503, body: "" }, { mode: "reset" }, { mode: "empty-object" }, { status: 429 }, { status: 500 }]) {
    await backend.control("profile", { profile: "guide" });
    await backend.control("answer", { for: "pull", times: 1_000, ...answer });
    const watch = shop.watch();
    await watch.becomes("offline");
    await until("it tried again", async () => (await backend.calls()).length >= 3);
    assert.ok(profilesOf(await backend.calls()).every((one) => one === "guide"), JSON.stringify(answer));
    await watch.kill("SIGTERM");
    await backend.control("clear-answers");
  }
});

describe("a wrong key under auto", { concurrency: 3 }, () => {
  for (const profile of NAMES) {
    for (const elsewhere of ["404", "401"]) {
      test(`${profile}, ${elsewhere} elsewhere: said within two seconds, never hammered`, async (t) => {
        const { backend, shop } = await shopAt(t, { profile, elsewhere }, { key: "otra-clave" });
        const watch = shop.watch();
        await until("the server refused the key", async () => (await backend.state()).refusals.length > 0, { every: 10 });
        const refused = performance.now();
        const status = await watch.becomes("key_refused");
        assert.ok(status.at - refused < 2_000, `${status.at - refused} ms after the refusal`);
        const counted = async () => {
          const { refusals } = await backend.state();
          return [refusals.filter((one) => one.over === "socket").length, (await backend.calls()).length];
        };
        await until("ten seconds have passed", () => performance.now() - refused >= 10_000, { within: 15_000, every: 500 });
        const [sockets, calls] = await counted();
        t.diagnostic(`${sockets} connections, ${calls} calls in ten seconds`);
        assert.ok(sockets <= 1 && calls <= 3, `${sockets} connections, ${calls} calls`);
        assert.equal(watch.status, "key_refused");
        await watch.kill("SIGTERM");
        const pull = await shop.pull();
        assert.equal(pull.code, 3, pull.errors);
        assert.ok(!`${watch.errors}${watch.lines}${pull.errors}`.includes("otra-clave"), "the key is nowhere told");
      });
    }
  }
});

describe("a bad confirmation", { concurrency: 3 }, () => {
  for (const profile of NAMES) {
    test(`${profile}: is set aside and told, and keeps no order away`, async (t) => {
      const { backend, shop } = await shopAt(t, { profile });
      const ids = await backend.make(30, { hint: false });
      const [bad] = ids.slice(17);
      await backend.control("unconfirmable", { ids: [bad] });
      const watch = shop.watch();
      await watch.has(ids);
      const told = await until("it is set aside", () => watch.of("set_aside").find((one) => one.what === bad));
      assert.equal(told.kind, "order");
      await watch.becomes("in_sync");
      const late = await backend.make(2);
      await watch.has(late);
      const waiting = async () => (await backend.state()).orders.filter((one) => !one.confirmed).map((one) => one.id);
      await until("all others are confirmed", async () => (await waiting()).join() === bad);
      assert.deepEqual((await shop.ids()).toSorted(), [...ids, ...late].toSorted());
      const calls = await backend.calls();
      const failed = calls.flatMap((call, at) => (call.kind === "confirm" && call.status === 500 ? [at] : []));
      assert.ok(failed.length >= 2 && failed.length <= 16, `${failed.length} failed`);
      if (profile !== "guide") {
        for (const at of failed) assert.equal(calls[at + 1].kind, "pull", "the call after a failed one carries empty lists");
      }
      const listed = await shop.run("inbox", "set-aside", "--json", "--data-dir", shop.data);
      const [aside] = listed.lines.map((line) => JSON.parse(line)).filter((one) => one.kind === "order");
      assert.deepEqual([aside.reason, aside.what], ["not_confirmable", bad]);
      // When the order changes, its confirmation is tried again.
      await backend.control("unconfirmable", { ids: [] });
      await backend.control("edit", { id: bad, change: { notes: "Sin cebolla" } });
      await until("it is confirmed", () => backend.allConfirmed());
      await until("it is set aside no more", async () => {
        const { lines } = await shop.run("inbox", "set-aside", "--json", "--data-dir", shop.data);
        return !lines.some((line) => line.includes(bad));
      });
    });
  }
});
