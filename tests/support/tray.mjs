// The tray as a person sees it, by the session bus.
import { join } from "node:path";
import { TOP } from "./places.mjs";
import { finished } from "./program.mjs";
import { until } from "./wait.mjs";

/** What an item shows, with the number of unseen orders that its first line says. */
async function shown({ service, path }, bus) {
  const told = await ask(bus, "item", service, path);
  const [, count = "0"] = /(\d+) (?:pedidos? sin ver|unseen orders?)/.exec(told.entries[0]?.label ?? "") ?? [];
  return { ...told, unseen: Number(count) };
}

/** The icons in the tray, as the panel keeps them. */
export async function items(bus = {}) {
  return await ask(bus, "items");
}

async function ask(bus, ...words) {
  const end = await finished("/usr/bin/python3", [join(TOP, "tests/support/session-bus.py"), ...words.map(String)], { within: 20_000, env: { ...process.env, ...bus } });
  if (end.code !== 0) throw new Error(end.errors.trim().split("\n").at(-1));
  return JSON.parse(end.lines.join("\n"));
}

export class Tray {
  #item = null;
  #is;
  #bus;

  /** The icon whose identity matches, on the bus of this environment. */
  constructor(is = ({ id, title }) => /campana/i.test(`${id} ${title}`), bus = {}) {
    this.#is = is;
    this.#bus = bus;
  }

  /** What the tray shows now: `{unseen, icon, entries, ...}`. Throws while Campana is not in it. */
  async now() {
    if (this.#item) {
      try {
        return await shown(this.#item, this.#bus);
      } catch {
        this.#item = null;
      }
    }
    for (const item of await items(this.#bus)) {
      // The panel keeps an item for good whose program ended before it took the registration.
      const told = await shown(item, this.#bus).catch(() => null);
      if (told === null) continue;
      if (!this.#is(told)) continue;
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
    await ask(this.#bus, "click", this.#item.service, menu, entry(entries, text).id);
  }

  /** As a left click on the icon does. */
  async activate() {
    await this.now();
    await ask(this.#bus, "activate", this.#item.service, this.#item.path);
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
