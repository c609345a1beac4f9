/** How segments, facts and comparisons are called. */
import type { Comparison, Condition, Fact } from "../../core/segments/segment-rule.ts";
import { FACT_UNITS } from "../../core/segments/segment-rule.ts";
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import type { Show } from "../frame/show.ts";

export const SEGMENT_WORDS: Readonly<Record<SegmentName, { title: string; about: string }>> = {
  "first-time": { title: "First-time customers", about: "Have ordered once." },
  repeat: { title: "Repeat customers", about: "Have come back at least once." },
  loyal: { title: "Loyal customers", about: "Order again and again, and lately." },
  vip: { title: "VIP customers", about: "Few who bring most, and still come." },
  "big-spenders": { title: "Big spenders", about: "Have spent most in all." },
  "high-aov": { title: "High average order", about: "Spend most each time." },
  "full-price": { title: "Full price", about: "Have never used a discount." },
  "discount-shoppers": { title: "Discount shoppers", about: "Order mostly with a discount." },
  "cart-abandoners": { title: "Cart abandoners", about: "Left a checkout since their last order." },
  "rfm-champions": { title: "Champions", about: "Bought lately, often, and for most." },
  "rfm-loyal": { title: "Loyal", about: "Buy often and for much." },
  "rfm-potential-loyalists": { title: "Potential loyalists", about: "Came lately and begin to come back." },
  "rfm-new": { title: "New", about: "Came very lately, for a small first order." },
  "rfm-promising": { title: "Promising", about: "Came lately, for little so far." },
  "rfm-need-attention": { title: "Need attention", about: "Middling in all three." },
  "rfm-about-to-sleep": { title: "About to sleep", about: "Bought little, and not lately." },
  "rfm-at-risk": { title: "At risk", about: "Bought well, and long ago." },
  "rfm-cannot-lose": { title: "Can't lose them", about: "Bought most and often, and long ago." },
  "rfm-hibernating": { title: "Hibernating", about: "Bought little, and long ago." },
  "rfm-lost": { title: "Lost", about: "Bought little, the longest ago." },
};

export const FACT_WORDS: Readonly<Record<Fact, string>> = {
  orders: "Orders",
  netMinor: "Net sales",
  averageOrderMinor: "Average order",
  daysSinceLastOrder: "Days since the last order",
  daysSinceFirstOrder: "Days since the first order",
  discountShare: "Share of orders with a discount",
  daysSinceAbandonedCheckout: "Days since a checkout was left",
  recencyScore: "Recency score",
  frequencyScore: "Frequency score",
  monetaryScore: "Monetary score",
  frequencyMonetaryScore: "Frequency and monetary score",
  expectedValueMinor: "Expected in 12 months",
  churnRisk: "Churn risk",
};

export const COMPARISON_WORDS: Readonly<Record<Comparison, string>> = {
  "at-least": "at least",
  "at-most": "at most",
  highest: "among the highest",
};

/** `Net sales: among the highest 5%`. */
export function conditionInWords({ fact, is, value }: Condition, show: Show): string {
  return `${FACT_WORDS[fact]}: ${COMPARISON_WORDS[is]} ${valueInWords({ fact, is, value }, show)}`;
}

function valueInWords({ fact, is, value }: Condition, show: Show): string {
  if (is === "highest") return show.shareShort(value / 100);
  switch (FACT_UNITS[fact]) {
    case "money":
      return show.money(value);
    case "percent":
      return show.shareShort(value / 100);
    case "days":
    case "count":
    case "score":
      return show.count(value);
  }
}
