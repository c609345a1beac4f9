/** Reports a shop over all its time, straight from the database: for the command line and for comparison. */
import type { Stated } from "../../core/metrics/coverage.ts";
import { statedReport } from "../../core/questions/shop-metrics.ts";
import type { ShopReport } from "../../core/metrics/shop-report.ts";
import { orderColumnsReader } from "../../db/bulk/order-columns.ts";

export async function reportShop(databaseUrl: string, shopId: number): Promise<Stated<ShopReport>> {
  const reader = orderColumnsReader(databaseUrl);
  try {
    const columns = await reader.read(shopId, null, Date.now());
    if (!columns) throw new Error(`no shop ${shopId}`);
    return statedReport(columns);
  } finally {
    await reader.close();
  }
}
