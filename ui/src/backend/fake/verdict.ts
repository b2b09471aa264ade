import type { Severity, Verdict, View } from "../bindings";

/** Every verdict, from the best to the worst, as the engine ranks them. */
export const ranked = [
  "in_sync",
  "syncing",
  "connecting",
  "polling_only",
  "paused",
  "confirmations_refused",
  "another_receiver",
  "unreadable",
  "limited",
  "unheard",
  "not_configured",
  "key_missing",
  "key_refused",
  "storage_failed",
  "offline",
  "part_stopped",
] as const satisfies readonly Verdict[];

/** The worst of what the view says. Nothing else in it tells of a part that stopped, so that verdict stays. */
export function verdictOf(view: View): Verdict {
  const unread = view.orders.some((order) => order.unreadable !== null && order.attention === "new");
  const found: [boolean, Verdict][] = [
    [true, view.status.kind],
    [view.pause !== null, "paused"],
    [view.status.confirmationsRefused > 0, "confirmations_refused"],
    [view.status.anotherReceiver, "another_receiver"],
    [unread, "unreadable"],
    [view.sound !== "works", "unheard"],
    [view.verdict === "part_stopped", "part_stopped"],
  ];
  const places = found.filter(([holds]) => holds).map(([, verdict]) => ranked.indexOf(verdict));
  return ranked[Math.max(...places)] ?? view.status.kind;
}

/** How serious it is. */
export function severityOf(verdict: Verdict): Severity {
  switch (verdict) {
    case "in_sync":
      return "fine";
    case "syncing":
    case "connecting":
      return "busy";
    case "paused":
    case "not_configured":
      return "idle";
    case "polling_only":
    case "confirmations_refused":
    case "another_receiver":
    case "unreadable":
      return "warning";
    case "limited":
    case "unheard":
    case "key_missing":
    case "key_refused":
    case "storage_failed":
    case "offline":
    case "part_stopped":
      return "trouble";
  }
}
