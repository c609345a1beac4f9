/** What every source of orders needs to make a history: orders with nothing special about them, and who placed them. */
import type { HistoryCustomer, HistoryLine, HistoryOrder } from "./model.ts";

/** An order from the online shop, paid at once, without shipping or anything that came later. */
export function ordinaryOrder(
  facts: Pick<HistoryOrder, "key" | "customerKey" | "placedAt" | "lines" | "presentmentCurrency">,
): HistoryOrder {
  return {
    shippingMinor: 0,
    shippingTaxMinor: 0,
    tipMinor: 0,
    paidAt: facts.placedAt,
    giftCardPaymentMinor: 0,
    cancelledAt: null,
    test: false,
    sourceName: "web",
    companyKey: null,
    shippingCountry: null,
    discountCodes: [],
    firstVisitSource: null,
    presentmentRate: 1,
    edits: [],
    refunds: [],
    ...facts,
  };
}

/** Lines worth exactly `amountMinor` in whole minor units a piece: where units do not divide it, some cost one more. */
export function linesWorth(line: Omit<HistoryLine, "unitPriceMinor">, amountMinor: number): HistoryLine[] {
  const unitPriceMinor = Math.floor(amountMinor / line.quantity);
  const dearer = amountMinor - unitPriceMinor * line.quantity;
  const parts = [
    { ...line, quantity: line.quantity - dearer, unitPriceMinor },
    { ...line, quantity: dearer, unitPriceMinor: unitPriceMinor + 1 },
  ];
  return parts.filter(({ quantity }) => quantity > 0);
}

/** By time, orders of one instant as they stand in the file. */
export function inOrderOfTime(orders: Iterable<HistoryOrder>): HistoryOrder[] {
  return [...orders].sort((a, b) => a.placedAt - b.placedAt);
}

/** The customers that orders (by time) name, known from their first order on. */
export function customersOf(orders: readonly HistoryOrder[]): HistoryCustomer[] {
  const customers = new Map<string, HistoryCustomer>();
  for (const { customerKey, placedAt, shippingCountry } of orders) {
    if (customerKey === null || customers.has(customerKey)) continue;
    customers.set(customerKey, {
      key: customerKey,
      firstName: null,
      lastName: null,
      email: null,
      state: "DISABLED",
      tags: [],
      acceptsMarketing: false,
      countryCode: shippingCountry,
      createdAt: placedAt,
    });
  }
  return [...customers.values()];
}
