import { commandError } from "../backend/backend";
import type { CheckView, ProfileView, ReceiverChoice, SettingsForm, ShopChoice, View } from "../backend/bindings";
import type { Session } from "../shared/session.svelte";
import { redirectedTo } from "./redirect";

/** The parts of the settings window. */
export type Section = "connection" | "alerts" | "appearance" | "system" | "printing";

/** The steps of the first start: where, who, how it sounds, and where Campana is from now on. */
export type Step = 1 | 2 | 3 | 4;

/** The fields of the connection that few people need. */
const advanced = ["profile", "certificate_authority"];

/** What the settings window holds between typing and saving. */
export class Form {
  section = $state<Section>("connection");
  /** The step of the welcome, while it lasts. */
  step = $state<Step | null>(null);
  address = $state("");
  key = $state("");
  /** The field for a new key is open although there is a key. */
  changingKey = $state(false);
  receiver = $state<ReceiverChoice | null>(null);
  profile = $state<ProfileView>("auto");
  certificateAuthority = $state("");
  /** The fields that few people need are shown. */
  advanced = $state(false);
  /** Plain http is meant, although everybody on the way can read it. */
  plainHttp = $state(false);
  /** The address is one for which that has to be said. */
  plainHttpAsked = $state(false);
  /** Address or key are others: whose orders do they bring? */
  shopAsked = $state(false);
  busy = $state<"save" | "test" | "remove" | null>(null);
  saved = $state(false);
  /** The code of what is wrong, and the field that it is wrong in. */
  error = $state.raw<{ code: string; field: string | null } | null>(null);
  /** The lines of *Probar conexión* so far. */
  checks = $state<CheckView[]>([]);
  /** Where the server says that it is. */
  readonly elsewhere = $derived.by(() => redirectedTo(this.checks));
  /** Nothing was typed since the fields were filled or saved. */
  #clean = true;
  #setup: View["setup"] | null = null;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The first view of this window: where nothing was ever set up, it begins with a welcome. */
  begin(view: View): void {
    if (view.status.kind === "not_configured" && view.setup.address === null) this.step = 1;
  }

  /** Takes over what is stored, but never over what a person has typed meanwhile. */
  follow(setup: View["setup"]): void {
    this.#setup = setup;
    if (!this.#clean) return;
    this.address = setup.address ?? "";
    this.receiver = setup.receiver;
    this.profile = setup.profile;
    this.certificateAuthority = setup.certificateAuthority ?? "";
    this.plainHttpAsked = setup.plainHttpRefused;
    if (setup.profile !== "auto" || setup.certificateAuthority !== null) this.advanced = true;
  }

  /** Something was typed: what was said about it before no longer holds. */
  touched(): void {
    this.#clean = false;
    this.#forget();
  }

  /** Another address was typed: what was said of the one before does not go for it. */
  addressTouched(): void {
    this.plainHttp = false;
    this.plainHttpAsked = false;
    this.touched();
  }

  /** *Usar esta dirección*. */
  async goElsewhere(address: string): Promise<void> {
    this.address = address;
    this.addressTouched();
    await this.test();
  }

  #forget(): void {
    this.saved = false;
    this.error = null;
    this.checks = [];
    this.shopAsked = false;
  }

  /** *Guardar*; `shop` answers whose orders another address or key brings. */
  async save(shop: ShopChoice | null = null): Promise<boolean> {
    if (this.busy !== null) return false;
    this.#forget();
    if (this.receiver === null) {
      this.#fail({ code: "receiver-missing", field: "receiver" });
      return false;
    }
    this.busy = "save";
    const before = this.#session.view;
    try {
      await this.#session.backend.saveSettings({ ...this.#form(), shop });
      // From here on the key is the keyring's; it stays neither in the field nor in memory.
      this.key = "";
      this.changingKey = false;
      this.plainHttp = false;
      this.saved = true;
      this.#clean = true;
      // The address comes back tidied up, in a view before or after this answer.
      const after = this.#session.view;
      if (after !== null && after !== before) this.follow(after.setup);
    } catch (reason) {
      this.#fail(commandError(reason));
    }
    this.busy = null;
    return this.saved;
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

  /** The next step of the welcome, once this one's answers are there. */
  async next(): Promise<void> {
    if (this.step === 1) {
      if (this.address.trim() === "") this.#fail({ code: "address-empty", field: "address" });
      else this.step = 2;
    } else if (this.step === 2) {
      if (await this.save()) this.step = 3;
    } else if (this.step === 3) {
      this.step = 4;
    }
  }

  #form(): SettingsForm {
    const key = this.key.trim();
    const authority = this.certificateAuthority.trim();
    return {
      address: this.address.trim(),
      key: key === "" ? null : key,
      receiver: this.receiver,
      profile: this.profile,
      // What nobody touched is left as the file says.
      certificateAuthority: authority === (this.#setup?.certificateAuthority ?? "") ? null : authority,
      plainHttp: this.plainHttp,
      shop: null,
    };
  }

  #fail(error: { code: string; field: string | null }): void {
    if (error.code === "shop-unknown") {
      this.shopAsked = true;
      return;
    }
    this.error = error;
    this.section = "connection";
    const field = error.field;
    if (error.code === "address-plain-http") this.plainHttpAsked = true;
    if (field === null) return;
    if (this.step !== null) this.step = field === "address" ? 1 : 2;
    if (advanced.includes(field)) this.advanced = true;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus());
  }
}
