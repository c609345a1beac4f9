/** What of a shop's net sales so far was left after costs: what its expected sales are taken to leave, too. */
import { marginOf, type MarginParts } from "../metrics/amounts.ts";
import { ORDER_KIND, type CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";

/** `null` where no cost is known, or nothing was sold. */
export function marginShare(columns: OrderColumns, { kind }: CountedOrders): number | null {
  const parts: MarginParts = { productNetMinor: 0, costedNetMinor: 0, costMinor: 0 };
  for (let i = 0; i < columns.orderCount; i++) {
    if (kind[i] === ORDER_KIND.leftOut) continue;
    parts.productNetMinor += (columns.grossMinor[i] as number) - (columns.discountMinor[i] as number);
    parts.costedNetMinor += columns.costedNetMinor[i] as number;
    parts.costMinor += columns.costMinor[i] as number;
  }
  const { refunds } = columns;
  for (let r = 0; r < refunds.count; r++) {
    if (kind[refunds.order[r] as number] === ORDER_KIND.leftOut) continue;
    parts.productNetMinor -= refunds.productMinor[r] as number;
  }
  const margin = marginOf(parts, columns.shop.flatMarginBasisPoints);
  return margin === null || parts.productNetMinor <= 0 ? null : margin / parts.productNetMinor;
}
