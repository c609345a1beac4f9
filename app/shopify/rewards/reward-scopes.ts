/** Which optional scopes of shopify.app.toml each kind of reward needs; a scope to write includes the one to read. */
import type { RewardKind } from "../../core/loyalty/reward.ts";

const DISCOUNTS = ["write_discounts"] as const;

const SCOPES: Readonly<Record<RewardKind, readonly string[]>> = {
  "amount-off": DISCOUNTS,
  percentage: DISCOUNTS,
  "free-shipping": DISCOUNTS,
  "free-product": DISCOUNTS,
  // A gift card that names its customer changes the customer.
  "gift-card": ["write_gift_cards", "write_customers"],
  "store-credit": ["read_store_credit_accounts", "write_store_credit_account_transactions"],
  ...{ "partner-code": [], donation: [], refill: [], event: [] },
};

/** What the merchant has still to grant before such a reward can be given; none where all is there. */
export function missingScopes({ scopes }: { scopes: string }, kind: RewardKind): string[] {
  const granted = new Set(scopes.split(",").map((scope) => scope.trim()));
  return SCOPES[kind].filter((scope) => !granted.has(scope));
}
