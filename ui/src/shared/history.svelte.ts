import type { HistoryPage, HistoryQuery, HistoryRow } from "../backend/bindings";
import { between, type Span } from "./days";

/** How many rows one question asks for. */
export const pageSize = 100;

/**
 * The history as it is scrolled through: what is looked for, how much was found, and the pages
 * around what is on the screen; the others are asked for again when they are needed.
 */
export class History {
  text = $state("");
  span = $state<Span>("all");
  from = $state("");
  until = $state("");
  /** `null` until the first answer. */
  total = $state<number | null>(null);
  failed = $state(false);
  /** A question is out whose answer will change what is shown. */
  looking = $state(false);
  /** What is wrong with the chosen days. */
  wrong = $state<"wrong" | "reversed" | null>(null);
  #pages = $state.raw<ReadonlyMap<number, HistoryRow[]>>(new Map());
  #bounds: Pick<HistoryQuery, "text" | "from" | "until"> = { text: "", from: null, until: null };
  #asked = new Set<number>();
  #generation = 0;
  #drawn = { first: 0, last: pageSize };
  readonly #ask: (query: HistoryQuery) => Promise<HistoryPage>;

  constructor(ask: (query: HistoryQuery) => Promise<HistoryPage>) {
    this.#ask = ask;
  }

  /** Whether anything narrows the search. */
  get narrowed(): boolean {
    return this.text.trim() !== "" || this.span !== "all";
  }

  /** Looks for what is asked for now, from the newest on. */
  async find(now: number): Promise<void> {
    const bounds = between(this.span, this.from, this.until, now);
    this.wrong = typeof bounds === "string" ? bounds : null;
    if (typeof bounds === "string") return;
    this.#bounds = { text: this.text.trim(), ...bounds };
    this.#drawn = { first: 0, last: pageSize };
    await this.#renew(true);
  }

  /** The same search again, because something changed; what is on the screen stays until it came. */
  async refresh(): Promise<void> {
    await this.#renew(false);
  }

  /** A row, if its page is here. */
  row(index: number): HistoryRow | null {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null;
  }

  /** Where an order stands now; `null` where its page is not here. */
  indexOf(id: string): number | null {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * pageSize + at;
    }
    return null;
  }

  /** These rows are on the screen now. */
  async draw(first: number, last: number): Promise<void> {
    this.#drawn = { first, last };
    await this.#load(false);
  }

  async #renew(another: boolean): Promise<void> {
    this.#generation += 1;
    this.#asked.clear();
    this.failed = false;
    this.looking = another || this.total === null;
    await this.#load(another);
  }

  async #load(another: boolean): Promise<void> {
    const { first, last } = this.#drawn;
    const begin = Math.floor(first / pageSize);
    const end = Math.floor(Math.max(first, last - 1) / pageSize);
    const missing: number[] = [];
    for (let page = begin; page <= end; page += 1) {
      if (!this.#asked.has(page)) missing.push(page);
    }
    await Promise.all(missing.map((page) => this.#page(page, another)));
  }

  async #page(page: number, another: boolean): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const query = { ...this.#bounds, offset: page * pageSize, limit: pageSize };
      const { rows, total } = await this.#ask(query);
      if (generation !== this.#generation) return;
      // Rows of another search must not be shown among these.
      const kept = another ? [] : [...this.#pages].filter(([each]) => this.#near(each));
      this.#pages = new Map([...kept, [page, rows]]);
      for (const each of this.#asked) if (!this.#near(each)) this.#asked.delete(each);
      this.total = total;
      this.failed = false;
    } catch {
      if (generation !== this.#generation) return;
      this.#asked.delete(page);
      this.failed = true;
    }
    this.looking = false;
  }

  #near(page: number): boolean {
    const { first, last } = this.#drawn;
    return page >= Math.floor(first / pageSize) - 3 && page <= Math.floor(last / pageSize) + 3;
  }
}
