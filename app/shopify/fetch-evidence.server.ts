/** What a friend's first order and the member's orders say of who placed them: handed to the one who compares, and kept nowhere. */
import type { OrderEvidence } from "../core/referrals/fraud-checks.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { withFittingSize } from "./fitting-size.ts";
import type {
  FriendsEvidenceQuery,
  OrderEvidenceFragment,
  ReferralEvidenceQuery,
} from "./generated/admin.generated.d.ts";
import { gidOf } from "./gid.ts";
import { FRIENDS_EVIDENCE, REFERRAL_EVIDENCE } from "./operations/referrals.ts";

/** Of the member, the latest. */
const MOST_ORDERS = 100;

export interface ReferralEvidence {
  friend: OrderEvidence;
  member: OrderEvidence[];
  memberEmails: string[];
}

/** `null`: Shopify has no such order or no such customer any more. */
export async function referralEvidence(
  client: AdminClient,
  { orderId, memberCustomerId }: { orderId: number; memberCustomerId: number },
): Promise<ReferralEvidence | null> {
  const ids = { order: gidOf("Order", orderId), member: gidOf("Customer", memberCustomerId) };
  const member: OrderEvidence[] = [];
  const ask = (first: number, after: string | null): Promise<ReferralEvidenceQuery> =>
    client.request(REFERRAL_EVIDENCE, { ...ids, first, after });
  for (let after: string | null = null; ;) {
    const place: string | null = after;
    const left = MOST_ORDERS - member.length;
    const answer: ReferralEvidenceQuery = await withFittingSize(client, "evidence", left, (first) =>
      ask(first, place),
    );
    const { order, customer } = answer;
    if (!order || !customer) return null;
    const { nodes, pageInfo } = customer.orders;
    // An order that was the member's before and is the friend's now tells nothing.
    member.push(...nodes.filter(({ id }) => id !== order.id).map(evidenceOf));
    const email = customer.defaultEmailAddress?.emailAddress;
    if (!pageInfo.hasNextPage || nodes.length === 0 || member.length >= MOST_ORDERS)
      return { friend: evidenceOf(order), member, memberEmails: email ? [email] : [] };
    after = pageInfo.endCursor ?? null;
  }
}

/** Of orders that Shopify still has. */
export async function evidenceOfOrders(
  client: AdminClient,
  orderIds: readonly number[],
): Promise<OrderEvidence[]> {
  const evidence: OrderEvidence[] = [];
  for (let at = 0; at < orderIds.length;) {
    const { ids, nodes } = await withFittingSize(client, "evidence", orderIds.length - at, async (size) => {
      const ids = orderIds.slice(at, at + size);
      const answer: FriendsEvidenceQuery = await client.request(FRIENDS_EVIDENCE, {
        ids: ids.map((id) => gidOf("Order", id)),
      });
      return { ids, nodes: answer.nodes };
    });
    at += ids.length;
    evidence.push(...nodes.flatMap((node) => (node && "id" in node ? [evidenceOf(node)] : [])));
  }
  return evidence;
}

function evidenceOf({ email, clientIp, ...order }: OrderEvidenceFragment): OrderEvidence {
  const addresses = [order.billingAddress, order.shippingAddress].flatMap((address) =>
    address
      ? [
          {
            ...{ address1: address.address1 ?? null, address2: address.address2 ?? null },
            ...{ city: address.city ?? null, zip: address.zip ?? null },
            country: address.countryCodeV2 ?? null,
          },
        ]
      : [],
  );
  const cards = order.transactions.flatMap(({ paymentDetails: details }) =>
    details && "number" in details
      ? // Shopify writes bullets for all but the end.
        [{ bin: details.bin ?? null, last4: /\d{4}$/.exec(details.number ?? "")?.[0] ?? null }]
      : [],
  );
  return { email: email ?? null, ip: clientIp ?? null, addresses, cards };
}
