import type { Backend } from "../backend";
import type { CheckView, CommandError, OrderView, SettingsForm, View } from "../bindings";
import { activities } from "./activity";
import { checks } from "./checks";
import { Archive } from "./archive";
import { order } from "./orders";
import { scenes } from "./scenes";
import { severityOf, verdictOf } from "./verdict";

/** A command that was called, with what it was given: for tests in a browser. */
export interface Call {
  command: string;
  given?: unknown;
}

/** How a test looks at the fake and moves it: `window.campanaFake`. */
export interface FakeControls {
  calls: Call[];
  /** What the app shows now. */
  view(): View;
  /** Changes the view as the app would. */
  change(part: Partial<View>): void;
  /** A new order comes in. */
  ring(number: string, customer: string): void;
  /** Somebody tapped a notification. */
  show(id: string): void;
}

declare global {
  interface Window {
    campanaFake?: FakeControls;
  }
}

/**
 * Sample data that behaves like the app:
 * `?scene=…&lang=es|en&history=<orders>&fail=<command>:<code>[:<field>]`.
 */
export function fakeBackend(query: URLSearchParams): Backend {
  const scene = scenes[query.get("scene") ?? "orders"] ?? scenes.orders;
  if (!scene) throw new Error("the scene `orders` is missing");
  let view = settled({ ...scene(), language: query.get("lang") === "en" ? "en" : "es" });
  const viewListeners = new Set<(view: View) => void>();
  const showListeners = new Set<(id: string) => void>();
  const checkListeners = new Set<(check: CheckView) => void>();
  const calls: Call[] = [];
  const archive = new Archive(Number(query.get("history") ?? 240), () => view.orders);

  const change = (part: Partial<View>) => {
    view = settled({ ...view, ...part });
    for (const listener of viewListeners) listener(view);
  };
  const subscribe = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener);
    return Promise.resolve(() => void listeners.delete(listener));
  };
  const call = async (command: string, given?: unknown) => {
    calls.push(given === undefined ? { command } : { command, given });
    const [failing, code, field] = (query.get("fail") ?? "").split(":");
    if (failing === command && code) {
      throw { code, field: field ?? null } satisfies CommandError;
    }
  };
  const seen = (which: (order: OrderView) => boolean) =>
    change({
      orders: view.orders.map((each) =>
        which(each) ? { ...each, attention: "seen" as const, seenAt: Date.now() } : each,
      ),
    });

  const edit = (id: string, part: Partial<OrderView>) => {
    archive.edit(id, part);
    change({ orders: view.orders.map((each) => (each.id === id ? { ...each, ...part } : each)) });
  };

  window.campanaFake = {
    calls,
    view: () => view,
    change,
    ring: (number, customer) => change({ orders: [order(number, customer, 0), ...view.orders] }),
    show: (id) => showListeners.forEach((listener) => listener(id)),
  };

  return {
    firstView: query.has("first") ? view : null,
    view: () => (query.has("first") ? new Promise(() => undefined) : Promise.resolve(view)),
    onView: (listener) => subscribe(viewListeners, listener),
    onShowOrder: (listener) => subscribe(showListeners, listener),
    onCheck: (listener) => subscribe(checkListeners, listener),
    async syncNow() {
      await call("sync_now");
      const before = view.status;
      change({ status: { ...before, kind: "syncing" } });
      await pause(700);
      const complete = before.kind === "in_sync" || before.kind === "polling_only";
      change({
        status: complete ? { ...before, lastSync: Date.now() } : before,
        lastAsked: { at: Date.now(), newOrders: Number(query.get("brings") ?? 0), complete },
      });
    },
    async markSeen(id, version) {
      await call("mark_seen", { id, version });
      seen((each) => each.id === id && each.version === version);
    },
    async markFromBeforeSeen() {
      await call("mark_from_before_seen");
      seen((each) => each.attention === "from_before");
    },
    async markAllSeen(orders) {
      await call("mark_all_seen", orders);
      seen((each) => orders.some(({ id, version }) => each.id === id && each.version === version));
    },
    async markUnseen(id) {
      await call("mark_unseen", { id });
      edit(id, { attention: "new", seenAt: null });
    },
    async history(asked) {
      await call("history", asked);
      return archive.page(asked);
    },
    async historyOrder(id) {
      await call("history_order", { id });
      const found = archive.order(id);
      if (!found) throw { code: "internal", field: null } satisfies CommandError;
      return found;
    },
    async orderJson(id) {
      await call("order_json", { id });
      return JSON.stringify(archive.order(id) ?? null, null, 2);
    },
    async activity(limit) {
      await call("activity", { limit });
      return activities(query.get("scene") ?? "", limit);
    },
    async printTicket(id, dialog) {
      await call("print_ticket", { id, dialog });
      const printed = archive.order(id)?.printed ?? 0;
      if (!dialog) edit(id, { printed: printed + 1 });
      return { duplicate: printed > 0, at: Date.now() };
    },
    async ticketLeftDialog(id) {
      await call("ticket_left_dialog", { id });
      const isPrinted = query.get("dialog") !== "cancelled";
      if (isPrinted) edit(id, { printed: (archive.order(id)?.printed ?? 0) + 1 });
      return isPrinted;
    },
    async openLink(id, kind) {
      await call("open_link", { id, kind });
    },
    async quietTrouble() {
      await call("quiet_trouble");
      change({ troubleAlarm: false });
    },
    async quit() {
      await call("quit");
    },
    async keepRunning() {
      await call("keep_running");
      change({ quitAsked: false });
    },
    async pause(minutes) {
      await call("pause", { minutes });
      change({ pause: { until: minutes === null ? null : Date.now() + minutes * 60_000, missed: 0 } });
    },
    async resume() {
      await call("resume");
      change({ pause: null });
    },
    async openSettings() {
      await call("open_settings");
    },
    async saveSettings(form) {
      await call("save_settings", form);
      const wrong = refuse(form, view, true);
      if (wrong) throw wrong;
      change({
        status: { ...view.status, kind: "in_sync", cause: null },
        setup: {
          address: form.address.trim().replace(/\/+$/, ""),
          key: form.key ? "keyring" : view.setup.key,
          receiver: form.receiver,
          profile: form.profile,
          certificateAuthority: form.certificateAuthority ?? view.setup.certificateAuthority,
          plainHttpRefused: false,
          settingsDamaged: false,
        },
      });
    },
    async savePreferences(preferences) {
      await call("save_preferences", preferences);
      change({
        preferences,
        language: preferences.language ?? (query.get("lang") === "en" ? "en" : "es"),
        computer: {
          ...view.computer,
          startsWithIt: query.get("scene") === "settings-stubborn" ? false : preferences.system.start_with_computer,
        },
      });
    },
    async removeKey() {
      await call("remove_key");
      change({ setup: { ...view.setup, key: "missing" } });
    },
    async testConnection(form) {
      await call("test_connection", form);
      const wrong = refuse(form, view, false);
      if (wrong) throw wrong;
      const results = checks(query.get("scene") ?? "", new URL(form.address).origin);
      for (const result of results) {
        await pause(result.outcome === "skipped" ? 0 : 60);
        checkListeners.forEach((listener) => listener(result));
      }
      return results;
    },
    async testAlarm() {
      await call("test_alarm");
      change({ rehearsing: !view.rehearsing });
    },
    async previewChime(chime, volume) {
      await call("preview_chime", { chime, volume });
    },
    async showDataFolder() {
      await call("show_data_folder");
    },
    async exportDiagnostics() {
      await call("export_diagnostics");
      await pause(300);
      return "campana-2026-03-14-1403.zip";
    },
    async startDemo() {
      await call("start_demo");
    },
    async checkForUpdates() {
      await call("check_for_updates");
      const updates = view.updates;
      if (!updates) return;
      change({ updates: { ...updates, stage: "checking", failure: null } });
      await pause(300);
      change({ updates: { ...updates, failure: null, checkedAt: Date.now() } });
    },
    async installUpdate() {
      await call("install_update");
      if (view.updates) change({ updates: { ...view.updates, stage: "downloading", failure: null } });
    },
    async leaveSettings() {
      await call("leave_settings");
    },
  };
}

