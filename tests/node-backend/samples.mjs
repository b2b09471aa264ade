// Believable orders of a Mexican pizza shop. All randomness comes in by parameter.
import { randomUUID } from "node:crypto";

const NAMES = [
  ["Lucía", "Núñez"], ["Ramón", "Íñiguez"], ["María José", "Peña"], ["Ángel", "Gutiérrez"],
  ["Itzel", "Muñoz"], ["Óscar", "Zúñiga"], ["Sofía", "Ibáñez"], ["Julián", "Ordóñez"],
  ["Begoña", "Ávila"], ["Martín", "Güemes"], ["Ximena", "Castañeda"], ["Raúl", "Echeverría"],
];
const STREETS = [
  ["Av. Hidalgo", "Centro"], ["Calle Niños Héroes", "San José"], ["Priv. de los Ángeles", "El Mirador"],
  ["Calz. Independencia", "La Purísima"], ["Calle Ramón Corona", "Santa Mónica"], ["Blvd. López Mateos", "Los Álamos"],
];
const INSTRUCTIONS = ["Portón verde", "Frente a la tortillería", "Casa de dos pisos, zaguán café", "Llamar al llegar", null];
const NOTES = ["Tocar el timbre dos veces", "Sin cubiertos, por favor", "Traer cambio de $500", null, null];
const FLAVORS = [
  ["Mexicana", "chorizo, jalapeño, cebolla"], ["Hawaiana", "jamón, piña"], ["Pepperoni", "pepperoni"],
  ["Carnes frías", "jamón, salami, tocino"], ["Champiñones", "champiñones, queso"], ["Azteca", "elote, rajas, frijol"],
];
const SIZES = [["PV-1", "Chica", 139], ["PV-2", "Mediana", 189], ["PV-3", "Grande", 249], ["PV-4", "Familiar", 299]];
const SIDES = [
  ["P-9", "Agua de jamaica 1 L", 50], ["P-10", "Refresco de 2 L", 45], ["P-11", "Alitas BBQ (10 piezas)", 145],
  ["P-12", "Papas a la francesa", 65], ["P-13", "Ensalada César", 89],
];
const METHODS = ["CASH", "CASH", "CREDIT_CARD", "DEBIT_CARD", "TRANSFER"];
const TYPES = ["DELIVERY", "TAKE_AWAY", "DINE_IN"];
const DELIVERY_FEE = 25.5;

const pick = (random, list) => list[Math.floor(random() * list.length)];

function customization(half, action, type, name, ingredients = null) {
  return { half, action, pizzaCustomization: { name, type, ingredients, toppingValue: type === "FLAVOR" ? 4 : 1 } };
}

function pizza(random, orderId) {
  const [variantId, variant, price] = pick(random, SIZES);
  const stuffed = random() < 0.4;
  const first = pick(random, FLAVORS);
  const second = pick(random, FLAVORS);
  const customizations = first === second
    ? [customization("FULL", "ADD", "FLAVOR", ...first)]
    : [customization("HALF_1", "ADD", "FLAVOR", ...first), customization("HALF_2", "ADD", "FLAVOR", ...second)];
  if (first[0] === "Hawaiana" || second[0] === "Hawaiana") {
    const half = first === second ? "FULL" : first[0] === "Hawaiana" ? "HALF_1" : "HALF_2";
    customizations.push(customization(half, "REMOVE", "INGREDIENT", "Piña"));
  }
  return {
    id: randomUUID(), orderId, productId: "P-1", productVariantId: variantId,
    basePrice: price, finalPrice: price + (stuffed ? 40 : 0),
    preparationStatus: "PENDING", preparationNotes: pick(random, ["Bien dorada", "Sin piña", "Cortada en cuadros", null]),
    product: { id: "P-1", name: "Pizza" }, productVariant: { id: variantId, name: variant },
    productModifiers: stuffed ? [{ id: "M-2", name: "Orilla rellena de queso", price: 40 }] : [],
    selectedPizzaCustomizations: customizations,
  };
}

function side(random, orderId) {
  const [productId, name, price] = pick(random, SIDES);
  return {
    id: randomUUID(), orderId, productId, productVariantId: null, basePrice: price, finalPrice: price,
    preparationStatus: "PENDING", preparationNotes: null, product: { id: productId, name }, productVariant: null,
    productModifiers: [], selectedPizzaCustomizations: [],
  };
}

function deliveryInfo(random, orderId, orderType, customer, at) {
  const person = customer && orderType !== "DINE_IN";
  const brought = orderType === "DELIVERY";
  const [street, neighborhood] = pick(random, STREETS);
  return {
    id: randomUUID(), orderId,
    name: brought ? "Casa" : null, fullAddress: null, street: brought ? street : null,
    number: brought ? String(1 + Math.floor(random() * 900)) : null,
    interiorNumber: brought && random() < 0.3 ? "3B" : null, neighborhood: brought ? neighborhood : null,
    city: brought ? "Tototlán" : null, state: brought ? "Jalisco" : null, zipCode: brought ? "47730" : null,
    country: brought ? "México" : null,
    recipientName: person ? `${customer.firstName} ${customer.lastName}` : null,
    recipientPhone: person ? customer.whatsappPhoneNumber.slice(3) : null,
    deliveryInstructions: brought ? pick(random, INSTRUCTIONS) : null,
    latitude: brought ? 20.54321 : null, longitude: brought ? -102.79321 : null, createdAt: at, updatedAt: at,
  };
}

/** One order made at `now` (milliseconds since 1970). `random` answers numbers from 0 up to 1. */
export function sampleOrder(random, now) {
  const id = randomUUID();
  const at = new Date(now).toISOString();
  const orderType = pick(random, TYPES);
  const [firstName, lastName] = pick(random, NAMES);
  const visits = 1 + Math.floor(random() * 9);
  const customer = orderType === "DINE_IN" ? null : {
    id: randomUUID(), whatsappPhoneNumber: `52133${String(Math.floor(random() * 1e8)).padStart(8, "0")}`,
    firstName, lastName, email: null, birthDate: null, fullChatHistory: [], relevantChatHistory: [],
    lastInteraction: at, totalOrders: visits, totalSpent: visits * 310.25, isActive: true, isBanned: false,
    banReason: null, addresses: [], createdAt: at, updatedAt: at,
  };
  const orderItems = [pizza(random, id)];
  if (random() < 0.3) orderItems.push(pizza(random, id));
  if (random() < 0.7) orderItems.push(side(random, id));
  const subtotal = orderItems.reduce((sum, item) => sum + item.finalPrice, 0);
  const total = subtotal + (orderType === "DELIVERY" ? DELIVERY_FEE : 0);
  return {
    id, shiftOrderNumber: null, orderType, orderStatus: "PENDING", subtotal, total,
    customerId: customer?.id ?? null, estimatedDeliveryTime: new Date(now + 45 * 60_000).toISOString(),
    scheduledAt: null, notes: pick(random, NOTES), isFromWhatsApp: orderType !== "DINE_IN", finalizedAt: null,
    shiftId: null, userId: null, tableId: orderType === "DINE_IN" ? `${1 + Math.floor(random() * 12)}` : null,
    customer, orderItems, deliveryInfo: deliveryInfo(random, id, orderType, customer, at),
    payments: [{
      id: randomUUID(), orderId: id, paymentMethod: pick(random, METHODS), amount: total, status: "PENDING",
      stripePaymentId: null, metadata: null, createdAt: at, updatedAt: at,
    }],
    createdAt: at, updatedAt: at,
  };
}
