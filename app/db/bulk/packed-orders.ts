/**
 * Orders as one block of numbers and a list of distinct texts, because a block moves to another thread for nothing while
 * objects are copied one by one on both sides.
 */
import type { FinancialStatus, Order, OrderLine, Refund } from "../../core/order.ts";

export interface PackedOrders {
  /** One order after another: its numbers, flags and text positions, then its codes, lines and refunds. */
  numbers: Float64Array<ArrayBuffer>;
  texts: string[];
}

const NUMBERS_PER_ORDER = 32;
const NUMBERS_PER_LINE = 13;
const NUMBERS_PER_REFUND = 9;

/** `null` among numbers. No stored number is NaN. */
const NONE = NaN;

export function packOrders(orders: readonly Order[]): PackedOrders {
  const numbers = new Float64Array(orders.reduce((sum, order) => sum + lengthOf(order), 0));
  const texts: string[] = [];
  const positions = new Map<string, number>();
  let at = 0;
  const put = (value: number | null) => {
    numbers[at] = value ?? NONE;
    at += 1;
  };
  const putText = (value: string | null) => {
    if (value === null) return put(null);
    let position = positions.get(value);
    if (position === undefined) {
      position = texts.push(value) - 1;
      positions.set(value, position);
    }
    put(position);
  };
  for (const order of orders) {
    put(order.id);
    put(order.customerId);
    put(order.createdAt);
    put(order.placedAt);
    put(order.updatedAt);
    put(order.day);
    put(order.grossMinor);
    put(order.discountMinor);
    put(order.shippingMinor);
    put(order.taxMinor);
    put(order.tipMinor);
    put(order.giftCardMinor);
    put(order.feeMinor);
    put(order.refundMinor);
    put(order.netMinor);
    put(order.differenceMinor);
    putText(order.presentmentCurrency);
    put(order.presentmentTotalMinor);
    putText(order.channel);
    putText(order.firstSource);
    putText(order.shippingCountry);
    putText(order.financialStatus);
    put(order.paidAt);
    put(order.cancelledAt);
    put(Number(order.isTest));
    put(Number(order.isDraft));
    put(Number(order.isSubscription));
    put(Number(order.isPos));
    put(Number(order.isB2b));
    put(order.discountCodes.length);
    put(order.lines.length);
    put(order.refunds.length);
    for (const code of order.discountCodes) putText(code);
    for (const line of order.lines) {
      put(line.id);
      put(line.productId);
      put(line.variantId);
      put(line.quantity);
      put(line.listPriceMinor);
      put(line.grossMinor);
      put(line.discountMinor);
      put(line.netMinor);
      put(line.taxMinor);
      put(line.refundedQuantity);
      put(line.refundMinor);
      put(line.unitCostMinor);
      put(Number(line.isGiftCard));
    }
    for (const refund of order.refunds) {
      put(refund.id);
      put(refund.refundedAt);
      put(refund.day);
      put(refund.productMinor);
      put(refund.shippingMinor);
      put(refund.taxMinor);
      put(refund.giftCardMinor);
      put(refund.otherMinor);
      put(refund.returnedUnits.length);
      for (const { lineId, quantity } of refund.returnedUnits) {
        put(lineId);
        put(quantity);
      }
    }
  }
  return { numbers, texts };
}

function lengthOf(order: Order): number {
  let length = NUMBERS_PER_ORDER + order.discountCodes.length + order.lines.length * NUMBERS_PER_LINE;
  for (const { returnedUnits } of order.refunds) length += NUMBERS_PER_REFUND + returnedUnits.length * 2;
  return length;
}

/** Unpacks up to `count` orders from a position in the numbers; `next` is where to go on. */
export function unpackOrders(
  { numbers, texts }: PackedOrders,
  from: number,
  count: number,
): { orders: Order[]; next: number } {
  let at = from;
  const take = () => numbers[at++] as number;
  const takeOrNull = () => {
    const value = take();
    return Number.isNaN(value) ? null : value;
  };
  const takeText = () => texts[take()] as string;
  const takeTextOrNull = () => {
    const position = takeOrNull();
    return position === null ? null : (texts[position] as string);
  };
  const takeFlag = () => take() === 1;
  const list = <T>(length: number, item: () => T): T[] => {
    const items: T[] = [];
    for (let i = 0; i < length; i += 1) items.push(item());
    return items;
  };
  const takeLine = (): OrderLine => ({
    id: take(),
    productId: takeOrNull(),
    variantId: takeOrNull(),
    quantity: take(),
    listPriceMinor: take(),
    grossMinor: take(),
    discountMinor: take(),
    netMinor: take(),
    taxMinor: take(),
    refundedQuantity: take(),
    refundMinor: take(),
    unitCostMinor: takeOrNull(),
    isGiftCard: takeFlag(),
  });
  const takeRefund = (): Refund => ({
    id: take(),
    refundedAt: take(),
    day: take(),
    productMinor: take(),
    shippingMinor: take(),
    taxMinor: take(),
    giftCardMinor: take(),
    otherMinor: take(),
    returnedUnits: list(take(), () => ({ lineId: take(), quantity: take() })),
  });
  const orders: Order[] = [];
  while (orders.length < count && at < numbers.length) {
    const head = {
      id: take(),
      customerId: takeOrNull(),
      createdAt: take(),
      placedAt: take(),
      updatedAt: take(),
      day: take(),
      grossMinor: take(),
      discountMinor: take(),
      shippingMinor: take(),
      taxMinor: take(),
      tipMinor: take(),
      giftCardMinor: take(),
      feeMinor: take(),
      refundMinor: take(),
      netMinor: take(),
      differenceMinor: take(),
      presentmentCurrency: takeText(),
      presentmentTotalMinor: take(),
      channel: takeText(),
      firstSource: takeTextOrNull(),
      shippingCountry: takeTextOrNull(),
      financialStatus: takeText() as FinancialStatus,
      paidAt: takeOrNull(),
      cancelledAt: takeOrNull(),
      isTest: takeFlag(),
      isDraft: takeFlag(),
      isSubscription: takeFlag(),
      isPos: takeFlag(),
      isB2b: takeFlag(),
    };
    const [codes, lines, refunds] = [take(), take(), take()];
    orders.push({
      ...head,
      discountCodes: list(codes, takeText),
      lines: list(lines, takeLine),
      refunds: list(refunds, takeRefund),
    });
  }
  return { orders, next: at };
}
