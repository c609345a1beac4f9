/**
 * Finds out what a dry run would come to, order by order, from the stored orders and by the same rules as when they are posted. It can
 * stop anywhere and goes on where it was. What changes meanwhile is counted once more before it is shown.
 */
import { dryRunReport } from "../../core/loyalty/dry-run-report.ts";
import { orderTarget } from "../../core/loyalty/order-target.ts";
import { termsOf, type OrderTerms } from "../../core/loyalty/order-terms.ts";
import { namesCollections, type ProgrammeVersion } from "../../core/loyalty/programme.ts";
import type { Order } from "../../core/order.ts";
import { dryRunChanges } from "../../db/bulk/dry-run-changes.ts";
import { excludedAmong, firstOrders } from "../../db/queries/earning-facts.server.ts";
import { ordersChangedIn, ordersIn } from "../../db/queries/orders-in-period.server.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import {
  changeDryRun,
  deleteOtherOrders,
  findDryRun,
  saveDryRunOrders,
  type DryRun,
  type DryRunOrder,
} from "../../db/stores/dry-runs.server.ts";
import { orderAccruals, type OrderAccrual } from "../../db/stores/order-accruals.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { ProductCollections } from "../../shopify/fetch-collections.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { inChunks } from "../sync/chunks.ts";
import { askForProducts } from "./ask-collections.server.ts";

const ORDERS_AT_ONCE = 200;
const DELETED_AT_ONCE = 2_000;

export async function countDryRun(
  db: Database,
  shopId: number,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  while ((await db.write((tx) => deleteOtherOrders(tx, shopId, runId, DELETED_AT_ONCE))) > 0) {
    signal.throwIfAborted();
  }
  let collections: ProductCollections = new Map();
  for (;;) {
    signal.throwIfAborted();
    const shop = await activeShop(db, shopId);
    const run = await findDryRun(db, shopId, runId);
    const programme = await findProgramme(db, shopId);
    if (!shop || !programme || run?.state !== "counting") return;
    const ids = await ordersIn(db, shopId, run, run.lastOrderId, ORDERS_AT_ONCE);
    if (ids.length === 0) break;
    collections = await countSome(db, shopId, run, programme, ids, { known: collections, moves: true });
  }
  while (!(await finish(db, shopId, runId, collections))) signal.throwIfAborted();
}

/** `moves`: these are the next ones, and not some once more. Answers with all collections that are known then. */
async function countSome(
  db: Database,
  shopId: number,
  run: DryRun,
  programme: Programme,
  ids: readonly number[],
  { known, moves }: { known: ProductCollections; moves: boolean },
): Promise<ProductCollections> {
  const { rows, collections } = await countOrders(db, shopId, run, programme, ids, known);
  await db.write(async (tx) => {
    const current = await findDryRun(tx, shopId, run.id);
    if (current?.state !== "counting" || current.lastOrderId !== run.lastOrderId) return;
    await saveDryRunOrders(tx, shopId, run.id, ids, rows);
    if (moves) {
      const lastOrderId = ids.at(-1) ?? run.lastOrderId;
      await changeDryRun(tx, shopId, run.id, { lastOrderId, done: run.done + ids.length });
    }
    failpoint("count-dry-run:before-commit");
  });
  failpoint("count-dry-run:after-commit");
  return collections;
}

/** What each of the orders would come to that the run is about. */
export async function countOrders(
  db: Database,
  shopId: number,
  run: DryRun,
  programme: Programme,
  ids: readonly number[],
  known: ProductCollections = new Map(),
): Promise<{ rows: DryRunOrder[]; collections: ProductCollections }> {
  const version = programme.versions.find((each) => each.version === run.version);
  if (!version) throw new Error(`the programme has no version ${run.version}`);
  const orders = await storedOrders(db, shopId, ids);
  const accruals = await orderAccruals(db, shopId, ids);
  const wanted = orders.filter((order) => isWanted(run, programme, order, accruals.get(order.id)));
  const products = wanted.flatMap(({ lines }) => lines.flatMap(({ productId }) => productId ?? []));
  const collections = namesCollections(version.rules)
    ? await askForProducts(db, shopId, products, known)
    : known;
  return { rows: await rowsOf(db, shopId, version, wanted, accruals, collections), collections };
}

