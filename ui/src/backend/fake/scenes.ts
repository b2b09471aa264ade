import type { StatusCode, StatusView, View } from "../bindings";
import { awkward, counter, fromBefore, hostile, order, seenToday, unreadable } from "./orders";

const minute = 60_000;

/** The views that `?scene=` chooses from. */
export const scenes: Record<string, () => View> = {
  orders: () => view({ orders: counter() }),
  empty: () => view({ orders: [] }),
  calm: () => view({ orders: seenToday() }),
  awkward: () => view({ orders: [...awkward(), ...seenToday()] }),
  before: () => view({ orders: [order("48", "Rosa Lima", 2), ...fromBefore()] }),
  many: () =>
    view({ orders: Array.from({ length: 24 }, (_, at) => order(String(70 - at), `Cliente ${70 - at}`, at * 2)) }),
  crowd: () =>
    view({
      orders: Array.from({ length: 300 }, (_, at) => order(String(999 - at), `Cliente ${999 - at}`, at, { items: counter()[0]?.items ?? [] })),
    }),
  hostile: () => view({ orders: hostile() }),
  unreadable: () => view({ orders: [unreadable(2), ...counter()] }),
  "unreadable-hostile": () =>
    view({
      orders: [unreadable(2, { unreadable: hostile().map((each) => each.customer).join("\n").repeat(4) }), ...seenToday()],
    }),
  "unreadable-seen": () =>
    view({ orders: [unreadable(2, { attention: "seen", seenAt: Date.now(), unreadable: "" }), ...seenToday()] }),
  offline: () => view({ orders: counter(), status: trouble("offline", "server_unreachable", 8_000) }),
  "no-network": () => view({ orders: [], status: trouble("offline", "no_network", 25_000) }),
  "key-refused": () => view({ orders: seenToday(), status: trouble("key_refused", null, 5 * minute) }),
  "key-missing": () =>
    view({ orders: [], status: trouble("key_missing", null, null), setup: { ...setup, key: "missing" } }),
  limited: () => view({ orders: counter(), status: trouble("limited", "confirmation_off", null) }),
  "storage-failed": () => view({ orders: counter(), status: trouble("storage_failed", "disk_full", 30_000) }),
  polling: () =>
    view({
      orders: counter(),
      status: { ...trouble("polling_only", "no_hints", null), lastSync: Date.now() - 20_000 },
    }),
  "another-receiver": () =>
    view({ orders: counter(), status: { ...status("in_sync"), anotherReceiver: true } }),
  "confirmations-refused": () =>
    view({ orders: counter(), status: { ...status("in_sync"), confirmationsRefused: 2 } }),
  "part-stopped": () => view({ orders: counter(), verdict: "part_stopped" }),
  connecting: () => view({ orders: [], status: status("connecting") }),
  syncing: () => view({ orders: counter(), status: status("syncing") }),
  paused: () => view({ orders: counter(), pause: { until: Date.now() + 28 * minute, missed: 1 } }),
  "no-sound": () => view({ orders: counter(), sound: "no_device" }),
  muted: () => view({ orders: counter(), sound: "muted" }),
  "sound-failing": () => view({ orders: counter(), sound: "failing" }),
  "trouble-alarm": () =>
    ({
      ...view({ orders: counter(), status: trouble("offline", "server_unreachable", 8_000) }),
      troubleAlarm: true,
    }) as View,
  "quit-asked": () => view({ orders: counter(), quitAsked: true }),
  contrast: () =>
    view({
      orders: counter(),
      preferences: { ...preferences, appearance: { ...preferences.appearance, high_contrast: true } },
    }),
  printer: () =>
    view({
      orders: counter(),
      preferences: { ...preferences, printing: { ...preferences.printing, printer: "192.168.1.50:9100" } },
    }),
  "paper-a4": () =>
    view({
      orders: counter(),
      preferences: { ...preferences, printing: { ...preferences.printing, paper: "a4" } },
    }),
  damaged: () => view({ orders: counter(), damage: { missingSince: Date.now() - 90 * minute } }),
  "no-tray": () => view({ orders: counter(), tray: false }),
  demo: () => view({ orders: counter(), demo: true }),
  "first-run": () =>
    view({
      orders: [],
      status: { ...status("not_configured"), lastSync: null },
      setup: { ...setup, address: null, key: "missing", receiver: null },
    }),
  settings: () => view({ orders: [] }),
  "settings-mute": () => view({ sound: "no_device" }),
  "settings-stubborn": () =>
    view({
      preferences: { ...preferences, system: { ...preferences.system, start_with_computer: true } },
      computer: { ...computer, startsWithIt: false },
    }),
  "settings-plain-http": () =>
    view({
      status: trouble("offline", "address_plain_http", null),
      setup: { ...setup, address: "http://pedidos.mitienda.mx", plainHttpRefused: true },
    }),
  "settings-redirected": () => {
    const detail = "the server sends elsewhere (308): https://www.mitienda.mx/pedidos/sync/pull-changes";
    return view({ status: { ...trouble("offline", "redirected", 20_000), detail } });
  },
  "settings-update": () => view({ updates: { ...updates, available: "0.2.0" } }),
  "settings-update-package": () => view({ updates: { ...updates, available: "0.2.0", installs: false } }),
  "settings-up-to-date": () => view({ updates }),
  "settings-update-failed": () =>
    view({ updates: { ...updates, available: "0.2.0", failure: "update-not-genuine" } }),
  "settings-locked": () => view({ setup: { ...setup, key: "locked" } }),
  "settings-memory": () => view({ setup: { ...setup, key: "memory" } }),
  "settings-environment": () => view({ setup: { ...setup, key: "environment" } }),
  "settings-unified": () => view({ setup: { ...setup, profile: "unified" } }),
  "settings-damaged": () => view({ setup: { ...setup, settingsDamaged: true, receiver: null } }),
};

