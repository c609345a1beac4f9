/** One redemption's reward at Shopify, of whatever kind: made once however often it is asked for. Lost answers are ShopifyErrors. */
import type { Grant } from "../../core/loyalty/reward.ts";
import type { AdminClient } from "../admin-client.server.ts";
import { orScopeMissing, type Granted } from "./answer.ts";
import { grantDiscountCode } from "./discount-codes.server.ts";
import { grantGiftCard } from "./gift-cards.server.ts";
import { grantStoreCredit } from "./store-credit.server.ts";

interface Asking {
  /** Nobody has asked for this one before. */
  isFirst?: boolean;
}

export async function grantReward(client: AdminClient, grant: Grant, asking: Asking = {}): Promise<Granted> {
  return orScopeMissing(grantOfKind(client, grant, asking));
}

async function grantOfKind(client: AdminClient, grant: Grant, { isFirst = false }: Asking): Promise<Granted> {
  if (grant.gives.kind === "gift-card") return grantGiftCard(client, grant);
  if (grant.gives.kind === "store-credit") return grantStoreCredit(client, grant);
  return grantDiscountCode(client, grant, isFirst);
}
