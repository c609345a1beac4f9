/** What publishing needs of the merchant: whoever may write an owner may write its metafields. Optional scopes of shopify.app.toml. */
const PUBLISHING_SCOPES = ["write_customers", "write_products"] as const;

export function mayWriteCustomers(shop: { scopes: string }): boolean {
  return !missingPublishingScopes(shop).includes("write_customers");
}

/** Those that the merchant has still to grant. */
export function missingPublishingScopes({ scopes }: { scopes: string }): string[] {
  const granted = new Set(scopes.split(",").map((scope) => scope.trim()));
  return PUBLISHING_SCOPES.filter((scope) => !granted.has(scope));
}
