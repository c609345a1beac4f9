/** A shop as the tests of the points ledger need it: orders that are paid, edited, refunded, cancelled and disputed, as Perennial reads them. */
import type { DisputeState } from "../../app/core/loyalty/order-target.ts";
import type { FinancialStatus, Order } from "../../app/core/order.ts";
import { makeLine, makeOrder, makeRefund } from "./orders.ts";

export interface WorldLine {
  id: number;
  productId: number;
  unitMinor: number;
  units: number;
  refundedUnits: number;
}

export interface WorldOrder {
  id: number;
  customer: number;
  isFirst: boolean;
  isExcluded: boolean;
  isTest: boolean;
  placedAt: number;
  paidAt: number | null;
  cancelledAt: number | null;
  dispute: DisputeState | null;
  lines: WorldLine[];
  /** Refunded without naming a line. */
  moneyBackMinor: number;
  /** The redemption whose code it carries. */
  redemptionId: string | null;
  /** Whose code the cart brought, by their number as a customer. */
  broughtBy: number | null;
  /** Of one from before the programme: what is left for it of what its customer gets at most. */
  mostPoints?: number;
  /** In which it was placed; missing until it is heard of. */
  tierId?: string | null;
}

export function leftMinor({ unitMinor, units, refundedUnits }: WorldLine): number {
  return unitMinor * (units - refundedUnits);
}

export function soldMinor({ lines }: WorldOrder): number {
  return lines.reduce((sum, { unitMinor, units }) => sum + unitMinor * units, 0);
}

export function keptMinor({ lines, moneyBackMinor }: WorldOrder): number {
  return Math.max(0, lines.reduce((sum, line) => sum + leftMinor(line), 0) - moneyBackMinor);
}

export function asOrder(order: WorldOrder): Order {
  const { id, placedAt, paidAt, cancelledAt, isTest, lines } = order;
  const back = lines.reduce((sum, { unitMinor, refundedUnits }) => sum + unitMinor * refundedUnits, 0);
  const productMinor = back + order.moneyBackMinor;
  return makeOrder({
    id,
    placedAt,
    paidAt,
    cancelledAt,
    isTest,
    financialStatus: statusOf(order, productMinor),
    lines: lines.map(({ id: lineId, productId, unitMinor, units, refundedUnits }) =>
      makeLine({
        id: lineId,
        productId,
        quantity: units,
        grossMinor: units * unitMinor,
        refundedQuantity: refundedUnits,
        refundMinor: refundedUnits * unitMinor,
      }),
    ),
    refunds: productMinor > 0 ? [makeRefund({ productMinor })] : [],
  });
}

function statusOf(order: WorldOrder, refundedMinor: number): FinancialStatus {
  if (order.paidAt === null) return "pending";
  if (refundedMinor === 0) return "paid";
  return keptMinor(order) === 0 ? "refunded" : "partially_refunded";
}
