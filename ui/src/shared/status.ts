import type { StatusCode, StatusView } from "../backend/bindings";
import { hasText } from "../text/catalogue";

/** A state and its cause, of which there are words. */
export type Reason = Pick<StatusView, "kind" | "cause">;

const troubles: readonly StatusCode[] = ["limited", "offline", "key_missing", "key_refused", "storage_failed"];

/** Whether the engine itself is in trouble: no orders come, or perhaps not all of them. */
export function isTrouble(kind: StatusCode): boolean {
  return troubles.includes(kind);
}

/** A code of the app as the catalogue spells it. */
export function dashed(code: string): string {
  return code.replaceAll("_", "-");
}

/** The key of the sentence that says why, and what to do. */
export function causeKey(status: Reason): string | null {
  for (const code of [status.cause, status.kind]) {
    if (code === null) continue;
    const key = `cause-${dashed(code)}`;
    if (hasText(key)) return key;
  }
  return null;
}

/** The key of the sentence for a command that failed. */
export function errorKey(code: string): string {
  const key = `error-${dashed(code)}`;
  return hasText(key) ? key : "error-internal";
}

/** The keys of what to check, the likeliest first. */
export function hints(status: Reason): string[] {
  switch (status.kind) {
    case "key_missing":
      return status.cause === "keyring_unavailable"
        ? ["hint-unlock-keyring", "hint-enter-key", "hint-till"]
        : ["hint-enter-key", "hint-till"];
    case "key_refused":
      return ["hint-copy-key", "hint-key-renewed", "hint-till"];
    case "storage_failed":
      return status.cause === "disk_full"
        ? ["hint-free-space", "hint-restart", "hint-support"]
        : ["hint-restart", "hint-free-space", "hint-support"];
    case "limited":
      return status.cause === "confirmation_off"
        ? ["hint-till", "hint-receiver", "hint-support"]
        : ["hint-till", "hint-support"];
    case "polling_only":
      return ["hint-support"];
    case "offline":
      return offlineHints(status.cause);
    case "not_configured":
    case "connecting":
    case "in_sync":
    case "syncing":
      return [];
  }
}

function offlineHints(cause: string | null): string[] {
  switch (cause) {
    case "no_network":
      return ["hint-network", "hint-router", "hint-till"];
    case "certificate_refused":
      return ["hint-address", "hint-clock", "hint-till", "hint-support"];
    case "certificate_authority_unusable":
    case "server_error":
    case "answer_too_large":
      return ["hint-till", "hint-support"];
    case "address_plain_http":
      return ["hint-address", "hint-till"];
    case "answer_not_understood":
    case "redirected":
    case "namespace_missing":
      return ["hint-address", "hint-till", "hint-support"];
    default:
      return ["hint-other-device", "hint-server-on", "hint-till", "hint-support"];
  }
}
