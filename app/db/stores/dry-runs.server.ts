/** Dry runs: what a change of points for many orders would come to, order by order, until it is posted or given up. */
import type { DryRunReport } from "../../core/loyalty/dry-run-report.ts";
import type { OrderTerms } from "../../core/loyalty/order-terms.ts";
import { writeRows } from "../bulk/write-rows.ts";
import type { DryRun as DryRunRow, DryRunOrder as DryRunOrderRow } from "../generated/sqlite/client.ts";
import { plain, type Plain } from "../plain.ts";
import type { Reading, Transaction } from "../types.ts";

type DryRunKind = "earlier" | "rules";
type DryRunState = "counting" | "counted" | "applying" | "applied" | "cancelled" | "undoing" | "undone";

export interface DryRun extends Omit<Plain<DryRunRow>, "kind" | "state" | "report"> {
  kind: DryRunKind;
  state: DryRunState;
  report: DryRunReport | null;
}

export interface DryRunOrder {
  orderId: number;
  terms: OrderTerms;
  points: number;
  pointsBefore: number;
}

export async function latestDryRun(db: Reading, shopId: number): Promise<DryRun | null> {
  const row = await db.prisma.dryRun.findFirst({ where: { shopId }, orderBy: { startedAt: "desc" } });
  return row && dryRunFrom(row);
}

export async function findDryRun(db: Reading, shopId: number, id: string): Promise<DryRun | null> {
  const row = await db.prisma.dryRun.findUnique({ where: { shopId_id: { shopId, id } } });
  return row && dryRunFrom(row);
}

/** In the place of those before. */
export async function addDryRun(
  tx: Transaction,
  shopId: number,
  run: Pick<DryRun, "id" | "kind" | "fromAt" | "toAt" | "version" | "dataVersion" | "orders" | "startedAt"> &
    Partial<Pick<DryRun, "mostPoints">>,
): Promise<void> {
  await tx.prisma.dryRun.deleteMany({ where: { shopId } });
  await tx.prisma.dryRun.create({ data: { shopId, ...run, state: "counting" } });
}

type Change = Partial<
  Pick<DryRun, "state" | "dataVersion" | "lastOrderId" | "orders" | "done" | "report" | "finishedAt">
>;

export async function changeDryRun(
  tx: Transaction,
  shopId: number,
  id: string,
  { report, ...change }: Change,
): Promise<void> {
  const data = report === undefined ? change : { ...change, report: report && JSON.stringify(report) };
  await tx.prisma.dryRun.update({ where: { shopId_id: { shopId, id } }, data });
}

/** What is told of the orders takes the place of what was told of them before. */
export async function saveDryRunOrders(
  tx: Transaction,
  shopId: number,
  runId: string,
  orderIds: readonly number[],
  orders: readonly DryRunOrder[],
): Promise<void> {
  await tx.prisma.dryRunOrder.deleteMany({ where: { shopId, runId, orderId: { in: [...orderIds] } } });
  const rows = orders.map(({ terms, ...order }) => ({
    shopId,
    runId,
    ...order,
    terms: JSON.stringify(terms),
  }));
  await writeRows(tx, "DryRunOrder", rows);
}

/** By id. */
export async function dryRunOrders(
  db: Reading,
  shopId: number,
  runId: string,
  after: number,
  limit: number,
): Promise<DryRunOrder[]> {
  const rows = await db.prisma.dryRunOrder.findMany({
    where: { shopId, runId, orderId: { gt: after } },
    orderBy: { orderId: "asc" },
    take: limit,
  });
  return rows.map(orderFrom);
}

export async function dryRunOrdersById(
  db: Reading,
  shopId: number,
  runId: string,
  orderIds: readonly number[],
): Promise<DryRunOrder[]> {
  const rows = await db.prisma.dryRunOrder.findMany({
    where: { shopId, runId, orderId: { in: [...orderIds] } },
  });
  return rows.map(orderFrom);
}

function orderFrom(row: DryRunOrderRow): DryRunOrder {
  const { orderId, terms, points, pointsBefore } = plain(row);
  // Written by saveDryRunOrders only.
  return { orderId, terms: JSON.parse(terms) as OrderTerms, points, pointsBefore };
}

/** Of every run but this one; at most `limit`, of which it answers how many there were. */
export async function deleteOtherOrders(
  tx: Transaction,
  shopId: number,
  runId: string | null,
  limit: number,
): Promise<number> {
  const [first] = await tx.prisma.dryRunOrder.findMany({
    where: { shopId, ...(runId === null ? {} : { runId: { not: runId } }) },
    take: 1,
  });
  if (!first) return 0;
  const rows = await tx.prisma.dryRunOrder.findMany({
    where: { shopId, runId: first.runId },
    orderBy: { orderId: "asc" },
    take: limit,
    select: { orderId: true },
  });
  const last = rows.at(-1)?.orderId ?? 0n;
  await tx.prisma.dryRunOrder.deleteMany({ where: { shopId, runId: first.runId, orderId: { lte: last } } });
  return rows.length;
}

function dryRunFrom(row: DryRunRow): DryRun {
  const { kind, state, report, ...facts } = plain(row);
  return {
    ...facts,
    // Written by addDryRun and changeDryRun only.
    kind: kind as DryRunKind,
    state: state as DryRunState,
    report: report === null ? null : (JSON.parse(report) as DryRunReport),
  };
}
