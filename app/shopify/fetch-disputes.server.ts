/** Which orders are disputed (Shopify Payments), asked of the disputes: a dispute changes nothing of the order that a search could find. */
import type { AdminClient } from "./admin-client.server.ts";
import { idOf } from "./gid.ts";
import { DISPUTED_ORDERS } from "./operations/disputes.ts";

const SCOPE = "read_shopify_payments_disputes";
const AT_ONCE = 100;

export function canReadDisputes({ scopes }: { scopes: string }): boolean {
  return missingDisputeScopes({ scopes }).length === 0;
}

/** What the merchant has still to grant before Shopify tells of disputes. */
export function missingDisputeScopes({ scopes }: { scopes: string }): string[] {
  return scopes.split(",").some((scope) => scope.trim() === SCOPE) ? [] : [SCOPE];
}

/** Orders with a dispute that is open or was begun since. */
export async function* disputedOrders(client: AdminClient, sinceMs: number): AsyncGenerator<number[]> {
  const since = new Date(sinceMs).toISOString();
  const query = `status:needs_response OR status:under_review OR initiated_at:>='${since}'`;
  let after: string | null = null;
  for (;;) {
    const variables: { first: number; after: string | null; query: string } = {
      first: AT_ONCE,
      after,
      query,
    };
    const { nodes, pageInfo } = (await client.request(DISPUTED_ORDERS, variables)).disputes;
    yield nodes.flatMap(({ order }) => (order ? [idOf(order.id)] : []));
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor ?? null;
  }
}
