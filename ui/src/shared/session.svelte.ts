import { type Backend, commandError } from "../backend/backend";
import type { View } from "../backend/bindings";
import { languageOf } from "../text/catalogue";
import { speech } from "../text/speech.svelte";
import { wear } from "./appearance";
import { clock } from "./clock.svelte";

/** What a window knows: the newest view, the way to the app, and what last failed. */
export class Session {
  view = $state.raw<View | null>(null);
  /** The code of the last command that failed, until it is dismissed or another one works. */
  failure = $state<string | null>(null);
  /** The order that somebody asked to see, by a notification, until the window has shown it. */
  asked = $state<string | null>(null);
  readonly backend: Backend;

  constructor(backend: Backend) {
    this.backend = backend;
    // Shown at once; what is true now comes with the first answer.
    if (backend.firstView !== null) this.#take(backend.firstView);
  }

  /** Listens first and asks then, so that nothing falls between the two. */
  async start(): Promise<void> {
    await this.backend.onShowOrder((id) => (this.asked = id));
    await this.backend.onView((view) => this.#take(view));
    const before = this.view;
    const first = await this.backend.view();
    if (this.view === before) this.#take(first);
  }

  /** Runs a command and keeps its error for the window to show. */
  async run(command: (backend: Backend) => Promise<void>): Promise<boolean> {
    const done = await this.ask(async (backend) => {
      await command(backend);
      return true;
    });
    return done ?? false;
  }

  /** What a command answers; `null` when it failed, which the window then shows. */
  async ask<T>(command: (backend: Backend) => Promise<T>): Promise<T | null> {
    try {
      const answer = await command(this.backend);
      this.failure = null;
      return answer;
    } catch (reason) {
      this.failure = commandError(reason).code;
      return null;
    }
  }

  #take(view: View): void {
    this.view = view;
    speech.language = languageOf(view.language);
    speech.currency = view.preferences.appearance.currency;
    document.documentElement.lang = speech.language;
    wear(view.preferences.appearance);
    clock.refresh();
  }
}
