/** Why Shopify did not take a code. Its own words are English and not meant for shoppers, so what is known of the cart comes first. */

export type Refusal = "five" | "minimum" | "combine" | "locked" | "unknown";

export interface RefusedCart {
  /** On the checkout before this one was tried. */
  codes: number;
  hasOtherDiscounts: boolean;
  isLocked: boolean;
  /** `null`: none, or in another currency than the checkout's. */
  minimumMinor: number | null;
  subtotalMinor: number;
}

/** Shopify takes no more in one cart. */
const MOST_CODES = 5;

export function refusalOf(message: string, cart: RefusedCart): Refusal {
  if (cart.isLocked) return "locked";
  if (cart.codes >= MOST_CODES || /\b(five|5)\b.*codes|too many/i.test(message)) return "five";
  const isBelow = cart.minimumMinor !== null && cart.subtotalMinor < cart.minimumMinor;
  if (isBelow || /minimum|does not reach|not met/i.test(message)) return "minimum";
  if (/combin/i.test(message)) return "combine";
  return cart.hasOtherDiscounts && message === "" ? "combine" : "unknown";
}
