import type { HistoryPage, HistoryQuery, HistoryRow, OrderTypeView, OrderView } from "../bindings";
import { halves, item, order } from "./orders";

const minute = 60_000;
const firstNames = ["Lucía", "José María", "Zoë", "Ramón", "Ana", "Luis", "Rosa", "Hugo", "Inés", "Toño", "Marta"];
const lastNames = ["Núñez", "Ñandú", "Peña", "Íñiguez", "Ruiz", "Ortega", "Lima", "Lara", "Vela", "Cruz", "Solís", "Mora", "Gil"];
const products = ["Pizza grande", "Pizza mediana", "Ensalada", "Lasaña", "Agua de jamaica 1 L", "Calzone", "Refresco 2 L"];
const types: OrderTypeView[] = ["delivery", "take_away", "delivery", "dine_in", "delivery"];

/**
 * The orders of the view and so many older ones that each is made from its place alone: a hundred
 * thousand of them cost nothing until somebody asks.
 */
export class Archive {
  readonly #size: number;
  readonly #present: () => OrderView[];
  readonly #edits = new Map<string, Partial<OrderView>>();

  constructor(size: number, present: () => OrderView[]) {
    this.#size = size;
    this.#present = present;
  }

  /** What differs from how an order was made. */
  edit(id: string, part: Partial<OrderView>): void {
    this.#edits.set(id, { ...this.#edits.get(id), ...part });
  }

  order(id: string): OrderView | undefined {
    const present = this.#present().find((each) => each.id === id);
    if (present) return present;
    const place = Number(id.replace(/^old-/, ""));
    if (!Number.isInteger(place) || place < 0 || place >= this.#size) return undefined;
    const found = this.#old(place);
    return isEmptied(found)
      ? { ...found, customer: null, phone: null, items: [], itemCount: 0, total: null, address: null, payment: null }
      : found;
  }

  page({ text, from, until, offset, limit }: HistoryQuery): HistoryPage {
    const words = plain(text).split(/\s+/).filter(Boolean);
    const isAsked = (each: OrderView) =>
      (from === null || each.createdAt >= from) &&
      (until === null || each.createdAt < until) &&
      words.every((word) => searched(each).some((known) => known.startsWith(word)));
    // The history lists what was stored as an order.
    const present = this.#present().filter((each) => each.unreadable === null);
    if (words.length === 0 && from === null && until === null) {
      const total = this.#size === 0 ? 0 : present.length + this.#size;
      const places = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => offset + at);
      return { rows: places.map((at) => row(present[at] ?? this.#old(at - present.length))), total };
    }
    const found = [...present, ...Array.from({ length: this.#size }, (_, at) => this.#old(at))].filter(isAsked);
    return { rows: found.slice(offset, offset + limit).map(row), total: found.length };
  }

  #old(place: number): OrderView {
    return { ...older(place), ...this.#edits.get(`old-${place}`) };
  }
}

function older(place: number): OrderView {
  const customer = `${pick(firstNames, place)} ${pick(lastNames, place * 7)}`;
  const type = pick(types, place);
  return order(String(99 - (place % 99)), place % 23 === 5 ? null : customer, 75 + place * 17, {
    id: `old-${place}`,
    attention: "seen",
    orderType: type,
    table: type === "dine_in" ? String((place % 9) + 1) : null,
    cancelled: place % 31 === 8,
    phone: `33 ${String(10_000_000 + place * 37).slice(0, 4)} ${String(1000 + (place % 9000))}`,
    items: place % 4 === 0 ? [halves] : [item(pick(products, place), 9900 + (place % 17) * 1500)],
    payment: { method: pick(["cash", "card", "online"], place), paid: place % 3 !== 0 },
    address: type === "delivery" ? { street: `Calle Morelos ${(place % 300) + 1}`, area: "Centro, Tototlán", instructions: null } : null,
  });
}

/** What is older than 90 days was emptied by retention. */
function isEmptied({ createdAt }: OrderView): boolean {
  return Date.now() - createdAt > 90 * 24 * 60 * minute;
}

function row(each: OrderView): HistoryRow {
  const { id, number, customer, orderType, cancelled, total, createdAt, attention, confirmed } = each;
  const emptied = isEmptied(each);
  return emptied
    ? { id, number, customer: null, orderType, cancelled, total: null, createdAt, attention, confirmed, emptied }
    : { id, number, customer, orderType, cancelled, total, createdAt, attention, confirmed, emptied };
}

function searched(each: OrderView): string[] {
  const texts = [each.customer, each.number, each.phone?.replaceAll(" ", ""), each.notes, each.address?.street];
  return [...texts, ...each.items.map((line) => line.name)].flatMap((text) => plain(text ?? "").split(/\s+/));
}

function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{Mn}/gu, "").toLowerCase();
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], at: number): T {
  return list[at % list.length] as T;
}
