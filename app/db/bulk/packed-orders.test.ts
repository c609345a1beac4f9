import fc from "fast-check";
import { expect, test } from "vitest";
import type { Order } from "../../core/order.ts";
import { packOrders, unpackOrders } from "./packed-orders.ts";

const number = fc.maxSafeInteger().map((value) => value + 0);
const count = fc.nat({ max: 3 });
const text = fc.string({ unit: "binary" });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const line = fc.record({
  id: number,
  productId: orNull(number),
  variantId: orNull(number),
  quantity: number,
  listPriceMinor: number,
  grossMinor: number,
  discountMinor: number,
  netMinor: number,
  taxMinor: number,
  refundedQuantity: number,
  refundMinor: number,
  unitCostMinor: orNull(number),
  isGiftCard: fc.boolean(),
});

const refund = fc.record({
  id: number,
  refundedAt: number,
  day: number,
  productMinor: number,
  shippingMinor: number,
  taxMinor: number,
  giftCardMinor: number,
  otherMinor: number,
  returnedUnits: fc.array(fc.record({ lineId: number, quantity: count }), { maxLength: 3 }),
});

const order: fc.Arbitrary<Order> = fc.record({
  id: number,
  customerId: orNull(number),
  createdAt: number,
  placedAt: number,
  updatedAt: number,
  day: number,
  grossMinor: number,
  discountMinor: number,
  shippingMinor: number,
  taxMinor: number,
  tipMinor: number,
  giftCardMinor: number,
  feeMinor: number,
  refundMinor: number,
  netMinor: number,
  differenceMinor: number,
  presentmentCurrency: text,
  presentmentTotalMinor: number,
  channel: text,
  firstSource: orNull(text),
  shippingCountry: orNull(text),
  discountCodes: fc.array(text, { maxLength: 3 }),
  financialStatus: fc.constantFrom("paid", "pending", "unknown"),
  paidAt: orNull(number),
  cancelledAt: orNull(number),
  isTest: fc.boolean(),
  isDraft: fc.boolean(),
  isSubscription: fc.boolean(),
  isPos: fc.boolean(),
  isB2b: fc.boolean(),
  lines: fc.array(line, { maxLength: 3 }),
  refunds: fc.array(refund, { maxLength: 3 }),
});

test("what is packed unpacks to the same orders, also in parts", () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), (orders, part) => {
      const packed = packOrders(orders);
      const unpacked: Order[] = [];
      for (let from = 0; from < packed.numbers.length;) {
        const { orders: some, next } = unpackOrders(packed, from, part);
        expect(some.length).toBeLessThanOrEqual(part);
        unpacked.push(...some);
        from = next;
      }
      expect(unpacked).toEqual(orders);
    }),
  );
});
