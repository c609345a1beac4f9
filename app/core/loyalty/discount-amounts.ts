/** What the points discount function reads from a discount (extensions/points-discount). */
import { formatMinor } from "../money.ts";
import type { Grant } from "./reward.ts";

/** In the app's own namespace, on the discount. */
export const AMOUNTS_KEY = "amounts";

/** As JSON; `null`: no amounts of other currencies are named, so Shopify's own discount does. */
export function discountAmounts({
  gives,
  currency,
  minimumMinor,
}: Pick<Grant, "gives" | "currency" | "minimumMinor">): string | null {
  if (gives.kind !== "amount-off" || !gives.amounts) return null;
  return JSON.stringify({
    amounts: { ...gives.amounts, [currency]: gives.valueMinor },
    minimum: minimumMinor === null ? null : formatMinor(minimumMinor, currency),
  });
}
