import type { ItemView, OrderView } from "../bindings";

const minute = 60_000;

/** An order with everything that a shop's order usually has; `minutes` is how long ago it was made. */
export function order(
  number: string,
  customer: string | null,
  minutes: number,
  rest: Partial<OrderView> = {},
): OrderView {
  const now = Date.now();
  const items = rest.items ?? [item("Pizza grande", 28900)];
  const itemCount = items.reduce((sum, each) => sum + each.quantity, 0);
  const lines = items.reduce((sum, each) => sum + (each.price ?? 0), 0);
  return {
    id: `order-${number}`,
    version: 1,
    number,
    attention: "new",
    changes: [],
    orderType: "delivery",
    table: null,
    cancelled: false,
    customer,
    phone: null,
    items,
    itemCount,
    total: lines + (rest.otherCharges ?? 0),
    otherCharges: null,
    notes: null,
    address: null,
    payment: { method: "cash", paid: false },
    createdAt: now - minutes * minute - 20_000,
    receivedAt: now - minutes * minute - 19_000,
    dueAt: null,
    scheduled: false,
    seenAt: rest.attention === "seen" ? now - (minutes - 1) * minute : null,
    confirmed: true,
    unstored: false,
    printed: 0,
    maybePrinted: false,
    emptied: false,
    unreadable: null,
    ...rest,
  };
}

const unread = `{"id":"68f0c2a417","order_number":"48","orderType":"delivery","total":"trescientos","customer":{"name":"Rosa Lima","phone":null},"items":[{"name":"Pizza grande","quantity":"uno","price":28900}]`;

/** An order that cannot be read: nothing is known of it but when it came. */
export function unreadable(minutes: number, rest: Partial<OrderView> = {}): OrderView {
  return order("?", null, minutes, {
    id: `unreadable|${minutes}`,
    version: 0,
    orderType: "unknown",
    items: [],
    total: null,
    payment: null,
    confirmed: false,
    unreadable: unread,
    ...rest,
  });
}

/** A line of an order. */
export function item(name: string | null, price: number | null, rest: Partial<ItemView> = {}): ItemView {
  return { quantity: 1, name, price, parts: [], modifiers: [], notes: null, ...rest };
}

/** Half Mexicana, half Hawaiana without pineapple. */
export const halves = item("Pizza grande", 28900, {
  parts: [
    { half: true, flavors: ["Mexicana"], added: [], leftOut: [] },
    { half: true, flavors: ["Hawaiana"], added: [], leftOut: ["piña"] },
  ],
  modifiers: ["Orilla rellena de queso"],
  notes: "Bien dorada",
});

/** What the shop of the pictures has on its counter. */
export function counter(): OrderView[] {
  return [
    order("47", "Lucía Núñez", 1, {
      items: [halves, item("Agua de jamaica 1 L", 5000)],
      otherCharges: 7550,
      notes: "Tocar el timbre dos veces",
      phone: "33 1234 5678",
      address: {
        street: "Av. Hidalgo 214, int. 3B",
        area: "Centro, Tototlán",
        instructions: "Portón verde, junto a la farmacia",
      },
      dueAt: Date.now() + 44 * minute,
    }),
    order("46", "José María Ñandú", 6, {
      orderType: "take_away",
      items: [
        item("Pizza mediana", 18900, {
          parts: [
            { half: false, flavors: ["Pepperoni"], added: ["champiñones"], leftOut: ["cebolla"] },
          ],
        }),
      ],
      payment: { method: "card", paid: true },
      phone: "33 8765 4321",
      dueAt: Date.now() + 20 * minute,
    }),
    order("45", "Zoë Peña", 12, {
      items: [item("Pizza familiar", 70200, { quantity: 2 }), item("Refresco 2 L", 20000, { quantity: 3 })],
      address: { street: "Calle Morelos 18", area: "La Loma, Tototlán", instructions: null },
      payment: { method: "transfer", paid: false },
    }),
    ...seenToday(),
  ];
}

