import type { OrderView } from "../backend/bindings";
import { isUnseen } from "./groups";

/** What of each order has been told already: its version. */
export type Told = ReadonlyMap<string, number>;

/** The orders that wait and were not told in this version, and what is told from now on. */
export function arrivals(told: Told, orders: readonly OrderView[]): { news: OrderView[]; told: Told } {
  const news = orders.filter((order) => isUnseen(order) && (told.get(order.id) ?? -1) < order.version);
  return { news, told: new Map(orders.map((order) => [order.id, order.version])) };
}
