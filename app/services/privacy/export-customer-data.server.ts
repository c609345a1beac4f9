/** The file that answers a customer's request for their data: everything stored about them, made when the merchant asks for it. */
import { isoDate } from "../../core/calendar.ts";
import { customerData, dataRequest } from "../../db/queries/data-requests.server.ts";
import { markDownloaded } from "../../db/stores/data-requests.server.ts";
import { findShopById } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";

export interface CustomerDataFile {
  fileName: string;
  contentType: "application/json";
  content: string;
}

/** `null` where there is no such request, or its customer has been erased since. */
export async function exportCustomerData(
  db: Database,
  shopId: number,
  requestId: string,
): Promise<CustomerDataFile | null> {
  const request = await dataRequest(db, shopId, requestId);
  const shop = await findShopById(db, shopId);
  if (!request || !shop) return null;
  const data = await customerData(db, shopId, request.customerId, request.orderIds);
  const content = {
    shop: shop.domain,
    currency: shop.currency,
    customerId: request.customerId,
    requestedAt: new Date(request.requestedAt).toISOString(),
    note: "Amounts are whole minor units of the shop's currency, times are milliseconds since 1970-01-01 UTC. Names and addresses are held by Shopify only.",
    ...data,
  };
  await db.write(async (tx) => {
    await markDownloaded(tx, shopId, requestId, Date.now());
    failpoint("export-customer-data:before-commit");
  });
  failpoint("export-customer-data:after-commit");
  const day = isoDate(Math.floor(request.requestedAt / 86_400_000));
  return {
    fileName: `customer-${request.customerId}-${day}.json`,
    contentType: "application/json",
    content: JSON.stringify(content, null, 2),
  };
}
