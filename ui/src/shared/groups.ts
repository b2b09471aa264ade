import type { OrderView } from "../backend/bindings";

/** The list's three groups, each newest first as the view brings them. */
export interface Groups {
  unseen: OrderView[];
  fromBefore: OrderView[];
  seen: OrderView[];
}

/** Sorts the orders into the list's groups. */
export function groups(orders: readonly OrderView[]): Groups {
  const result: Groups = { unseen: [], fromBefore: [], seen: [] };
  for (const order of orders) {
    switch (order.attention) {
      case "new":
      case "changed":
      case "cancelled":
        result.unseen.push(order);
        break;
      case "from_before":
        result.fromBefore.push(order);
        break;
      case "seen":
        result.seen.push(order);
        break;
    }
  }
  return result;
}

/** Whether it waits for a person. */
export function isUnseen(order: Pick<OrderView, "attention">): boolean {
  return order.attention !== "seen" && order.attention !== "from_before";
}

/** The order that is open, and whether a person chose it. */
export interface Selection {
  id: string | null;
  chosen: boolean;
}

/**
 * What stays open when the orders change. An unseen order is never taken away under the hand that
 * is about to press *Visto*; a chosen one stays; otherwise the newest unseen comes up.
 */
export function follow(selection: Selection, orders: readonly OrderView[]): Selection {
  const current = orders.find((order) => order.id === selection.id);
  if (current && (selection.chosen || isUnseen(current))) return selection;
  const { unseen, seen } = groups(orders);
  const id = (unseen[0] ?? current ?? seen[0])?.id ?? null;
  return id === selection.id && !selection.chosen ? selection : { id, chosen: false };
}

/** The order above (-1) or below (1) in the list as it is shown. */
export function neighbour(
  shown: readonly OrderView[],
  id: string | null,
  step: -1 | 1,
): string | null {
  if (shown.length === 0) return null;
  const index = shown.findIndex((order) => order.id === id);
  if (index < 0) return shown[0]?.id ?? null;
  const next = Math.min(shown.length - 1, Math.max(0, index + step));
  return shown[next]?.id ?? null;
}
