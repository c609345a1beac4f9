/** Which customers are members and since when, as whoever asks hands it over, and what their programme costs of their sales. */
import type { PointsCost } from "../clv/margin-share.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { salesWithin, type CustomerSales } from "./customer-sales.ts";

export interface MembersGiven {
  /** In no order; whoever has no orders may be among them. */
  customerIds: Float64Array;
  joinedDays: Int32Array;
}

export const NEVER = 2_147_483_647;

/** By the columns' customers: the day of joining, NEVER of those who are none. */
export function joinedDays(
  { customerIds }: Pick<OrderColumns, "customerIds">,
  members: MembersGiven,
): Int32Array {
  const dayOf = new Map<number, number>();
  members.customerIds.forEach((id, at) => dayOf.set(id, members.joinedDays[at] as number));
  return Int32Array.from(customerIds, (id) => dayOf.get(id) ?? NEVER);
}

/** What the programme has cost beyond what sales show (core/loyalty/programme-cost.ts), for a minor unit of members' net sales since it began; 0 where nothing is known. */
export function costRate(
  sales: CustomerSales,
  joined: Int32Array,
  cost: PointsCost | null,
  today: number,
): number {
  if (!cost) return 0;
  let netMinor = 0;
  joined.forEach((day, who) => {
    if (day !== NEVER)
      netMinor += salesWithin(sales, who, { after: Math.max(cost.sinceDay, day) - 1, until: today }).netMinor;
  });
  return netMinor > 0 ? cost.costMinor / netMinor : 0;
}
