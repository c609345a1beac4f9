/** Keeps a customer's request for their data until the merchant has downloaded the file that answers it. */
import { addDataRequest } from "../../db/stores/data-requests.server.ts";
import type { InboxEvent } from "../../db/stores/events.server.ts";
import type { Transaction } from "../../db/types.ts";

export async function requestCustomerData(tx: Transaction, shopId: number, event: InboxEvent): Promise<void> {
  await addDataRequest(tx, shopId, {
    id: event.eventId,
    customerId: event.resourceId,
    orderIds: event.relatedIds,
    requestedAt: event.receivedAt,
  });
}
