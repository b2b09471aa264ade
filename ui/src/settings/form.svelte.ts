import { commandError } from "../backend/backend";
import type { CheckView, ProfileView, ReceiverChoice, SettingsForm, View } from "../backend/bindings";
import type { Session } from "../shared/session.svelte";

/** The parts of the settings window. */
export type Section = "connection" | "alerts" | "appearance";

/** What the settings window holds between typing and saving. */
export class Form {
  section = $state<Section>("connection");
  address = $state("");
  key = $state("");
  /** The field for a new key is open although there is a key. */
  changingKey = $state(false);
  receiver = $state<ReceiverChoice | null>(null);
  profile = $state<ProfileView>("auto");
  busy = $state<"save" | "test" | "remove" | null>(null);
  saved = $state(false);
  /** The code of what is wrong, and the field that it is wrong in. */
  error = $state.raw<{ code: string; field: string | null } | null>(null);
  /** The lines of *Probar conexión* so far. */
  checks = $state<CheckView[]>([]);
  /** Nothing was typed since the fields were filled or saved. */
  #clean = true;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes over what is stored, but never over what a person has typed meanwhile. */
  follow(setup: View["setup"]): void {
    if (!this.#clean) return;
    this.address = setup.address ?? "";
    this.receiver = setup.receiver;
    this.profile = setup.profile;
  }

  /** Something was typed: what was said about it before no longer holds. */
  touched(): void {
    this.#clean = false;
    this.#forget();
  }

  #forget(): void {
    this.saved = false;
    this.error = null;
    this.checks = [];
  }

  async save(): Promise<void> {
    if (this.busy !== null) return;
    this.#forget();
    if (this.receiver === null) {
      this.#fail({ code: "receiver-missing", field: "receiver" });
      return;
    }
    this.busy = "save";
    const before = this.#session.view;
    try {
      await this.#session.backend.saveSettings(this.#form());
      // From here on the key is the keyring's; it stays neither in the field nor in memory.
      this.key = "";
      this.changingKey = false;
      this.saved = true;
      this.#clean = true;
      // The address comes back tidied up, in a view before or after this answer.
      const after = this.#session.view;
      if (after !== null && after !== before) this.follow(after.setup);
    } catch (reason) {
      this.#fail(commandError(reason));
    }
    this.busy = null;
  }

  async test(): Promise<void> {
    if (this.busy !== null) return;
    this.#forget();
    this.busy = "test";
    try {
      const results = await this.#session.backend.testConnection(this.#form());
      // The answer may overtake the last event.
      for (const result of results) this.checked(result);
    } catch (reason) {
      this.#fail(commandError(reason));
    }
    this.busy = null;
  }

  /** A check came back; each does so as an event, and once more in the answer. */
  checked(result: CheckView): void {
    if (!this.checks.some((each) => each.check === result.check)) this.checks.push(result);
  }

  async removeKey(): Promise<void> {
    if (this.busy !== null) return;
    this.#forget();
    this.busy = "remove";
    try {
      await this.#session.backend.removeKey();
    } catch (reason) {
      this.#fail({ ...commandError(reason), field: "key" });
    }
    this.busy = null;
  }

  #form(): SettingsForm {
    const key = this.key.trim();
    return {
      address: this.address.trim(),
      key: key === "" ? null : key,
      receiver: this.receiver,
      profile: this.profile,
    };
  }

  #fail(error: { code: string; field: string | null }): void {
    this.error = error;
    this.section = "connection";
    const field = error.field;
    if (field === null) return;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus());
  }
}
