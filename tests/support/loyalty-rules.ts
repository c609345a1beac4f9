/** A plain programme for tests, of which each says what matters to it: one point for each unit of the currency, spendable at once. */
import type { EarningRules } from "../../app/core/loyalty/programme.ts";

export function makeRules(facts: Partial<EarningRules> = {}): EarningRules {
  return {
    isAccruing: true,
    base: { points: 1, perMinor: 100 },
    basis: "after-discounts",
    includeTax: false,
    includeShipping: false,
    rounding: "down",
    windowDays: 0,
    expiryMonths: null,
    multipliers: [],
    events: [],
    bonusProducts: [],
    firstOrderPoints: 0,
    returnSpent: "in-proportion",
    ...facts,
  };
}
