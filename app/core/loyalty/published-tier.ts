/** A customer's tier as storefront and extensions read it, with the one change that time will bring: until it is published anew they know by themselves. */
import { isoDate, type ShopCalendar } from "../calendar.ts";
import type { Standing } from "./tier-standing.ts";

/** As JSON in the customer's metafield. */
export interface PublishedTier {
  v: 1;
  /** `null`: none. */
  id: string | null;
  /** Epoch seconds: from then on it is `then`. `null`: it does not end by itself. */
  until: number | null;
  then: string | null;
  /** The shop's last day of it, `2027-05-31`. */
  lastDay: string | null;
  /** What counts now, and what is missing to the next one: points, orders or minor units of the shop's currency. */
  amount: number;
  goal: { id: string; missing: number } | null;
}

export function publishedTier(
  { tierId, amount, next, goal }: Standing,
  calendar: ShopCalendar,
): PublishedTier {
  return {
    v: 1,
    id: tierId,
    until: next && Math.ceil(next.at / 1000),
    then: next?.tierId ?? null,
    lastDay: next && isoDate(calendar.dayOf(next.at - 1)),
    amount,
    goal: goal && { id: goal.tierId, missing: goal.missing },
  };
}

/** `at`: epoch seconds. snippets/factor.liquid does the same. */
export function tierShownAt(
  tier: Pick<PublishedTier, "id" | "until" | "then"> | null,
  at: number,
): string | null {
  if (!tier) return null;
  return tier.until !== null && at >= tier.until ? tier.then : tier.id;
}
