// The tray as a person sees it, by the session bus.
import { join } from "node:path";
import { TOP } from "./places.mjs";
import { finished } from "./program.mjs";
import { until } from "./wait.mjs";

async function ask(...words) {
  const end = await finished("/usr/bin/python3", [join(TOP, "tests/support/session-bus.py"), ...words.map(String)], { within: 20_000 });
  if (end.code !== 0) throw new Error(end.errors.trim().split("\n").at(-1));
  return JSON.parse(end.lines.join("\n"));
}

export class Tray {
  #item = null;

  /** What the tray shows now: `{label, icon, entries, ...}`. Throws while Campana is not in it. */
  async now() {
    if (this.#item) {
      try {
        return await ask("item", this.#item.service, this.#item.path);
      } catch {
        this.#item = null;
      }
    }
    for (const item of await ask("items")) {
      const told = await ask("item", item.service, item.path);
      if (!/campana/i.test(`${told.id} ${told.title}`)) continue;
      this.#item = item;
      return told;
    }
    throw new Error("Campana is not in the tray");
  }

  /** Waits until what the tray shows is so. */
  async shows(what, is, options) {
    let last;
    return await until(() => `the tray shows ${what}; last: ${JSON.stringify(last)}`, async () => {
      last = await this.now();
      return is(last) && last;
    }, { every: 100, ...options });
  }

  /** Chooses the menu entry whose text matches. */
  async choose(text) {
    const { menu, entries } = await this.shows(`an entry ${text}`, (told) => entry(told.entries, text));
    await ask("click", this.#item.service, menu, entry(entries, text).id);
  }

  /** *Salir*, and meant: chosen twice, it asks no more. */
  async quit() {
    await this.choose(/^Salir/);
    await this.choose(/^Salir/);
  }
}

/** The entry that matches and can be chosen, at any depth. */
export function entry(entries, text) {
  for (const one of entries) {
    if (text.test(one.label) && one.enabled && one.visible && one.children.length === 0) return one;
    const below = entry(one.children, text);
    if (below) return below;
  }
  return null;
}