const setup: View["setup"] = {
  address: "https://pedidos.mitienda.mx",
  key: "keyring",
  receiver: "campana",
  profile: "auto",
  certificateAuthority: null,
  plainHttpRefused: false,
  settingsDamaged: false,
};

const preferences: View["preferences"] = {
  language: null,
  alerts: {
    chime: "bell",
    volume: 80,
    repeat: "continuous",
    repeat_seconds: 10,
    louder_minutes: 3,
    window_to_front: true,
    connection_lost_seconds: 40,
    warm_minutes: 5,
    late_minutes: 10,
    content: "full",
  },
  appearance: { theme: "system", high_contrast: false, currency: "MXN" },
  system: { start_with_computer: false, start_hidden: true, keep_awake: false, retention_days: 90 },
  printing: { automatic: false, paper: "roll", printer: "" },
};

const computer: View["computer"] = {
  startsWithIt: false,
  dataFolder: "/home/caja/.local/share/campana",
};

const updates: NonNullable<View["updates"]> = {
  available: null,
  installs: true,
  stage: "idle",
  checkedAt: Date.now() - 20 * minute,
  failure: null,
};

/** A view in which all is well but for what is given. */
function view(part: Partial<View>): View {
  return {
    // `settled` finds these two from the rest.
    verdict: "in_sync",
    severity: "fine",
    status: status("in_sync"),
    unseen: 0,
    fromBefore: 0,
    orders: [],
    pause: null,
    sound: "works",
    damage: null,
    lastAsked: null,
    setup,
    preferences,
    computer,
    updates: null,
    rehearsing: false,
    troubleAlarm: false,
    printerTrouble: null,
    quitAsked: false,
    demo: false,
    tray: true,
    language: "es",
    version: "0.1.0",
    ...part,
  };
}

function status(kind: StatusCode): StatusView {
  return {
    kind,
    cause: null,
    since: Date.now() - 50 * minute,
    nextAttempt: null,
    lastSync: Date.now() - 20_000,
    anotherReceiver: false,
    confirmationsRefused: 0,
    detail: null,
  };
}

function trouble(kind: StatusCode, cause: string | null, next: number | null): StatusView {
  return {
    ...status(kind),
    cause,
    since: Date.now() - 2 * minute,
    lastSync: Date.now() - 2 * minute - 20_000,
    nextAttempt: next === null ? null : Date.now() + next,
    detail: cause === "server_unreachable" ? "tcp connect: connection refused (os error 111)" : null,
  };
}