/** The view with what follows from the rest of it. */
function settled(view: View): View {
  const unseen = view.orders.filter((each) => !["seen", "from_before"].includes(each.attention));
  const before = view.orders.filter((each) => each.attention === "from_before");
  const verdict = verdictOf(view);
  return { ...view, verdict, severity: severityOf(verdict), unseen: unseen.length, fromBefore: before.length };
}

function refuse(form: SettingsForm, view: View, saving: boolean): CommandError | null {
  if (form.address.trim() === "") return { code: "address-empty", field: "address" };
  if (!URL.canParse(form.address)) return { code: "address-not-a-url", field: "address" };
  const address = form.address.trim().replace(/\/+$/, "");
  const isPlain = /^http:\/\/(?!127\.|10\.|192\.168\.|localhost)/.test(address);
  if (isPlain && !form.plainHttp && address !== view.setup.address) {
    return { code: "address-plain-http", field: "address" };
  }
  if (form.certificateAuthority?.endsWith(".pem") === false && form.certificateAuthority !== "") {
    return { code: "certificate-authority-malformed", field: "certificate_authority" };
  }
  if (!form.key && view.setup.key === "missing") return { code: "key-missing", field: "key" };
  if (saving && view.setup.address !== null && address !== view.setup.address && form.shop === null) {
    return { code: "shop-unknown", field: "shop" };
  }
  return null;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
