/** Gift cards with a code that we give them, which Shopify takes only once. */
import type { Grant } from "../../core/loyalty/reward.ts";
import { parseMinor } from "../../core/money.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../admin-client.server.ts";
import { gidOf, idOf } from "../gid.ts";
import { CREATE_GIFT_CARD, DEACTIVATE_GIFT_CARD, GIFT_CARDS_BY_CODE } from "../operations/rewards.ts";
import { ShopifyError } from "../shopify-error.ts";
import { codesOf, refusal, type Granted } from "./answer.ts";
import { moneyInput } from "./money-input.ts";

export interface FoundGiftCard {
  shopifyId: number;
  isEnabled: boolean;
  /** Nothing has been paid with it. */
  isWhole: boolean;
}

export async function findGiftCard(
  client: AdminClient,
  { code, currency }: Pick<Grant, "code" | "currency">,
): Promise<FoundGiftCard | null> {
  failpoint("rewards:before-find-gift-card");
  const { giftCards } = await client.request(GIFT_CARDS_BY_CODE, { query: code });
  failpoint("rewards:after-find-gift-card");
  const isOurs = ({ lastCharacters, note }: { lastCharacters: string; note?: string | null }) =>
    note === noteOf(code) && code.toLowerCase().endsWith(lastCharacters.toLowerCase());
  const card = giftCards.nodes.find(isOurs);
  if (!card) return null;
  const minorOf = ({ amount }: { amount: string }) => parseMinor(amount, currency);
  return {
    shopifyId: idOf(card.id),
    isEnabled: card.enabled,
    isWhole: minorOf(card.balance) === minorOf(card.initialValue),
  };
}

export async function grantGiftCard(client: AdminClient, grant: Grant): Promise<Granted> {
  const { code, currency, customerId, expiresOn, gives } = grant;
  if (gives.kind !== "gift-card") throw new Error(`${gives.kind} is no gift card`);
  const found = await findGiftCard(client, grant);
  if (found) return { ok: true, shopifyId: found.shopifyId };
  failpoint("rewards:before-create-gift-card");
  const { created } = await client.request(CREATE_GIFT_CARD, {
    input: {
      code,
      customerId: gidOf("Customer", customerId),
      initialAmount: moneyInput(gives.valueMinor, currency),
      expiresOn,
      note: noteOf(code),
    },
  });
  failpoint("rewards:after-create-gift-card");
  if (created?.giftCard) return { ok: true, shopifyId: idOf(created.giftCard.id) };
  const errors = created?.userErrors ?? [];
  if (!codesOf(errors).includes("TAKEN")) return refusal(errors);
  const other = await findGiftCard(client, grant);
  if (other) return { ok: true, shopifyId: other.shopifyId };
  // It is there, and Shopify's search does not know of it yet.
  throw new ShopifyError("server", "The gift card was made a moment ago and cannot be found yet.");
}

export async function endGiftCard(client: AdminClient, shopifyId: number): Promise<void> {
  failpoint("rewards:before-end-gift-card");
  await client.request(DEACTIVATE_GIFT_CARD, { id: gidOf("GiftCard", shopifyId) });
  failpoint("rewards:after-end-gift-card");
}

/** The merchant sees it; the code is not in it. */
function noteOf(code: string): string {
  return `Reward for points, ${code.slice(-4).toUpperCase()}`;
}
