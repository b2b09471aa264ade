import type { ItemView, OrderTypeView, OrderView } from "../backend/bindings";
import { hasText } from "../text/catalogue";
import { seeable } from "./plain";
import { dashed } from "./status";
import type { Phrase } from "./time";

/** The customer's name, if anything of it can be seen. */
export function customerName(order: Pick<OrderView, "customer">): string | null {
  return seeable(order.customer);
}

/** What stands in for the customer's name: for a table, the table is what people call out. */
export function nameInstead(order: Typed): Phrase {
  return isForTable(order) ? tablePhrase(order) : { key: "no-customer" };
}

function isForTable(order: Typed): boolean {
  return order.orderType === "dine_in" && seeable(order.table) !== null;
}

function tablePhrase(order: Typed): Phrase {
  return { key: "type-table", variables: { table: order.table ?? "" } };
}

/** What of an order has to be known to name its type. */
type Typed = Pick<OrderView, "orderType" | "table" | "customer">;

/** Delivery, pickup, or the table, unless that is its name already. */
export function typePhrase(order: Typed): Phrase {
  if (isForTable(order) && customerName(order) !== null) return tablePhrase(order);
  return { key: typeKey(order.orderType) };
}

/** The key of the type's name. */
export function typeKey(type: OrderTypeView): string {
  const keys: Record<OrderTypeView, string> = {
    delivery: "type-delivery",
    take_away: "type-take-away",
    dine_in: "type-dine-in",
    unknown: "type-unknown",
  };
  return keys[type];
}

/** The key of the text beside the times: what happens at the second one. */
export function dueKey(order: OrderView): string {
  if (order.scheduled) return "due-scheduled";
  if (order.orderType === "delivery") return "due-delivery";
  return order.orderType === "take_away" ? "due-take-away" : "due-ready";
}

/** Whether a chat can be opened with this phone: it has the digits of a whole number. */
export function canChat(phone: string | null): boolean {
  return phone !== null && (phone.match(/\d/g)?.length ?? 0) >= 10 && phone.length <= 30;
}

/** Whether its ticket is on paper already, or may be: another one is marked. */
export function wasPrinted(order: OrderView): boolean {
  return order.printed > 0 || order.maybePrinted;
}

/** The key of the payment's name; a method without one of its own is another one. */
export function methodKey(method: string): string {
  const key = `method-${dashed(method)}`;
  return hasText(key) ? key : "method-other";
}

/** The keys of what changed, less what there are no words for. */
export function changeKeys(order: OrderView): string[] {
  return order.changes.map((change) => `change-${dashed(change)}`).filter(hasText);
}

/** The key of the name of what the lines do not account for. */
export function chargesKey(order: OrderView): string {
  if ((order.otherCharges ?? 0) < 0) return "charges-discount";
  return order.orderType === "delivery" ? "charges-delivery" : "charges-other";
}

/** A line under an item: flavours, what is added, and in `without` what must not be on it. */
export interface PartLine {
  kind: "flavors" | "added" | "without";
  names: string;
  /** The half that it is about; its flavours, or an empty text where they are not known. */
  half: string | null;
}

/**
 * The lines of a pizza's parts. Flavours stand together on one line; what is added to or left out
 * of a half names that half, since a cook must not take it for the whole.
 */
export function partLines(item: ItemView, half: (flavors: string) => string): PartLine[] {
  const flavors = item.parts
    .filter((part) => part.flavors.length > 0)
    .map((part) => (part.half ? half(part.flavors.join(", ")) : part.flavors.join(", ")));
  const lines: PartLine[] = [];
  if (flavors.length > 0) lines.push({ kind: "flavors", names: flavors.join(" · "), half: null });
  for (const part of item.parts) {
    const which = part.half ? part.flavors.join(", ") : null;
    if (part.leftOut.length > 0) {
      lines.push({ kind: "without", names: part.leftOut.join(", "), half: which });
    }
    if (part.added.length > 0) {
      lines.push({ kind: "added", names: part.added.join(", "), half: which });
    }
  }
  return lines;
}
