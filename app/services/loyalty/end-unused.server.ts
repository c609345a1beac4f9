/** Makes sure at Shopify that nobody can use what a redemption gave, and tells whether anybody has: by what Shopify has counted, and by looking for an order. */
import type { Redemption } from "../../db/stores/redemptions.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { endDiscountCode, findDiscountCode } from "../../shopify/rewards/discount-codes.server.ts";
import { orderWithCode } from "../../shopify/orders-with-code.server.ts";
import { endGiftCard, findGiftCard } from "../../shopify/rewards/gift-cards.server.ts";

/** As far as Shopify knows so far: an order that comes later is the last word. */
export type Ended = { outcome: "unused" } | { outcome: "used"; orderId: number | null };

const UNUSED = { outcome: "unused" } as const;
const USED = { outcome: "used", orderId: null } as const;

/** What has been used already stays as it is. */
export async function endUnused(client: AdminClient, redemption: Redemption): Promise<Ended> {
  const { code, terms } = redemption;
  if (terms.gives.kind === "gift-card") return endCard(client, { code, currency: terms.currency });
  const found = await findDiscountCode(client, code);
  // The merchant has deleted it: nobody can use it, and who has is known by the order.
  if (!found) return UNUSED;
  if (found.usageCount > 0) return { ...USED, orderId: await orderWithCode(client, code) };
  if (!found.isOver) await endDiscountCode(client, found.shopifyId);
  const ended = await findDiscountCode(client, code);
  // Uses are counted a while after the order is there.
  const orderId = await orderWithCode(client, code);
  return orderId !== null || (ended && ended.usageCount > 0) ? { ...USED, orderId } : UNUSED;
}

async function endCard(client: AdminClient, card: { code: string; currency: string }): Promise<Ended> {
  const found = await findGiftCard(client, card);
  if (!found) return UNUSED;
  if (!found.isWhole) return USED;
  if (found.isEnabled) await endGiftCard(client, found.shopifyId);
  const ended = await findGiftCard(client, card);
  return ended?.isWhole === false ? USED : UNUSED;
}
