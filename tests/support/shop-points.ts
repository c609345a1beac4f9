/** What a shop's orders have earned, in a form that two databases can be compared by, whatever way the news of them came. */
import { addProgrammeVersion, saveProgramme } from "../../app/db/stores/programmes.server.ts";
import type { Database } from "../../app/db/types.ts";
import { accrueChangedOrders } from "../../app/services/loyalty/accrue-changed-orders.server.ts";
import { makeRules } from "./loyalty-rules.ts";

/** A programme in which every order of the shop earns. */
export async function startProgramme(db: Database, shopId: number): Promise<void> {
  await db.write(async (tx) => {
    await saveProgramme(tx, shopId, { state: "running", membership: "automatic", startedAt: 0 });
    await addProgrammeVersion(tx, shopId, 0, makeRules({ base: { points: 1, perMinor: 7 } }));
  });
}

export interface ShopPoints {
  /** Of orders with points: how many, and who has them. */
  orders: { orderId: number; points: number; customerId: number | null }[];
  /** What each customer has, less what is owed; who has nothing is left out. */
  customers: { customerId: number; points: number }[];
}

/** After what came by bulk has been given its points, too. */
export async function shopPoints(db: Database, shopId: number): Promise<ShopPoints> {
  await accrueChangedOrders(db, shopId, AbortSignal.timeout(60_000));
  const links = await db.prisma.memberLink.findMany({ where: { shopId }, orderBy: { customerId: "asc" } });
  const customerOf = new Map(links.map(({ memberId, customerId }) => [memberId, Number(customerId)]));
  const accruals = await db.prisma.orderAccrual.findMany({
    where: { shopId, postedPoints: { not: 0 } },
    orderBy: { orderId: "asc" },
  });
  const balances = await db.prisma.memberBalance.findMany({ where: { shopId } });
  const pointsOf = new Map(
    balances.map(({ memberId, pending, available, debt }) => [memberId, Number(pending + available - debt)]),
  );
  return {
    orders: accruals.map(({ orderId, postedPoints, memberId }) => ({
      orderId: Number(orderId),
      points: Number(postedPoints),
      customerId: customerOf.get(memberId ?? 0) ?? null,
    })),
    customers: links
      .map(({ customerId, memberId }) => ({
        customerId: Number(customerId),
        points: pointsOf.get(memberId) ?? NaN,
      }))
      .filter(({ points }) => points !== 0),
  };
}