/** Orders that somebody saw today. */
export function seenToday(): OrderView[] {
  return [
    order("44", "Ramón Íñiguez", 23, {
      attention: "seen",
      orderType: "dine_in",
      table: "4",
      items: [item("Pizza grande", 28900), item("Cerveza", 3850, { quantity: 2, price: 7700 })],
    }),
    order("43", "Ana Ruiz", 44, { attention: "seen", items: [item("Pizza chica", 14900)] }),
    order("42", "Luis Ortega", 62, {
      attention: "seen",
      orderType: "take_away",
      items: [item("Ensalada", 11000), item("Pizza chica", 15000)],
      payment: { method: "online", paid: true },
    }),
  ];
}

/** Orders from before the first contact. */
export function fromBefore(): OrderView[] {
  return [31, 30, 29, 28, 27].map((number, index) =>
    order(String(number), ["Marta Solís", "Hugo Lara", null, "Inés Vela", "Toño Cruz"][index] ?? null, 900 + index * 37, {
      attention: "from_before",
      items: [item("Pizza grande", 24900 + index * 1000)],
    }),
  );
}

/** Orders that try the layout: long words, nothing known, thousands of pesos. */
export function awkward(): OrderView[] {
  return [
    order("A1F9", "María de los Ángeles Guadalupe Hernández-Villaseñor y Montes de Oca", 0, {
      changes: [],
      scheduled: true,
      dueAt: Date.now() + 27 * 60 * minute,
      notes: "Por favor llamar antes de llegar porque el timbre no sirve y el perro ladra mucho; dejar con el vigilante si nadie contesta. ¡Gracias!",
      items: [
        halves,
        item("Paquete fiesta infantil con botana, refrescos y pastel de tres leches", 245000, {
          quantity: 12,
          modifiers: ["Con velas", "Platos y vasos para veinticuatro personas"],
          notes: "Escribir «Feliz cumpleaños, Maximiliano» con betún azul",
        }),
        item(null, null),
      ],
      otherCharges: -12000,
      total: 261900,
      address: {
        street: "Prolongación Boulevard Constitución de 1917 núm. 10458, interior Torre B-1204",
        area: "Fraccionamiento Residencial Los Encinos de la Sierra, Tlajomulco de Zúñiga",
        instructions: null,
      },
      unstored: true,
    }),
    order("51", "Beto", 3, {
      attention: "changed",
      changes: ["items", "total", "notes"],
      version: 2,
      notes: "Mejor sin chile",
      payment: null,
    }),
    order("50", "Carla Mora", 8, { attention: "cancelled", cancelled: true, changes: ["cancelled"], version: 3 }),
    order("C07D", null, 95, { orderType: "unknown", items: [], itemCount: 0, total: null, payment: null }),
  ];
}

const page = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
const endless = "ñ".repeat(600);
const rightToLeft = "\u202eשלום \u202dمرحبا بالعالم\u202c";
const stacked = `Z${"\u0351\u0310\u0328".repeat(40)}algo`;
const unseen = "\u200b\u200d\ufeff";

/** Orders whose every text is meant to break something. */
export function hostile(): OrderView[] {
  const all = (text: string): Partial<OrderView> => ({
    table: text,
    phone: text,
    notes: text,
    items: [
      item(text, 28900, {
        quantity: 99_999,
        parts: [
          { half: true, flavors: [text], added: [text], leftOut: [text] },
          { half: true, flavors: [text], added: [], leftOut: [] },
        ],
        modifiers: [text, text],
        notes: text,
      }),
    ],
    address: { street: text, area: text, instructions: text },
    payment: { method: text, paid: false },
    changes: [text],
  });
  return [
    order("1", page, 0, { ...all(page), attention: "changed" }),
    order(endless, endless, 1, { ...all(endless), id: "order-endless", otherCharges: 9_007_199_254_740_991 }),
    order("3", rightToLeft, 2, all(rightToLeft)),
    order("4", stacked, 3, all(stacked)),
    order("5", unseen, 4, all(unseen)),
    order("6", "🍕👩‍👩‍👧‍👦🏳️‍🌈".repeat(30), 5, all("🍕👩‍👩‍👧‍👦🏳️‍🌈".repeat(30))),
    order("7", "{{constructor}} ${7*7} %s \\u0000 \u0000\n\n\n\t'\"`", 6, all("__proto__ {{x}} ${x}")),
  ];
}
