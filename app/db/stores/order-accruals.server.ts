/** What orders earn, by which terms, and what the ledger has given them so far. */
import type { Accrued } from "../../core/loyalty/accrue-order.ts";
import type { DisputeState, OrderTarget } from "../../core/loyalty/order-target.ts";
import type { OrderTerms } from "../../core/loyalty/order-terms.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type { OrderAccrual as OrderAccrualRow } from "../generated/sqlite/client.ts";
import { chunks, plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

export interface OrderAccrual {
  orderId: number;
  /** `null`: the customer is no member yet. */
  memberId: number | null;
  version: number;
  terms: OrderTerms;
  target: Pick<OrderTarget, "points" | "because">;
  accrued: Accrued;
  dispute: DisputeState | null;
}

const IDS_AT_ONCE = 500;

export async function orderAccruals(
  db: Reading,
  shopId: number,
  orderIds: readonly number[],
): Promise<Map<number, OrderAccrual>> {
  const found = new Map<number, OrderAccrual>();
  for (const some of chunks(orderIds, IDS_AT_ONCE)) {
    const rows = await db.prisma.orderAccrual.findMany({ where: { shopId, orderId: { in: some } } });
    for (const row of rows) found.set(Number(row.orderId), accrualFrom(row));
  }
  return found;
}

/** Orders whose points are held by a dispute. */
export async function openDisputes(db: Reading, shopId: number): Promise<number[]> {
  const rows = await db.prisma.orderAccrual.findMany({
    where: { shopId, disputeState: "open" },
    select: { orderId: true },
  });
  return rows.map(({ orderId }) => Number(orderId));
}

function accrualFrom(row: OrderAccrualRow): OrderAccrual {
  const { orderId, memberId, version, terms, targetPoints, because, postedPoints, changes, disputeState } =
    plain(row);
  return {
    orderId,
    memberId,
    version,
    // Written by saveAccruals only.
    terms: JSON.parse(terms) as OrderTerms,
    target: { points: targetPoints, because: because as OrderTarget["because"] },
    accrued: { points: postedPoints, changes },
    dispute: disputeState as DisputeState | null,
  };
}

export async function saveAccruals(
  tx: Transaction,
  shopId: number,
  accruals: readonly OrderAccrual[],
): Promise<void> {
  const rows = accruals.map(({ orderId, memberId, version, terms, target, accrued, dispute }) => ({
    ...{ shopId, orderId, memberId, version, terms: JSON.stringify(terms) },
    ...{ targetPoints: target.points, because: target.because },
    ...{ postedPoints: accrued.points, changes: accrued.changes, disputeState: dispute },
  }));
  await writeRows(tx, "OrderAccrual", rows, ["shopId", "orderId"]);
}
