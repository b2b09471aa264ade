import type {
  ActivityPage,
  CheckView,
  Chime,
  CommandError,
  HistoryPage,
  HistoryQuery,
  LinkKind,
  OrderView,
  Preferences,
  PrintedView,
  SettingsForm,
  View,
} from "./bindings";


/** Ends a subscription. */
export type Unsubscribe = () => void;

/**
 * Everything that a window may ask of the app. A command that fails rejects with a
 * {@link CommandError}; whatever else goes wrong is turned into one with the code `internal`.
 */
export interface Backend {
  /** What the page found when it was loaded, if it was told anything. */
  readonly firstView: View | null;
  /** What is true now. */
  view(): Promise<View>;
  /** Called with each new view. */
  onView(listener: (view: View) => void): Promise<Unsubscribe>;
  /** Called with the id of an order that a person wants to see (a tapped notification). */
  onShowOrder(listener: (id: string) => void): Promise<Unsubscribe>;
  /** Called with each result of {@link Backend.testConnection}. */
  onCheck(listener: (check: CheckView) => void): Promise<Unsubscribe>;
  syncNow(): Promise<void>;
  markSeen(id: string, version: number): Promise<void>;
  markFromBeforeSeen(): Promise<void>;
  /** These, in the versions that the window showed; what began to ring since goes on ringing. */
  markAllSeen(orders: Pick<OrderView, "id" | "version">[]): Promise<void>;
  /** It was seen by mistake: it waits and rings again. */
  markUnseen(id: string): Promise<void>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** An order of the history, as the counter needs it. */
  historyOrder(id: string): Promise<OrderView>;
  /** An order as the server sent it, for the person who repairs it. */
  orderJson(id: string): Promise<string>;
  /** What happened lately, at most `limit`, and what could not be taken. */
  activity(limit: number): Promise<ActivityPage>;
  /** Prints on the ticket printer; with `dialog` it only notes it, and the window's dialog prints. */
  printTicket(id: string, dialog: boolean): Promise<PrintedView>;
  /** After the window's dialog: whether it printed, as far as the system tells. */
  ticketLeftDialog(id: string): Promise<boolean>;
  /** Opens something of an order in the system's browser; the app makes the address itself. */
  openLink(id: string, kind: LinkKind): Promise<void>;
  /** Silences sound and toasts; `null` is until somebody resumes. */
  pause(minutes: number | null): Promise<void>;
  resume(): Promise<void>;
  /** Silences the alarm that no orders arrive; the trouble goes on being shown. */
  quietTrouble(): Promise<void>;
  /** *Salir*, after the warning. */
  quit(): Promise<void>;
  /** *Seguir abierto*. */
  keepRunning(): Promise<void>;
  openSettings(): Promise<void>;
  saveSettings(form: SettingsForm): Promise<void>;
  /** Everything beyond the connection; it holds at once. */
  savePreferences(preferences: Preferences): Promise<void>;
  removeKey(): Promise<void>;
  /** All checks; each was also told as soon as it was known. */
  testConnection(form: SettingsForm): Promise<CheckView[]>;
  /** Begins the alarm as an order would, or ends it: `View.rehearsing` says which. */
  testAlarm(): Promise<void>;
  /** Lets somebody hear this chime once, at this volume in percent. */
  previewChime(chime: Chime, volume: number): Promise<void>;
  showDataFolder(): Promise<void>;
  /** The name of the file, once it lies where people look for what came. */
  exportDiagnostics(): Promise<string>;
  /** A second Campana with sample orders. */
  startDemo(): Promise<void>;
  /** Looks for a newer version; how it ended is in `View.updates`. */
  checkForUpdates(): Promise<void>;
  /** Fetches the newer version, installs it and starts it; how it goes is in `View.updates`. */
  installUpdate(): Promise<void>;
  /** The welcome is over: the settings close, the orders open. */
  leaveSettings(): Promise<void>;
}

/** Whatever a command rejected with, as a {@link CommandError}. */
export function commandError(reason: unknown): CommandError {
  if (typeof reason === "object" && reason !== null && "code" in reason) {
    const { code, field } = reason as { code: unknown; field?: unknown };
    if (typeof code === "string") {
      return { code, field: typeof field === "string" ? field : null };
    }
  }
  return { code: "internal", field: null };
}
