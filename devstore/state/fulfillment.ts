/** What is sent to a shopper and asked to be sent back: fulfillments with their tracking, and requests for returns. */
import { lineFault, openOrder } from "./checks.ts";
import { emit } from "./events.ts";
import { touch } from "./journal.ts";
import type {
  FulfillmentState,
  LineState,
  OrderState,
  ReturnReason,
  ReturnRequestState,
  ShipmentStatus,
  ShopState,
  World,
} from "./model.ts";
import { fail, succeed, type Result } from "./result.ts";
import { orderTopic } from "./topics.ts";
import { newId, now, wholeSecond } from "./world.ts";

const NOTE_CHARACTERS = 300;

type Units = { lineId: number; quantity: number };

/** Sends lines, or whatever has not been sent. */
export function fulfillOrder(
  world: World,
  shop: ShopState,
  input: {
    orderId: number;
    lines?: Units[];
    tracking?: { company?: string; number?: string; url?: string };
    estimatedDeliveryAt?: number;
    at?: number;
  },
): Result<FulfillmentState> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  const open = order.lines.map((line) => ({ lineId: line.id, quantity: unsent(order, line) }));
  const lines = input.lines ?? open.filter(({ quantity }) => quantity > 0);
  if (lines.length === 0) return fail("wrong-state", "There is nothing left to fulfill.", ["orderId"]);
  const wrong = lineFault(order, lines, (line) => unsent(order, line));
  if (wrong) return wrong;
  const { company = null, number = null, url = null } = input.tracking ?? {};
  const fulfillment: FulfillmentState = {
    id: newId(world, "fulfillment"),
    createdAt: wholeSecond(at),
    updatedAt: wholeSecond(at),
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    tracking: input.tracking ? { company, number, url } : null,
    estimatedDeliveryAt: input.estimatedDeliveryAt ?? null,
    events: [],
  };
  order.fulfillments = [...(order.fulfillments ?? []), fulfillment];
  return changed(world, shop, order, at, fulfillment);
}

/** What the carrier says of a shipment. */
export function trackShipment(
  world: World,
  shop: ShopState,
  input: {
    orderId: number;
    fulfillmentId: number;
    status: ShipmentStatus;
    estimatedDeliveryAt?: number;
    at?: number;
  },
): Result<FulfillmentState> {
  const at = input.at ?? now(world);
  const order = shop.orders.get(input.orderId);
  const fulfillment = order?.fulfillments?.find(({ id }) => id === input.fulfillmentId);
  if (!order || !fulfillment) return fail("not-found", "The fulfillment does not exist.", ["fulfillmentId"]);
  const id = newId(world, "fulfillmentEvent");
  fulfillment.events.push({ id, status: input.status, happenedAt: wholeSecond(at) });
  fulfillment.estimatedDeliveryAt = input.estimatedDeliveryAt ?? fulfillment.estimatedDeliveryAt;
  fulfillment.updatedAt = wholeSecond(at);
  return changed(world, shop, order, at, fulfillment);
}

export interface ReturnInput {
  orderId: number;
  lines: (Units & { reason?: ReturnReason; note?: string })[];
  at?: number;
}

/** The shopper asks; the merchant answers. Nothing has come back yet. */
export function requestReturn(world: World, shop: ShopState, input: ReturnInput): Result<ReturnRequestState> {
  const at = input.at ?? now(world);
  const found = openOrder(shop, input.orderId);
  if (!found.ok) return found;
  const order = found.value;
  if (input.lines.length === 0) return fail("invalid", "A return needs at least one line.", ["lines"]);
  const wrong = lineFault(order, input.lines, (line) => returnable(order, line));
  if (wrong) return wrong;
  const long = input.lines.findIndex(({ note }) => (note ?? "").length > NOTE_CHARACTERS);
  if (long >= 0) {
    const sentence = `Customer note is too long (maximum is ${NOTE_CHARACTERS} characters)`;
    return fail("invalid", sentence, ["lines", String(long), "note"]);
  }
  const others = order.returnRequests ?? [];
  const request: ReturnRequestState = {
    id: newId(world, "return"),
    name: `#${order.number}-R${others.length + 1}`,
    createdAt: wholeSecond(at),
    status: "REQUESTED",
    lines: input.lines.map(({ lineId, quantity, reason = "UNKNOWN", note = null }) => ({
      ...{ lineId, quantity, reason, note },
    })),
  };
  order.returnRequests = [...others, request];
  return changed(world, shop, order, at, request);
}

export function answerReturn(
  world: World,
  shop: ShopState,
  input: { orderId: number; returnId: number; status: "CLOSED" | "DECLINED" | "OPEN"; at?: number },
): Result<ReturnRequestState> {
  const at = input.at ?? now(world);
  const order = shop.orders.get(input.orderId);
  const request = order?.returnRequests?.find(({ id }) => id === input.returnId);
  if (!order || !request) return fail("not-found", "The return does not exist.", ["returnId"]);
  if (request.status !== (input.status === "CLOSED" ? "OPEN" : "REQUESTED"))
    return fail("wrong-state", `A return that is ${request.status} cannot become ${input.status}.`, [
      "status",
    ]);
  request.status = input.status;
  return changed(world, shop, order, at, request);
}

/** Units that were sent, are still the shopper's and are in no request that stands. */
export function returnable(order: OrderState, line: LineState): number {
  if (line.isGiftCard) return 0;
  const asked = (order.returnRequests ?? [])
    .filter(({ status }) => status === "OPEN" || status === "REQUESTED")
    .flatMap(({ lines }) => lines);
  const units = sent(order, line);
  const refunded = line.quantity - Math.min(line.currentQuantity, line.refundableQuantity);
  // What was never sent is refunded first.
  const back = Math.max(0, refunded - (line.quantity - units));
  return Math.max(0, Math.min(units - back, line.currentQuantity) - unitsOf(asked, line));
}

/** Units that are still to be sent. */
export function unsent(order: OrderState, line: LineState): number {
  return Math.max(0, line.currentQuantity - sent(order, line));
}

function sent({ fulfillments = [] }: OrderState, line: LineState): number {
  return unitsOf(
    fulfillments.flatMap(({ lines }) => lines),
    line,
  );
}

function unitsOf(units: readonly Units[], { id }: LineState): number {
  return units.reduce((sum, { lineId, quantity }) => (lineId === id ? sum + quantity : sum), 0);
}

function changed<T>(world: World, shop: ShopState, order: OrderState, at: number, value: T): Result<T> {
  touch(order, at);
  emit(world, shop, at, [orderTopic(shop, order, "orders/updated")]);
  return succeed(value);
}
