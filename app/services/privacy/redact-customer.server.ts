/** Erases one customer on request: the rows go or become a guest's, and a keyed hash keeps late answers from bringing them back. */
import { eraseCustomer } from "../../db/stores/erasures.server.ts";
import type { Database, Transaction } from "../../db/types.ts";
import { withdrawProfile } from "../storefront/withdraw-profile.server.ts";
import { failpoint } from "../../observability/failpoint.ts";

export async function redactCustomer(
  db: Database,
  shopId: number,
  customerId: number,
  orderIds: readonly number[],
  also?: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await withdrawProfile(db, shopId, customerId);
  await db.write(async (tx) => {
    // First, because the erasure takes the id out of the event that asked for it.
    await also?.(tx);
    await eraseCustomer(tx, shopId, customerId, orderIds, Date.now());
    failpoint("redact-customer:before-commit");
  });
  failpoint("redact-customer:after-commit");
}
