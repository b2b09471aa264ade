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

  /** One at a time: a second press while one is under way prints nothing. */
  async print(order: OrderView): Promise<void> {
    if (this.busy !== null) return;
    this.busy = order.id;
    this.told = null;
    const dialog = (this.#session.view?.preferences.printing.printer ?? "").trim() === "";
    let printed = await this.#session.ask((backend) => backend.printTicket(order.id, dialog));
    if (printed !== null && dialog) {
      this.ticket = { order, ...printed };
      await tick();
      await document.fonts.ready;
      // Tauri puts a promise in its place on macOS.
      await (window.print() as unknown);
      const onPaper = await this.#session.ask((backend) => backend.ticketLeftDialog(order.id));
      if (onPaper !== true) printed = null;
    }
    if (printed !== null) this.told = { id: order.id, duplicate: printed.duplicate };
    this.busy = null;
  }
}
