/**
 * Has everything of a shop's storefront looked at again: once it is switched on, when the programme or a reward changes, and every night, for
 * recommendations change without anybody's doing. Only what differs is written, and whoever acts meanwhile comes first.
 */
import type { NewJob } from "../../core/job.ts";
import { publicationIds } from "../../db/queries/publication-ids.server.ts";
import {
  publishLater,
  publishProductsLater,
  publishProgrammeLater,
} from "../../db/stores/publications.server.ts";
import { findStorefront } from "../../db/stores/storefronts.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { activeShop } from "../sync/active-shop.server.ts";

const OWNERS_AT_ONCE = 500;

export async function republishShop(db: Database, shopId: number, signal: AbortSignal): Promise<void> {
  if (!(await activeShop(db, shopId)) || (await findStorefront(db, shopId))?.state !== "on") return;
  await db.write((tx) => publishProgrammeLater(tx, shopId));
  failpoint("republish-shop:after-programme-commit");
  await markAll(db, shopId, "customer", signal, (tx, ids) => publishLater(tx, shopId, ids, { first: false }));
  await markAll(db, shopId, "product", signal, (tx, ids) => publishProductsLater(tx, shopId, ids));
}

/** To mark somebody twice, after a crash, costs a second look and no writing. */
async function markAll(
  db: Database,
  shopId: number,
  ownerType: "customer" | "product",
  signal: AbortSignal,
  mark: (tx: Transaction, ids: readonly number[]) => Promise<void>,
): Promise<void> {
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const ids = await publicationIds(db, shopId, ownerType, after, OWNERS_AT_ONCE);
    const last = ids.at(-1);
    if (last === undefined) return;
    await db.write(async (tx) => {
      await mark(tx, ids);
      failpoint("republish-shop:before-commit");
    });
    failpoint("republish-shop:after-commit");
    after = last;
  }
}

/** At most one of a shop waits. */
export function republishJob(shopId: number, runAt: number): NewJob<"republish-shop"> {
  return {
    shopId,
    kind: "republish-shop",
    payload: {},
    key: "republish-shop",
    queue: "republish-shop",
    runAt,
  };
}
