/** What a segment is: conditions over a customer's facts, all of which hold for whoever is in it. */

/** What a condition can be about, and what its number counts: money in minor units, shares and chances in percent. */
export const FACT_UNITS = {
  orders: "count",
  netMinor: "money",
  averageOrderMinor: "money",
  daysSinceLastOrder: "days",
  daysSinceFirstOrder: "days",
  discountShare: "percent",
  daysSinceAbandonedCheckout: "days",
  recencyScore: "score",
  frequencyScore: "score",
  monetaryScore: "score",
  frequencyMonetaryScore: "score",
  expectedValueMinor: "money",
  churnRisk: "percent",
} as const;

export type Fact = keyof typeof FACT_UNITS;

export const FACTS = Object.keys(FACT_UNITS) as readonly Fact[];

/** `highest`: among the so many percent of customers with the highest fact. */
export const COMPARISONS = ["at-least", "at-most", "highest"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Condition {
  fact: Fact;
  is: Comparison;
  value: number;
}

/** In the order in which a merchant reads them; at least one. */
export type SegmentRule = readonly Condition[];

export const MOST_CONDITIONS = 8;

/** Facts that only a model of the shop's customers can tell. */
const MODELLED: ReadonlySet<Fact> = new Set(["expectedValueMinor", "churnRisk"]);

export function needsModel(rule: SegmentRule): boolean {
  return rule.some(({ fact }) => MODELLED.has(fact));
}

/** What a condition's number may be, both ends included. */
export function boundsOf({ fact, is }: Pick<Condition, "fact" | "is">): { least: number; most: number } {
  if (is === "highest") return { least: 1, most: 100 };
  switch (FACT_UNITS[fact]) {
    case "score":
      return { least: 1, most: 5 };
    case "percent":
      return { least: 0, most: 100 };
    case "money":
      return { least: 0, most: Number.MAX_SAFE_INTEGER };
    case "count":
    case "days":
      return { least: 0, most: 100_000 };
  }
}

export function sameRule(a: SegmentRule, b: SegmentRule): boolean {
  const textOf = (rule: SegmentRule) => JSON.stringify(rule.map(({ fact, is, value }) => [fact, is, value]));
  return textOf(a) === textOf(b);
}
