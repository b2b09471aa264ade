import type { ActivityPage, ActivityView, RefusedView, SetAsideView, StatusCode } from "../backend/bindings";
import { hasText } from "../text/catalogue";
import { causeKey, dashed, hints } from "./status";
import type { Phrase } from "./time";

/** A line of *Actividad*: something that happened, or something that could not be taken. */
export type Entry =
  | { is: "activity"; activity: ActivityView }
  | { is: "set-aside"; setAside: SetAsideView }
  | { is: "refused"; refused: RefusedView };

/** What a line says, what it means and what somebody can do: keys of the catalogue. */
export interface Explained {
  title: Phrase;
  /** Beside the title: a figure, or which state. */
  detail: Phrase | null;
  meaning: string;
  /** Why it went wrong, where that is known. */
  cause: string | null;
  /** What to do; empty when there is nothing. */
  hints: string[];
  wentWell: boolean;
}

/** What needs somebody first, then what happened, newest first. */
export function entries(page: ActivityPage, onlyProblems: boolean): Entry[] {
  return [
    ...page.setAside.map((setAside) => ({ is: "set-aside" as const, setAside })),
    ...page.refused.map((refused) => ({ is: "refused" as const, refused })),
    ...page.activities
      .filter((activity) => !onlyProblems || !activity.wentWell)
      .map((activity) => ({ is: "activity" as const, activity })),
  ];
}

/** When it happened. */
export function moments(entry: Entry): number {
  if (entry.is === "activity") return entry.activity.at;
  return entry.is === "set-aside" ? entry.setAside.at : entry.refused.at;
}

/** The words for a line. */
export function explain(entry: Entry): Explained {
  if (entry.is === "activity") return explainActivity(entry.activity);
  const of = entry.is === "set-aside" ? entry.setAside.kind : entry.refused.kind;
  const what = of === "customer" ? "customer" : "order";
  const family = entry.is === "set-aside" ? "aside" : "refused";
  return {
    title: { key: `${family}-${what}` },
    detail: null,
    meaning: `meaning-${family}-${what}`,
    cause: null,
    hints: family === "aside" && what === "order" ? ["hint-find-order", "hint-show-support"] : ["hint-show-support"],
    wentWell: false,
  };
}

function explainActivity(activity: ActivityView): Explained {
  const { kind, wentWell } = activity;
  const name = dashed(kind);
  const trouble = wentWell ? null : troubleOf(activity);
  return {
    title: title(activity),
    detail: detail(activity),
    meaning: meaning(name, activity),
    cause: trouble === null ? null : causeKey(trouble),
    hints: trouble === null ? [] : hints(trouble),
    wentWell,
  };
}

function title({ kind, number }: ActivityView): Phrase {
  if (kind === "retry" && number !== null) {
    return { key: "activity-retry-for", variables: { seconds: number } };
  }
  const key = `activity-${dashed(kind)}`;
  return hasText(key) ? { key } : { key: "activity-status" };
}

function detail({ kind, detail, number, wentWell }: ActivityView): Phrase | null {
  if (kind === "status") {
    const key = `verdict-${dashed(detail?.split(" ")[0] ?? "")}`;
    return hasText(key) ? { key } : null;
  }
  if (number === null) return null;
  if (kind === "connecting") return number > 1 ? { key: "activity-attempt", variables: { attempt: number } } : null;
  if (["pull", "confirm", "store", "question"].includes(kind) && wentWell) {
    return { key: "activity-orders", variables: { orders: number } };
  }
  return null;
}

function meaning(name: string, { detail, wentWell }: ActivityView): string {
  const closer = [
    detail === null ? null : `meaning-${name}-${dashed(detail)}`,
    wentWell ? null : `meaning-${name}-failed`,
    `meaning-${name}`,
  ];
  return closer.find((key) => key !== null && hasText(key)) ?? "meaning-unknown";
}

/** The trouble that the status would have told with such a code; `null` where there is none. */
function troubleOf({ kind, detail }: ActivityView): { kind: StatusCode; cause: string | null } | null {
  const words = (detail ?? "").split(" ");
  if (kind === "status") return statusOf(words[0] ?? "", words[1] ?? null);
  if (kind === "store") {
    return { kind: "storage_failed", cause: words[0] === "disk_full" ? "disk_full" : "inbox_unwritable" };
  }
  if (kind === "set_aside") return null;
  // Pulls and confirmations name the profile first.
  const code = kind === "pull" || kind === "confirm" ? words[1] : words[0];
  switch (code) {
    case "key_refused":
    case "key_required":
    case "invalid_key":
    case "authentication_failed":
      return { kind: "key_refused", cause: null };
    case "certificate_refused":
    case "certificate_authority_unusable":
    case "redirected":
      return { kind: "offline", cause: code };
    case "too_large":
      return { kind: "offline", cause: "answer_too_large" };
    case "not_understood":
      return { kind: "offline", cause: "answer_not_understood" };
    case "status":
      return { kind: "offline", cause: "server_error" };
    case "invalid_namespace":
      return { kind: "offline", cause: "namespace_missing" };
    case "unreachable":
    case "timed_out":
    case "broken_off":
    case "connect_timed_out":
      return { kind: "offline", cause: "server_unreachable" };
    default:
      return null;
  }
}

function statusOf(kind: string, cause: string | null): { kind: StatusCode; cause: string | null } | null {
  return hasText(`verdict-${dashed(kind)}`) ? { kind: kind as StatusCode, cause } : null;
}
