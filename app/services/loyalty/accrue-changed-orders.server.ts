/**
 * Gives orders their points, and redemptions what orders say of them, that were saved by bulk and not by syncOrders: those that were written since the version up to which it has
 * been done. It can stop anywhere and be done again, because an order's points follow from its state.
 */
import { changedEarningOrders, type OrderPlace } from "../../db/bulk/changed-earning-orders.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { storedOrders } from "../../db/queries/stored-orders.server.ts";
import { findProgramme, markAccrued } from "../../db/stores/programmes.server.ts";
import { hasRedemptions } from "../../db/stores/redemptions.server.ts";
import { lockShop } from "../../db/stores/shops.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { ProductCollections } from "../../shopify/fetch-collections.server.ts";
import { activeShop } from "../sync/active-shop.server.ts";
import { accrueOrders } from "./accrue-orders.server.ts";
import { askStoredCollections } from "./ask-collections.server.ts";
import { settleOrderRedemptions } from "./settle-order-redemptions.server.ts";

const ORDERS_AT_ONCE = 100;

/** In the transaction that makes it necessary; a shop without a programme needs none. */
export async function enqueueAccrual(tx: Transaction, shopId: number): Promise<void> {
  const programme = await findProgramme(tx, shopId);
  if (programme?.state !== "running" && programme?.state !== "paused") return;
  await enqueue(tx, {
    shopId,
    kind: "accrue-orders",
    payload: {},
    key: "accrue-orders",
    queue: "accrue-orders",
  });
}

export async function accrueChangedOrders(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  const shop = await activeShop(db, shopId);
  const programme = await findProgramme(db, shopId);
  if (!shop || !programme || programme.startedAt === null) return;
  const { startedAt, accruedVersion } = programme;
  let last: OrderPlace = { version: accruedVersion, id: Number.MAX_SAFE_INTEGER };
  let collections: ProductCollections = new Map();
  for (;;) {
    signal.throwIfAborted();
    const after = last;
    const orders = await changedEarningOrders(db, shopId, { startedAt, after, limit: ORDERS_AT_ONCE });
    const ids = orders.map(({ id }) => id);
    collections = await askStoredCollections(db, shopId, ids, collections);
    const end = orders.at(-1);
    const unbound = await db.write(async (tx) => {
      const locked = await lockShop(tx, shopId);
      if (await hasRedemptions(tx, shopId)) {
        await settleOrderRedemptions(tx, shopId, await storedOrders(tx, shopId, ids), Date.now());
      }
      const unbound = await accrueOrders(tx, locked, ids, Date.now(), { collections });
      // What is written later has a later version.
      if (!end) await markAccrued(tx, shopId, Math.max(after.version, shop.dataVersion));
      failpoint("accrue-changed-orders:before-commit");
      return unbound;
    });
    failpoint("accrue-changed-orders:after-commit");
    if (!end) return;
    // The rules have begun to name collections meanwhile: the same orders once more.
    if (unbound.length === 0) last = end;
  }
}
