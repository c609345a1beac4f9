/** Adds the job that fills in unit costs, in the transaction that saved products with a cost where there was none. */
import { enqueue } from "../../db/stores/jobs.server.ts";
import type { Transaction } from "../../db/types.ts";

export async function recostAfter(
  tx: Transaction,
  shopId: number,
  { firstCosts }: { firstCosts: number },
): Promise<void> {
  if (firstCosts === 0) return;
  await enqueue(tx, { shopId, kind: "recost-orders", payload: {}, key: "recost-orders" });
}
