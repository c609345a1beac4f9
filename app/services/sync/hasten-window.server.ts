/** Looks at a bulk operation now instead of at its next turn, because Shopify says that it finished. Nothing waits for this. */
import { findWindowOf } from "../../db/stores/sync-state.server.ts";
import type { Transaction } from "../../db/types.ts";
import { gidOf } from "../../shopify/gid.ts";
import { enqueueWindow } from "./advance-backfill.server.ts";

export async function hastenWindow(tx: Transaction, shopId: number, bulkOperationId: number): Promise<void> {
  const window = await findWindowOf(tx, shopId, gidOf("BulkOperation", bulkOperationId));
  if (window?.status === "running") await enqueueWindow(tx, shopId, window.installGeneration, window);
}
