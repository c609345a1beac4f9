/** How much of what the figures need is there: costs, history, and orders whose journal does not add up. */
import type { Reading } from "../types.ts";

export interface Coverage {
  orders: number;
  guestOrders: number;
  customers: number;
  products: number;
  /** Net product sales of all orders, and of the lines that have a unit cost. */
  netMinor: number;
  costedNetMinor: number;
  /** Their ratio; `null` where nothing was sold. */
  costCoverage: number | null;
  /** Orders whose total differs from the sum of their journal. */
  differingOrders: number;
  firstDay: number | null;
  lastDay: number | null;
  /** First day whose orders Shopify let us read; `null` where all are. */
  readableFromDay: number | null;
}

export async function coverageOf(db: Reading, shopId: number): Promise<Coverage> {
  const sums = await db.prisma.order.aggregate({
    where: { shopId },
    _count: true,
    _sum: { netMinor: true, costedNetMinor: true },
    _min: { day: true },
    _max: { day: true },
  });
  const state = await db.prisma.syncState.findUnique({ where: { shopId } });
  const netMinor = Number(sums._sum.netMinor ?? 0);
  const costedNetMinor = Number(sums._sum.costedNetMinor ?? 0);
  return {
    orders: sums._count,
    guestOrders: await db.prisma.order.count({ where: { shopId, customerId: null } }),
    customers: await db.prisma.customer.count({ where: { shopId } }),
    products: await db.prisma.product.count({ where: { shopId } }),
    netMinor,
    costedNetMinor,
    costCoverage: netMinor === 0 ? null : costedNetMinor / netMinor,
    differingOrders: await db.prisma.order.count({ where: { shopId, differenceMinor: { not: 0 } } }),
    firstDay: sums._min.day,
    lastDay: sums._max.day,
    readableFromDay: state?.readableFromDay ?? null,
  };
}
