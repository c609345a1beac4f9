/** The file that answers a customer's request for their data: everything stored about them, made when the merchant asks for it. */
import { isoDate } from "../../core/calendar.ts";
import { dataRequest } from "../../db/queries/data-requests.server.ts";
import { markDownloaded } from "../../db/stores/data-requests.server.ts";
import { findShopById } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { customerDataFile } from "./customer-data-file.server.ts";

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
  const content = await customerDataFile(db, shop, request);
  await db.write(async (tx) => {
    await markDownloaded(tx, shopId, requestId, Date.now());
    failpoint("export-customer-data:before-commit");
  });
  failpoint("export-customer-data:after-commit");
  const day = isoDate(Math.floor(request.requestedAt / 86_400_000));
  return {
    fileName: `customer-${request.customerId}-${day}.json`,
    contentType: "application/json",
    content,
  };
}
