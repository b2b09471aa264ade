import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Backend } from "./backend";
import type {
  ActivityPage,
  CheckView,
  Chime,
  HistoryPage,
  OrderView,
  Preferences,
  PrintedView,
  SettingsForm,
  View,
} from "./bindings";

declare global {
  interface Window {
    /** By `src-tauri/desktop_tauri/first_view.rs`. */
    campanaFirstView?: { at: number; view: View };
  }
}

/** What the app left for this page; not for one that is loaded once more, later. */
function firstView(): View | null {
  const first = window.campanaFirstView;
  return first !== undefined && Math.abs(Date.now() - first.at) < freshFor ? first.view : null;
}

/** For so long after the window was made, the view that it was made with is shown, in milliseconds. */
const freshFor = 10_000;

/** The app itself. */
export const tauriBackend: Backend = {
  firstView: firstView(),
  view: () => invoke<View>("view"),
  onView: (listener) => listen<View>("view", (event) => listener(event.payload)),
  onShowOrder: (listener) => listen<string>("show-order", (event) => listener(event.payload)),
  onCheck: (listener) => listen<CheckView>("check", (event) => listener(event.payload)),
  syncNow: () => invoke("sync_now"),
  markSeen: (id, version) => invoke("mark_seen", { id, version }),
  markFromBeforeSeen: () => invoke("mark_from_before_seen"),
  markAllSeen: (orders) => invoke("mark_all_seen", { orders }),
  markUnseen: (id) => invoke("mark_unseen", { id }),
  history: (query) => invoke<HistoryPage>("history", { query }),
  historyOrder: (id) => invoke<OrderView>("history_order", { id }),
  orderJson: (id) => invoke<string>("order_json", { id }),
  activity: (limit) => invoke<ActivityPage>("activity", { limit }),
  printTicket: (id, dialog) => invoke<PrintedView>("print_ticket", { id, dialog }),
  ticketLeftDialog: (id) => invoke<boolean>("ticket_left_dialog", { id }),
  openLink: (id, kind) => invoke("open_link", { id, kind }),
  pause: (minutes) => invoke("pause", { minutes }),
  resume: () => invoke("resume"),
  quietTrouble: () => invoke("quiet_trouble"),
  quit: () => invoke("quit"),
  keepRunning: () => invoke("keep_running"),
  openSettings: () => invoke("open_settings"),
  saveSettings: (form: SettingsForm) => invoke("save_settings", { form }),
  savePreferences: (preferences: Preferences) => invoke("save_preferences", { preferences }),
  removeKey: () => invoke("remove_key"),
  testConnection: (form: SettingsForm) => invoke<CheckView[]>("test_connection", { form }),
  testAlarm: () => invoke("test_alarm"),
  previewChime: (chime: Chime, volume: number) => invoke("preview_chime", { chime, volume }),
  showDataFolder: () => invoke("show_data_folder"),
  exportDiagnostics: () => invoke<string>("export_diagnostics"),
  startDemo: () => invoke("start_demo"),
  checkForUpdates: () => invoke("check_for_updates"),
  installUpdate: () => invoke("install_update"),
  leaveSettings: () => invoke("leave_settings"),
};
