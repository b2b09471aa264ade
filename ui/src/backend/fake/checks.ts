import type { CheckOutcome, CheckView } from "../bindings";

type Line = [check: string, code: string, detail?: string | null, outcome?: CheckOutcome];

const good = (origin: string): Line[] => [
  ["address", "readable", origin],
  ["keyring", "in_keyring"],
  ["disk", "in_use", "48.2 GB"],
  ["name", "found", "203.0.113.5"],
  ["port", "open", "203.0.113.5:443"],
  ["tls", "encrypted", "https"],
  ["socket_io", "answers"],
  ["namespace", "there", "/sync"],
  ["transport", "web_socket", "WebSocket"],
  ["socket_key", "accepted"],
  ["round_trip", "answered", "43 ms"],
  ["pull", "accepted", "61 ms"],
  ["profile", "fixed", "guide"],
  ["clock", "right", "0 s"],
];

/** What differs from that, by scene. */
const differing: Record<string, Line[]> = {
  "key-refused": [
    ["socket_key", "key_refused", "Invalid API key", "failed"],
    ["pull", "key_refused", "the key was refused (401)", "failed"],
  ],
  "settings-redirected": [
    ["socket_io", "redirected", "https://www.mitienda.mx/socket.io/", "failed"],
    ["pull", "redirected", "https://www.mitienda.mx/pedidos/sync/pull-changes", "failed"],
  ],
  offline: [["port", "refused", "203.0.113.5:443: Connection refused (os error 111)", "failed"]],
  polling: [
    ["transport", "only_polling", "HTTP", "warning"],
    ["clock", "behind", "−61 min", "warning"],
  ],
};

/** Which failure makes the check pointless, if one does. */
function because(check: string, failed: Set<string>): string | null {
  if (failed.has("port")) return "port";
  if (check === "round_trip" && failed.has("socket_key")) return "socket_key";
  if (check === "profile" && failed.has("pull")) return "pull";
  return null;
}

/** The lines of *Probar conexión* in this scene, as the app would tell them. */
export function checks(scene: string, origin: string): CheckView[] {
  const failed = new Set<string>();
  return good(origin).map((line) => {
    const [check, code, detail = null, outcome = "ok"] =
      differing[scene]?.find(([differs]) => differs === line[0]) ?? line;
    const reason = because(check, failed);
    if (reason !== null) return { check, outcome: "skipped", code: "skipped", because: reason, detail: null };
    if (outcome === "failed") failed.add(check);
    return { check, outcome, code, because: null, detail };
  });
}
