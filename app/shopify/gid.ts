/** Shopify's global ids: `gid://shopify/Order/123` to the number that Perennial keeps, and back. */

/** The number in a global id; throws on anything else. Hand-written, because a backfill calls it ten times an order. */
export function idOf(gid: string): number {
  let end = gid.indexOf("?");
  if (end === -1) end = gid.length;
  const start = gid.lastIndexOf("/", end - 1) + 1;
  let id = 0;
  for (let at = start; at < end; at++) {
    const digit = gid.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) throw new Error(`not a global id: ${JSON.stringify(gid)}`);
    id = id * 10 + digit;
  }
  if (start === end || !Number.isSafeInteger(id) || !gid.startsWith("gid://")) {
    throw new Error(`not a global id: ${JSON.stringify(gid)}`);
  }
  return id;
}

export type GidType =
  | "AbandonedCheckout"
  | "BulkOperation"
  | "Collection"
  | "Customer"
  | "DiscountCodeNode"
  | "GiftCard"
  | "InventoryItem"
  | "Order"
  | "Product"
  | "ProductVariant"
  | "Shop";

export function gidOf(type: GidType, id: number): string {
  return `gid://shopify/${type}/${id}`;
}
