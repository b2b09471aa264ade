import type { ActivityPage, ActivityView } from "../bindings";

/** Newest first: each line is so many seconds before now. */
const day: [number, string, Partial<ActivityView>?][] = [
  [8, "pull", { detail: "guide", number: 0, milliseconds: 84, bytes: 41 }],
  [9, "asked", { detail: "sync_now" }],
  [48, "confirm", { detail: "guide", number: 1, milliseconds: 71 }],
  [48, "store", { number: 1, milliseconds: 6 }],
  [49, "pull", { detail: "guide", number: 1, milliseconds: 92, bytes: 2_914 }],
  [49, "hint", { detail: "orders:pending", number: 1, bytes: 96 }],
  [110, "question", { number: 0, milliseconds: 38, bytes: 2 }],
  [171, "status", { detail: "in_sync" }],
  [171, "pull", { detail: "guide", number: 2, milliseconds: 131, bytes: 5_804 }],
  [172, "joined", { milliseconds: 240 }],
  [172, "connecting", { detail: "web_socket", number: 4 }],
  [176, "retry", { number: 4 }],
  [176, "pull", { detail: "guide timed_out", milliseconds: 30_000, wentWell: false }],
  [214, "status", { detail: "offline server_unreachable", wentWell: false }],
  [214, "closed", { detail: "lost", milliseconds: 5_412_000, wentWell: false }],
  [930, "set_aside", { detail: "order 68f0c2", wentWell: false }],
  [931, "pull", { detail: "guide", number: 3, milliseconds: 96, bytes: 9_120 }],
  [5_630, "joined", { milliseconds: 198 }],
  [5_631, "configured", { detail: "ready" }],
  [5_631, "started"],
];

/** What has happened in a scene; `calm` knows of no trouble, `empty` of nothing at all. */
export function activities(scene: string, limit: number): ActivityPage {
  if (scene === "empty") return { activities: [], setAside: [], refused: [] };
  const now = Date.now();
  const all = day.map(([seconds, kind, rest]) => ({
    at: now - seconds * 1_000,
    kind,
    wentWell: true,
    detail: null,
    bytes: null,
    milliseconds: null,
    number: null,
    ...rest,
  }));
  if (scene === "calm") {
    return { activities: all.filter((each) => each.wentWell).slice(0, limit), setAside: [], refused: [] };
  }
  return {
    activities: all.slice(0, limit),
    setAside: [
      {
        at: now - 930_000,
        kind: "order",
        reason: "missing field `createdAt` at line 1 column 412",
        raw: '{"_id":"68f0c2","type":"delivery","items":[{"product":{"name":"Pizza grande"},"finalPrice":"289.00"}]',
      },
    ],
    refused: [{ at: now - 3_600_000, kind: "order", id: "68f0a97be1" }],
  };
}
