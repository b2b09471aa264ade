// Orders and customers in SQLite, as safe as Campana keeps them: WAL, `synchronous=FULL`, one transaction a page.
import { join } from "node:path";
import Database from "better-sqlite3";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, updated_at TEXT, body TEXT NOT NULL, rings INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, updated_at TEXT, body TEXT NOT NULL);
`;

export class Kept {
  #store;

  constructor(folder) {
    const database = new Database(join(folder, "orders.sqlite3"));
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.exec(SCHEMA);
    const known = database.prepare("SELECT updated_at FROM orders WHERE id = ?").pluck();
    const order = database.prepare(`INSERT INTO orders (id, updated_at, body, rings) VALUES (?, ?, ?, 1)
      ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, body = excluded.body, rings = 1`);
    const customer = database.prepare(`INSERT INTO customers (id, updated_at, body) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, body = excluded.body`);
    this.#store = database.transaction((page) => {
      const news = [];
      for (const one of page.pending_orders) {
        const before = known.get(one.id);
        if (before !== undefined && before >= one.updatedAt) continue;
        order.run(one.id, one.updatedAt, JSON.stringify(one));
        news.push(one.id);
      }
      for (const one of page.updated_customers) {
        // The chat history is nobody's business.
        const { fullChatHistory, relevantChatHistory, ...rest } = one;
        customer.run(one.id, one.updatedAt, JSON.stringify(rest));
      }
      return news;
    });
  }

  /** Stores a page in one transaction; the ids of the orders that are new or newer. */
  store(page) {
    return this.#store.immediate(page);
  }
}
