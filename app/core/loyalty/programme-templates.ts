/** Rules that a programme can begin with: a few that suit most shops, all of which can be changed later. */
import { usualUnit } from "../money.ts";
import type { EarningRules } from "./programme.ts";

export const TEMPLATE_NAMES = ["steady", "lasting", "lively"] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

const TEMPLATES: Readonly<
  Record<
    TemplateName,
    Pick<EarningRules, "windowDays" | "expiryMonths" | "firstOrderPoints"> & { points: number }
  >
> = {
  steady: { points: 1, windowDays: 14, expiryMonths: 12, firstOrderPoints: 0 },
  lasting: { points: 1, windowDays: 30, expiryMonths: null, firstOrderPoints: 0 },
  lively: { points: 5, windowDays: 14, expiryMonths: 6, firstOrderPoints: 100 },
};

export function templateRules(name: TemplateName, currency: string): EarningRules {
  const { points, ...life } = TEMPLATES[name];
  return {
    isAccruing: true,
    base: { points, perMinor: usualUnit(currency) },
    basis: "after-discounts",
    includeTax: false,
    includeShipping: false,
    rounding: "down",
    multipliers: [],
    events: [],
    bonusProducts: [],
    returnSpent: "in-proportion",
    ...life,
  };
}
