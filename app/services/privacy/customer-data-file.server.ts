/** Everything stored about one customer as a file that a person can read. */
import { customerData } from "../../db/queries/data-requests.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Reading } from "../../db/types.ts";

const NOTE =
  "Amounts are whole minor units of the shop's currency, times are milliseconds since 1970-01-01 UTC. Names and addresses are held by Shopify only.";

/** Of the customer's orders, and those that Shopify names. */
export async function customerDataFile(
  db: Reading,
  { id: shopId, domain, currency }: Pick<Shop, "id" | "domain" | "currency">,
  {
    customerId,
    orderIds,
    requestedAt,
  }: { customerId: number; orderIds: readonly number[]; requestedAt: number },
): Promise<string> {
  const data = await customerData(db, shopId, customerId, orderIds);
  const facts = { shop: domain, currency, customerId, requestedAt: new Date(requestedAt).toISOString() };
  return JSON.stringify({ ...facts, note: NOTE, ...data }, null, 2);
}
