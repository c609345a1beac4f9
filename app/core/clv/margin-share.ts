/**
 * What of a shop's net sales was left after costs: what its expected sales are taken to leave, too.
 *
 * Where a points programme runs, what it costs beyond what sales show already is taken off (core/loyalty/programme-cost.ts). What was brought so far bears what the
 * programme has cost; what is expected bears it at the rate of the sales since the programme's start, because sales before had none of it.
 */
import { marginOf, type MarginParts } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";

export interface PointsCost {
  /** Minor units, since the programme's first day. */
  costMinor: number;
  sinceDay: number;
}

export interface MarginShares {
  /** Of net sales so far; `null` where no cost is known, or nothing was sold. */
  soFar: number | null;
  expected: number | null;
}

export function marginShares(
  columns: OrderColumns,
  { kind }: CountedOrders,
  points: PointsCost | null = null,
): MarginShares {
  const parts: MarginParts = { productNetMinor: 0, costedNetMinor: 0, costMinor: 0 };
  const since = points?.sinceDay ?? Infinity;
  let sinceMinor = 0;
  const addNet = (order: number, minor: number) => {
    parts.productNetMinor += minor;
    if ((columns.day[order] as number) >= since) sinceMinor += minor;
  };
  for (let i = 0; i < columns.orderCount; i++) {
    if (kind[i] === ORDER_KIND.leftOut) continue;
    addNet(i, (columns.grossMinor[i] as number) - (columns.discountMinor[i] as number));
    parts.costedNetMinor += columns.costedNetMinor[i] as number;
    parts.costMinor += columns.costMinor[i] as number;
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    const order = refunds.order[r] as number;
    if (kind[order] !== ORDER_KIND.leftOut) addNet(order, -(refunds.productMinor[r] as number));
  }
  const margin = marginOf(parts, columns.shop.flatMarginBasisPoints);
  if (margin === null || parts.productNetMinor <= 0) return { soFar: null, expected: null };
  const share = margin / parts.productNetMinor;
  const cost = points?.costMinor ?? 0;
  const soFar = share - cost / parts.productNetMinor;
  return { soFar, expected: sinceMinor > 0 ? share - cost / sinceMinor : soFar };
}
