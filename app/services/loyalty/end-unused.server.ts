/** Makes sure at Shopify that nobody can use what a redemption gave, and tells whether anybody has. */
import type { Redemption } from "../../db/stores/redemptions.server.ts";
import type { AdminClient } from "../../shopify/admin-client.server.ts";
import { endDiscountCode, findDiscountCode } from "../../shopify/rewards/discount-codes.server.ts";
import { endGiftCard, findGiftCard } from "../../shopify/rewards/gift-cards.server.ts";

/** `used` is as Shopify has counted so far: an order that comes later is the last word. */
export type Ended = "unused" | "used";

/** What has been used already stays as it is. */
export async function endUnused(client: AdminClient, redemption: Redemption): Promise<Ended> {
  const { code, terms } = redemption;
  if (terms.gives.kind === "gift-card") return endCard(client, { code, currency: terms.currency });
  const found = await findDiscountCode(client, code);
  // The merchant has deleted it: nobody can use it, and who has is known by the order.
  if (!found) return "unused";
  if (found.usageCount > 0) return "used";
  if (!found.isOver) await endDiscountCode(client, found.shopifyId);
  const ended = await findDiscountCode(client, code);
  return ended && ended.usageCount > 0 ? "used" : "unused";
}

async function endCard(client: AdminClient, card: { code: string; currency: string }): Promise<Ended> {
  const found = await findGiftCard(client, card);
  if (!found) return "unused";
  if (!found.isWhole) return "used";
  if (found.isEnabled) await endGiftCard(client, found.shopifyId);
  const ended = await findGiftCard(client, card);
  return ended?.isWhole === false ? "used" : "unused";
}
