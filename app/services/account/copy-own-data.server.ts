/** A copy of all that is kept about the customer who asks: what the merchant's file for a data request holds. */
import { isoDate } from "../../core/calendar.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { customerDataFile } from "../privacy/customer-data-file.server.ts";

const DAY_MS = 86_400_000;

export async function copyOwnData(db: Database, shop: Shop, customerId: number, now = Date.now()) {
  const json = await customerDataFile(db, shop, { customerId, orderIds: [], requestedAt: now });
  return { ok: true as const, file: { name: `perennial-${isoDate(Math.floor(now / DAY_MS))}.json`, json } };
}
