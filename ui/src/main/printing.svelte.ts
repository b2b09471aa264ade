import { tick } from "svelte";

import type { OrderView } from "../backend/bindings";
import type { Session } from "../shared/session.svelte";

/** A ticket that lies on the page for the print dialog, unseen. */
export interface Ticket {
  order: OrderView;
  /** Printed before. */
  duplicate: boolean;
  /** When it was asked for. */
  at: number;
}

/** Prints orders: on the ticket printer where there is one, else through the print dialog. */
export class Printing {
  ticket = $state.raw<Ticket | null>(null);
  /** The order that is on its way to paper. */
  busy = $state<string | null>(null);
  /** How the last one went, for the moment in which that is said. */
  told = $state.raw<{ id: string; duplicate: boolean } | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** One at a time: a second press while one is under way prints nothing. Nor does an order that cannot be read. */
  async print(order: OrderView): Promise<void> {
    if (this.busy !== null || order.unreadable !== null) return;
    this.busy = order.id;
    this.told = null;
    try {
      this.told = await this.#toPaper(order);
    } catch {
      // It stays noted as begun: nobody knows whether it is on paper.
      this.#session.failure = "internal";
    } finally {
      this.busy = null;
    }
  }

  /** What to say of it; `null` where it was cancelled, or a command failed. */
  async #toPaper(order: OrderView): Promise<{ id: string; duplicate: boolean } | null> {
    const dialog = (this.#session.view?.preferences.printing.printer ?? "").trim() === "";
    const printed = await this.#session.ask((backend) => backend.printTicket(order.id, dialog));
    if (printed === null) return null;
    if (dialog) {
      this.ticket = { order, ...printed };
      await tick();
      await document.fonts.ready;
      // Tauri puts a promise in its place on macOS.
      await (window.print() as unknown);
      const onPaper = await this.#session.ask((backend) => backend.ticketLeftDialog(order.id));
      if (onPaper !== true) return null;
    }
    return { id: order.id, duplicate: printed.duplicate };
  }
}
