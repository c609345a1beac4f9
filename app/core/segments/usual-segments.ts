/**
 * The segments that every shop has, each with the rule that it begins with. Money and frequency differ from shop to shop, so the usual rules compare
 * a shop's customers with one another rather than with an amount.
 *
 * The groups by recency, frequency and monetary value share out the 25 fields of recency score by frequency-monetary score, the mean of both
 * scores without its half: each customer is in exactly one of them. The names are the field's; where authors draw the lines differs.
 *
 *   recency  5 | new        potential loyalists  potential loyalists  champions  champions
 *            4 | promising  potential loyalists  potential loyalists  loyal      loyal
 *            3 | about to sleep  about to sleep  need attention       loyal      loyal
 *            2 | hibernating     hibernating     at risk              at risk    cannot lose
 *            1 | lost            lost            at risk              at risk    cannot lose
 *                1               2               3                    4          5   frequency-monetary
 */
import type { Condition, SegmentRule } from "./segment-rule.ts";

export const BEHAVIOUR_SEGMENTS = [
  "first-time",
  "repeat",
  "loyal",
  "vip",
  "big-spenders",
  "high-aov",
  "full-price",
  "discount-shoppers",
  "cart-abandoners",
] as const;

export const RFM_SEGMENTS = [
  "rfm-champions",
  "rfm-loyal",
  "rfm-potential-loyalists",
  "rfm-new",
  "rfm-promising",
  "rfm-need-attention",
  "rfm-about-to-sleep",
  "rfm-at-risk",
  "rfm-cannot-lose",
  "rfm-hibernating",
  "rfm-lost",
] as const;

export const SEGMENTS = [...BEHAVIOUR_SEGMENTS, ...RFM_SEGMENTS] as const;
export type SegmentName = (typeof SEGMENTS)[number];

const atLeast = (fact: Condition["fact"], value: number): Condition => ({ fact, is: "at-least", value });
const atMost = (fact: Condition["fact"], value: number): Condition => ({ fact, is: "at-most", value });
const highest = (fact: Condition["fact"], value: number): Condition => ({ fact, is: "highest", value });

/** Scores from and to, both included; a bound that bounds nothing is left out. */
function rfm(recency: readonly [number, number], frequencyMonetary: readonly [number, number]): SegmentRule {
  const between = (fact: Condition["fact"], [from, to]: readonly [number, number]) => [
    ...(from > 1 ? [atLeast(fact, from)] : []),
    ...(to < 5 ? [atMost(fact, to)] : []),
  ];
  return [...between("recencyScore", recency), ...between("frequencyMonetaryScore", frequencyMonetary)];
}

export const USUAL_RULES: Readonly<Record<SegmentName, SegmentRule>> = {
  "first-time": [atMost("orders", 1)],
  repeat: [atLeast("orders", 2)],
  loyal: [atLeast("orders", 3), atMost("daysSinceLastOrder", 180)],
  vip: [highest("netMinor", 5), atLeast("orders", 2), atMost("daysSinceLastOrder", 365)],
  "big-spenders": [highest("netMinor", 10)],
  "high-aov": [highest("averageOrderMinor", 20)],
  "full-price": [atMost("discountShare", 0)],
  "discount-shoppers": [atLeast("discountShare", 50)],
  "cart-abandoners": [atMost("daysSinceAbandonedCheckout", 30)],
  "rfm-champions": rfm([5, 5], [4, 5]),
  "rfm-loyal": rfm([3, 4], [4, 5]),
  "rfm-potential-loyalists": rfm([4, 5], [2, 3]),
  "rfm-new": rfm([5, 5], [1, 1]),
  "rfm-promising": rfm([4, 4], [1, 1]),
  "rfm-need-attention": rfm([3, 3], [3, 3]),
  "rfm-about-to-sleep": rfm([3, 3], [1, 2]),
  "rfm-at-risk": rfm([1, 2], [3, 4]),
  "rfm-cannot-lose": rfm([1, 2], [5, 5]),
  "rfm-hibernating": rfm([2, 2], [1, 2]),
  "rfm-lost": rfm([1, 1], [1, 2]),
};

export function isSegmentName(name: string | null | undefined): name is SegmentName {
  return (SEGMENTS as readonly (string | null | undefined)[]).includes(name);
}
