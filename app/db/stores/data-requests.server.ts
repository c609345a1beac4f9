/** Customers' requests for their data, kept as ids until the merchant has had the file. */
import type { Transaction } from "../types.ts";

export interface DataRequest {
  id: string;
  customerId: number;
  orderIds: readonly number[];
  requestedAt: number;
}

/** Stores a request once; Shopify may tell it again. */
export async function addDataRequest(tx: Transaction, shopId: number, request: DataRequest): Promise<void> {
  const { id, customerId, orderIds, requestedAt } = request;
  await tx.prisma.dataRequest.upsert({
    where: { shopId_id: { shopId, id } },
    create: { shopId, id, customerId, orderIds: JSON.stringify(orderIds), requestedAt },
    update: {},
  });
}

export async function markDownloaded(tx: Transaction, shopId: number, id: string, at: number): Promise<void> {
  await tx.prisma.dataRequest.updateMany({ where: { shopId, id }, data: { downloadedAt: at } });
}

/** Removes requests that are older than the retention period. */
export async function expireDataRequests(tx: Transaction, shopId: number, before: number): Promise<number> {
  const { count } = await tx.prisma.dataRequest.deleteMany({
    where: { shopId, requestedAt: { lt: before } },
  });
  return count;
}
