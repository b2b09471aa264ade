import { commandError } from "../backend/backend";
import type { Preferences } from "../backend/bindings";
import type { Session } from "../shared/session.svelte";

/** What the owner chooses beyond the connection: each choice is saved at once, one after the other. */
export class Choices {
  /** The code of what is wrong, and the field that it is wrong in. */
  error = $state.raw<{ code: string; field: string } | null>(null);
  /** What was chosen, until a view shows it. */
  #wanted = $state.raw<Preferences | null>(null);
  #unsaved = $state(0);
  #turn: Promise<void> = Promise.resolve();
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What holds, or will as soon as it is saved. */
  current(stored: Preferences): Preferences {
    return this.#wanted ?? stored;
  }

  /** Everything that was chosen is saved, or was refused. */
  get settled(): boolean {
    return this.#unsaved === 0;
  }

  /** A view came: from here on it says what holds, unless something is still being saved. */
  follow(): void {
    if (this.#unsaved === 0) this.#wanted = null;
  }

  /** Saves what `change` makes of what holds; what goes wrong is said at this field. */
  choose(field: string, change: (preferences: Preferences) => void): Promise<void> {
    const stored = this.#session.view?.preferences;
    if (stored === undefined) return Promise.resolve();
    const wanted = structuredClone(this.current(stored));
    change(wanted);
    this.#wanted = wanted;
    this.error = null;
    this.#unsaved += 1;
    this.#turn = this.#turn.then(() => this.#save(wanted, field));
    return this.#turn;
  }

  async #save(wanted: Preferences, field: string): Promise<void> {
    try {
      await this.#session.backend.savePreferences(wanted);
    } catch (reason) {
      this.#wanted = null;
      this.error = { code: commandError(reason).code, field };
    }
    this.#unsaved -= 1;
  }
}
