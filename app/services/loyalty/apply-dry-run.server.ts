/**
 * Posts what a dry run showed: each order is bound to the terms that it was counted by, and earns by them as any order does. It can stop
 * anywhere and goes on where it was; an order that changes meanwhile earns by its state, as it would a moment later anyway.
 */
import { productsInQuestion } from "../../core/loyalty/order-terms.ts";
import { pointsBefore } from "../../db/bulk/dry-run-changes.ts";
import { ordersIn } from "../../db/queries/orders-in-period.server.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import {
  changeDryRun,
  deleteOtherOrders,
  dryRunOrders,
  findDryRun,
  type DryRun,
  type DryRunOrder,
} from "../../db/stores/dry-runs.server.ts";
import { orderAccruals, saveAccruals } from "../../db/stores/order-accruals.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { RetryAt } from "../../core/retry-at.ts";
import type { ProductCollections } from "../../shopify/fetch-collections.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { accrueOrders, newAccrual } from "./accrue-orders.server.ts";
import { askForProducts } from "./ask-collections.server.ts";

const ORDERS_AT_ONCE = 100;
const DELETED_AT_ONCE = 2_000;

export async function applyDryRun(
  db: Database,
  shopId: number,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const run = await findDryRun(db, shopId, runId);
    if (run?.state === "undoing") await undoDryRun(db, shopId, run, signal);
    if (run?.state !== "applying" || !(await activeShop(db, shopId))) break;
    const rows = await dryRunOrders(db, shopId, runId, run.lastOrderId, ORDERS_AT_ONCE);
    const collections = await collectionsOfNewLines(db, shopId, run, rows);
    await db.write(async (tx) => {
      await lockShop(tx, shopId);
      const current = await findDryRun(tx, shopId, runId);
      if (current?.state !== "applying" || current.lastOrderId !== run.lastOrderId) return;
      const last = rows.at(-1);
      if (last) await applySome(tx, shopId, run, rows, collections);
      await changeDryRun(
        tx,
        shopId,
        runId,
        last
          ? { lastOrderId: last.orderId, done: run.done + rows.length }
          : { state: "applied", finishedAt: Date.now() },
      );
      failpoint("apply-dry-run:before-commit");
    });
    failpoint("apply-dry-run:after-commit");
  }
  // Also of a run that was cancelled while it was posted: nobody goes on with it.
  const run = await findDryRun(db, shopId, runId);
  if (run?.state === "counting" || run?.state === "counted" || run?.state === "applying") return;
  while ((await db.write((tx) => deleteOtherOrders(tx, shopId, null, DELETED_AT_ONCE))) > 0) {
    signal.throwIfAborted();
  }
}

/** An edit may have added lines since the order was counted. */
async function collectionsOfNewLines(
  db: Database,
  shopId: number,
  run: DryRun,
  rows: readonly DryRunOrder[],
): Promise<ProductCollections> {
  const programme = await findProgramme(db, shopId);
  const version = programme?.versions.find((each) => each.version === run.version);
  if (!version) return new Map();
  const orders = await storedOrders(
    db,
    shopId,
    rows.map(({ orderId }) => orderId),
  );
  const termsOf = new Map(rows.map(({ orderId, terms }) => [orderId, terms]));
  const products = orders.flatMap((order) =>
    productsInQuestion(termsOf.get(order.id) ?? null, order, version.rules),
  );
  return askForProducts(db, shopId, products, new Map());
}

async function applySome(
  tx: Transaction,
  shopId: number,
  run: DryRun,
  rows: readonly DryRunOrder[],
  collections: ProductCollections,
): Promise<void> {
  const ids = rows.map(({ orderId }) => orderId);
  const shop = await lockShop(tx, shopId);
  const known = await orderAccruals(tx, shopId, ids);
  const there = new Set((await storedOrders(tx, shopId, ids)).map(({ id }) => id));
  const bound = rows.filter(({ orderId }) => there.has(orderId));
  const limitOf = await limits(tx, shopId, run, ids);
  await saveAccruals(
    tx,
    shopId,
    bound.map(({ orderId, terms }) => {
      const before = known.get(orderId) ?? newAccrual(orderId, run, terms);
      const own = run.kind === "earlier" ? { ...terms, run: run.id, ...limitOf(orderId) } : terms;
      return { ...before, version: run.version, terms: own };
    }),
  );
  const boundIds = bound.map(({ orderId }) => orderId);
  const unbound = await accrueOrders(tx, shop, boundIds, Date.now(), { collections });
  // Lines came in the very moment: all of it once more.
  if (unbound.length > 0) throw new RetryAt(Date.now());
}

/** What each order can still earn of what one customer gets at most: those that came first come first. */
async function limits(
  tx: Transaction,
  shopId: number,
  { id, mostPoints }: DryRun,
  ids: readonly number[],
): Promise<(orderId: number) => { mostPoints?: number }> {
  const [first = 0, last = 0] = [ids[0], ids.at(-1)];
  if (mostPoints === null) return () => ({});
  const before = await pointsBefore(tx, shopId, id, { first, last });
  return (orderId) => ({ mostPoints: Math.max(0, mostPoints - (before.get(orderId) ?? 0)) });
}

/** Takes back what a dry run gave: its orders earn nothing any more, which the ledger follows as it follows any other state of an order. */
async function undoDryRun(db: Database, shopId: number, run: DryRun, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const isThrough = await db.write(async (tx) => {
      const shop = await lockShop(tx, shopId);
      const current = await findDryRun(tx, shopId, run.id);
      if (current?.state !== "undoing") return true;
      const ids = await ordersIn(tx, shopId, run, current.lastOrderId, ORDERS_AT_ONCE);
      const accruals = await orderAccruals(tx, shopId, ids);
      const own = [...accruals.values()].filter(({ terms }) => terms.run === run.id);
      await saveAccruals(
        tx,
        shopId,
        own.map((accrual) => ({ ...accrual, terms: { ...accrual.terms, mostPoints: 0, isUndone: true } })),
      );
      const ownIds = own.map(({ orderId }) => orderId);
      const unbound = await accrueOrders(tx, shop, ownIds, Date.now(), {
        collections: await noCollections(tx, shopId, ownIds),
      });
      if (unbound.length > 0) throw new RetryAt(Date.now());
      await changeDryRun(
        tx,
        shopId,
        run.id,
        ids.length > 0
          ? { lastOrderId: ids.at(-1) ?? 0, done: current.done + ids.length }
          : { state: "undone", finishedAt: Date.now() },
      );
      failpoint("undo-dry-run:before-commit");
      return ids.length === 0;
    });
    failpoint("undo-dry-run:after-commit");
    if (isThrough) return;
  }
}

/** Lines that an edit added meanwhile earn nothing either, so whichever collections they are in. */
async function noCollections(
  tx: Transaction,
  shopId: number,
  orderIds: readonly number[],
): Promise<ProductCollections> {
  const orders = await storedOrders(tx, shopId, orderIds);
  const products = orders.flatMap(({ lines }) => lines.flatMap(({ productId }) => productId ?? []));
  return new Map(products.map((productId) => [productId, []]));
}
