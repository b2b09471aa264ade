import { describe, expect, test } from "vitest";

import type { ActivityView } from "../backend/bindings";
import { hasText } from "../text/catalogue";
import { entries, type Entry, explain } from "./activity";

function activity(kind: string, wentWell: boolean, detail: string | null = null, number: number | null = null): Entry {
  const rest: Omit<ActivityView, "kind" | "wentWell" | "detail" | "number"> = { at: 0, bytes: null, milliseconds: null };
  return { is: "activity", activity: { ...rest, kind, wentWell, detail, number } };
}

/** What the engine notes, with each code that it uses. */
const known: Entry[] = [
  ...["started", "ended", "joined", "hint", "retry"].map((kind) => activity(kind, true)),
  ...["not_configured", "key_missing", "key_unavailable", "ready"].map((code) => activity("configured", true, code)),
  ...["sync_now", "network_changed"].map((code) => activity("asked", true, code)),
  ...["web_socket", "polling"].map((code) => activity("connecting", true, code, 2)),
  ...["key_required", "invalid_key", "authentication_failed", "invalid_namespace", "other"].map((code) =>
    activity("refused", false, code),
  ),
  ...["connect_timed_out", "join_timed_out", "unreachable", "certificate_refused", "certificate_authority_unusable", "kicked", "lost"].map(
    (code) => activity("closed", false, code),
  ),
  activity("closed", true, "by_campana"),
  activity("question", true, null, 0),
  activity("question", false, "no_answer"),
  ...["pull", "confirm"].flatMap((kind) =>
    ["unreachable", "timed_out", "broken_off", "key_refused 401", "status 503", "redirected 301", "too_large", "not_understood", "certificate_refused", "abandoned"].map(
      (code) => activity(kind, false, `unified-legacy ${code}`),
    ),
  ),
  activity("pull", true, "guide", 3),
  activity("confirm", true, "guide", 3),
  activity("store", true, null, 1),
  ...["disk_full", "unwritable"].map((code) => activity("store", false, code)),
  activity("set_aside", false, "order 68f0c2"),
  activity("status", true, "in_sync"),
  activity("status", false, "offline server_unreachable"),
  activity("something_newer", false, "whatever"),
  { is: "set-aside", setAside: { at: 0, kind: "order", reason: "", raw: null } },
  { is: "set-aside", setAside: { at: 0, kind: "customer", reason: "", raw: null } },
  { is: "refused", refused: { at: 0, kind: "order", id: "" } },
  { is: "refused", refused: { at: 0, kind: "customer", id: "" } },
];

test("there are words for all that the engine notes", () => {
  const named = known.map(explain).flatMap(({ title, detail, meaning, cause, hints }) => [
    title.key,
    ...(detail ? [detail.key] : []),
    meaning,
    ...(cause ? [cause] : []),
    ...hints,
  ]);
  expect(named.filter((key) => !hasText(key))).toEqual([]);
  const unknown = known.filter((entry) => explain(entry).meaning === "meaning-unknown");
  expect(unknown).toHaveLength(1);
});

describe("what can be done", () => {
  test("a key that was refused is to be copied again", () => {
    const { cause, hints } = explain(activity("pull", false, "guide key_refused 401"));
    expect(cause).toBe("cause-key-refused");
    expect(hints[0]).toBe("hint-copy-key");
  });

  test("a full disk is to be emptied", () => {
    expect(explain(activity("store", false, "disk_full")).hints[0]).toBe("hint-free-space");
  });

  test("an order that could not be read is to be looked for at the till", () => {
    expect(explain(known.find((entry) => entry.is === "set-aside") as Entry).hints[0]).toBe("hint-find-order");
  });

  test("nothing, where all went well or Campana goes on by itself", () => {
    expect(explain(activity("pull", true, "guide", 1)).hints).toEqual([]);
    expect(explain(activity("pull", false, "guide abandoned")).hints).toEqual([]);
  });
});

test("what could not be taken stands on top, and only problems are shown when asked", () => {
  const page = {
    activities: [activity("pull", true), activity("pull", false)].flatMap((each) => (each.is === "activity" ? [each.activity] : [])),
    setAside: [{ at: 0, kind: "order", reason: "", raw: null }],
    refused: [{ at: 0, kind: "order", id: "a" }],
  };
  expect(entries(page, false).map((entry) => entry.is)).toEqual(["set-aside", "refused", "activity", "activity"]);
  expect(entries(page, true)).toHaveLength(3);
});