/** Orders that earn nothing because the programme was paused keep earning nothing. */
function isWanted(
  { kind, version }: DryRun,
  { startedAt, versions }: Programme,
  { customerId, placedAt }: Order,
  accrual: OrderAccrual | undefined,
): boolean {
  if (kind === "earlier") {
    return isUnbound(accrual) && customerId !== null && startedAt !== null && placedAt < startedAt;
  }
  // What was taken back earns nothing by whichever rules, until it is counted as earlier orders are.
  if (isUnbound(accrual)) return false;
  const own = versions.find((each) => each.version === accrual?.version);
  return own !== undefined && own.version !== version && own.rules.isAccruing;
}

/** Never bound to terms, or freed of them again. */
function isUnbound(accrual: OrderAccrual | undefined): boolean {
  return !accrual || accrual.terms.isUndone === true;
}

async function rowsOf(
  db: Database,
  shopId: number,
  version: ProgrammeVersion,
  orders: readonly Order[],
  accruals: ReadonlyMap<number, OrderAccrual>,
  collections: ProductCollections,
): Promise<DryRunOrder[]> {
  const customerIds = orders.flatMap(({ customerId }) => customerId ?? []);
  const excluded = await excludedAmong(db, shopId, customerIds);
  const firsts = await firstOrders(db, shopId, customerIds);
  const collectionsOf = (productId: number) => collections.get(productId) ?? [];
  return orders.map((order): DryRunOrder => {
    const { id: orderId, customerId } = order;
    const before = accruals.get(orderId);
    // What was true of the customer when the order was first seen stays true of it.
    const { isFirstOrder, isExcluded, tierId } = before?.terms ?? {
      tierId: null,
      isFirstOrder: customerId !== null && firsts.get(customerId) === orderId,
      isExcluded: customerId !== null && excluded.has(customerId),
    };
    const facts = { isFirstOrder, isExcluded, collectionsOf, tierId: tierId ?? null };
    const terms: OrderTerms = { ...termsOf(order, version.rules, facts), ...backfilledAs(before?.terms) };
    const { points } = orderTarget(order, terms, version.rules, before?.dispute ?? null);
    return { orderId, terms, points, pointsBefore: before?.target.points ?? 0 };
  });
}

/** An order from before the programme keeps the run that gave it its points, and the limit that was left for it, by whichever rules it earns. */
function backfilledAs(terms: OrderTerms | undefined): Pick<OrderTerms, "run" | "mostPoints"> {
  if (terms?.run === undefined || terms.isUndone) return {};
  const { run, mostPoints } = terms;
  return { run, ...(mostPoints !== undefined && { mostPoints }) };
}

/** `false`: orders have changed since they were counted, and those have been counted once more. */
async function finish(
  db: Database,
  shopId: number,
  runId: string,
  collections: ProductCollections,
): Promise<boolean> {
  const shop = await activeShop(db, shopId);
  const programme = await findProgramme(db, shopId);
  const run = await findDryRun(db, shopId, runId);
  if (!shop || !programme || run?.state !== "counting") return true;
  const changed = await ordersChangedIn(db, shopId, run, run.dataVersion);
  for (const ids of inChunks(
    changed.toSorted((a, b) => a - b),
    ORDERS_AT_ONCE,
  )) {
    await countSome(db, shopId, run, programme, ids, { known: collections, moves: false });
  }
  const isMemberByOrdering = programme.membership === "automatic";
  const changes = await dryRunChanges(db, shopId, runId, { isMemberByOrdering });
  const report = dryRunReport(changes, run.mostPoints);
  const isDone = await db.write(async (tx) => {
    const { dataVersion } = await lockShop(tx, shopId);
    if ((await findDryRun(tx, shopId, runId))?.state !== "counting") return true;
    // `shop` was read before the orders were: what is in it is counted.
    const isCurrent = (await ordersChangedIn(tx, shopId, run, shop.dataVersion)).length === 0;
    await changeDryRun(tx, shopId, runId, {
      dataVersion: isCurrent ? dataVersion : shop.dataVersion,
      ...(isCurrent ? { state: "counted", report, done: run.orders } : {}),
    });
    failpoint("count-dry-run:before-finish-commit");
    return isCurrent;
  });
  failpoint("count-dry-run:after-finish-commit");
  return isDone;
}
