/** What Shopify knows without us: the programme, the member's metafields, the customer's consent. */
import { factsOf, type Facts, type MetafieldEntry } from "../../../shared/facts.ts";
import { askShopify } from "./ask-shopify.ts";
import { ACCOUNT } from "./operations.ts";

export type MarketingState =
  "INVALID" | "NOT_SUBSCRIBED" | "PENDING" | "REDACTED" | "SUBSCRIBED" | "UNSUBSCRIBED";

export interface AccountFacts extends Facts {
  /** Of the online store. */
  shopUrl: string;
  /** `null`: the customer has no e-mail address. */
  marketing: MarketingState | null;
  /** `MM-DD` */
  birthday: string | null;
  /** Global ids of products. */
  buyAgain: readonly string[];
  forYou: readonly string[];
}

interface Answer {
  shop: { url: string; ui: { value: string } | null };
  customer: {
    emailAddress: { marketingState: MarketingState } | null;
    metafields: ({ key: string; value: string } | null)[];
  };
}

export async function loadFacts(): Promise<AccountFacts> {
  const { shop, customer } = await askShopify<Answer>(ACCOUNT);
  const own = customer.metafields.filter((each) => each !== null);
  const entries: MetafieldEntry[] = own.map((metafield) => ({ target: { type: "customer" }, metafield }));
  if (shop.ui) entries.push({ target: { type: "shop" }, metafield: { key: "ui", value: shop.ui.value } });
  const valueOf = (name: string) => own.find(({ key }) => key === name)?.value ?? null;
  return {
    ...factsOf(entries),
    shopUrl: shop.url.replace(/\/$/, ""),
    marketing: customer.emailAddress?.marketingState ?? null,
    birthday: valueOf("birthday"),
    buyAgain: idsFrom(valueOf("buy_again")),
    forYou: idsFrom(valueOf("for_you")),
  };
}

function idsFrom(value: string | null): string[] {
  try {
    const ids: unknown = JSON.parse(value ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
