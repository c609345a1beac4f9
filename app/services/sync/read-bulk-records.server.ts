/** Turns a finished bulk operation into records and rows: each resource with its query, its assembly, its mapping and its write. */
import type { SyncResource } from "../../core/job.ts";
import {
  writeCheckoutsInBulk,
  writeCustomersInBulk,
  writeOrdersInBulk,
} from "../../db/bulk/write-in-bulk.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { saveProducts } from "../../db/stores/products.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import { findShopById, type Shop } from "../../db/stores/shops.server.ts";
import type { BackfillWindow } from "../../db/stores/sync-state.server.ts";
import {
  settleUnreadable,
  unreadableAmong,
  type UnreadableRecord,
} from "../../db/stores/unreadable-records.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { assembleFlat, assembleOrders, assembleProducts } from "../../shopify/bulk-assembly.ts";
import {
  checkoutsBulkQuery,
  createdBetween,
  customersBulkQuery,
  ordersBulkQuery,
  productsBulkQuery,
  updatedBetween,
} from "../../shopify/bulk-queries.ts";
import { readBulkResult, type BulkResult } from "../../shopify/bulk.server.ts";
import { disputeStateOf } from "../../shopify/dispute-state.ts";
import { idOf } from "../../shopify/gid.ts";
import { mapCheckout, mapProduct, type CheckoutNode, type CustomerNode } from "../../shopify/mapping.ts";
import { inChunks } from "./chunks.ts";
import { customerMapper } from "./customer-mapper.ts";
import { mapReadable } from "./map-readable.ts";
import { orderMapper } from "./order-mapper.ts";
import { recostAfter } from "./recost-after.server.ts";

/** Products of one transaction. */
const PRODUCTS_AT_ONCE = 250;
/** Orders of one job. */
const DISPUTED_AT_ONCE = 100;

export function windowQuery({
  resource,
  basis,
  fromAt,
  toAt,
}: Pick<BackfillWindow, "resource" | "basis" | "fromAt" | "toAt">): string {
  const span = basis === "created" ? createdBetween(fromAt, toAt) : updatedBetween(fromAt, toAt);
  switch (resource) {
    case "orders":
      return ordersBulkQuery(span);
    case "customers":
      return customersBulkQuery(span);
    case "products":
      return productsBulkQuery(span);
    case "checkouts":
      return checkoutsBulkQuery(span);
  }
}

/** A window's records, mapped and not yet saved. */
export interface BulkRecords {
  /** With those that could not be read. */
  count: number;
  /** Safe to call again after a failure: rows apply once however often they are written. */
  save(): Promise<void>;
}

const NO_RECORDS: BulkRecords = { count: 0, save: async () => undefined };

/** Reads and maps a finished operation's result. */
export async function readBulkRecords(
  db: Database,
  shopId: number,
  { resource }: Pick<BackfillWindow, "resource">,
  result: BulkResult,
  signal: AbortSignal,
): Promise<BulkRecords> {
  const shop = await findShopById(db, shopId);
  if (!shop) return NO_RECORDS;
  const records = await recordsOf(db, shop, resource, result, signal);
  return {
    count: records.count,
    async save() {
      await records.save();
      await settle(db, shopId, resource, records);
    },
  };
}

interface ResourceRecords extends BulkRecords {
  mapped: readonly { id: number }[];
  unreadable: readonly UnreadableRecord[];
}

function recordsOf(
  db: Database,
  shop: Shop,
  resource: SyncResource,
  result: BulkResult,
  signal: AbortSignal,
): Promise<ResourceRecords> {
  switch (resource) {
    case "orders":
      return readOrders(db, shop, result, signal);
    case "customers":
      return readCustomers(db, shop, result, signal);
    case "products":
      return readProducts(db, shop, result, signal);
    case "checkouts":
      return readCheckouts(db, shop, result, signal);
  }
}

/** Most windows have nothing that could not be read, neither now nor before, and write nothing here. */
async function settle(
  db: Database,
  shopId: number,
  resource: SyncResource,
  { mapped, unreadable }: ResourceRecords,
): Promise<void> {
  const remembered = await unreadableAmong(db, shopId, resource, {
    fromAt: 0,
    toAt: Number.MAX_SAFE_INTEGER,
  });
  const readNow = mapped.flatMap(({ id }) => (remembered.has(id) ? [id] : []));
  if (unreadable.length === 0 && readNow.length === 0) return;
  failpoint("backfill:before-unreadable");
  await db.write((tx) => settleUnreadable(tx, shopId, resource, { ids: readNow }, unreadable));
  failpoint("backfill:after-unreadable");
}

async function readOrders(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, assembleOrders, { signal });
  const { mapped, unreadable } = mapReadable(nodes, orderMapper(shop), shop.id);
  return {
    count: nodes.length,
    mapped,
    unreadable,
    async save() {
      failpoint("backfill:before-orders");
      await writeOrdersInBulk(db, shop.id, mapped);
      failpoint("backfill:after-orders");
      await askAgain(
        db,
        shop.id,
        nodes.filter((node) => disputeStateOf(node) !== null).map(({ id }) => idOf(id)),
      );
    },
  };
}

/** What orders tell of their disputes is not stored with them: those few are fetched once more, by the door that hears it. */
async function askAgain(db: Database, shopId: number, disputed: readonly number[]): Promise<void> {
  if (disputed.length === 0 || !(await findProgramme(db, shopId))) return;
  const jobs = inChunks(disputed, DISPUTED_AT_ONCE);
  await db.write(async (tx) => {
    for (const orderIds of jobs) {
      await enqueue(tx, { shopId, kind: "sync-orders", payload: { orderIds: [...orderIds] } });
    }
    failpoint("ask-disputed-again:before-commit");
  });
  failpoint("ask-disputed-again:after-commit");
}

async function readCustomers(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, () => assembleFlat<CustomerNode>(), { signal });
  const { mapped, unreadable } = mapReadable(nodes, customerMapper(shop), shop.id);
  return {
    count: nodes.length,
    mapped,
    unreadable,
    async save() {
      failpoint("backfill:before-customers");
      await writeCustomersInBulk(db, shop.id, mapped);
      failpoint("backfill:after-customers");
    },
  };
}

async function readProducts(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, assembleProducts, { signal });
  const { mapped, unreadable } = mapReadable(nodes, (node) => mapProduct(node, shop.currency), shop.id);
  return {
    count: nodes.length,
    mapped,
    unreadable,
    async save() {
      const seenAt = Date.now();
      for (const some of inChunks(mapped, PRODUCTS_AT_ONCE)) {
        failpoint("backfill:before-products");
        await db.write(async (tx) => recostAfter(tx, shop.id, await saveProducts(tx, shop.id, some, seenAt)));
        failpoint("backfill:after-products");
      }
    },
  };
}

async function readCheckouts(db: Database, shop: Shop, result: BulkResult, signal: AbortSignal) {
  const nodes = await readBulkResult(result, () => assembleFlat<CheckoutNode>(), { signal });
  const { mapped, unreadable } = mapReadable(nodes, mapCheckout, shop.id);
  return {
    count: nodes.length,
    mapped,
    unreadable,
    async save() {
      failpoint("backfill:before-checkouts");
      await writeCheckoutsInBulk(db, shop.id, mapped);
      failpoint("backfill:after-checkouts");
    },
  };
}
