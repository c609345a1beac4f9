/** Who is in a segment by its rule. */
import { selectPlace } from "../clv/rfm-scores.ts";
import type { CustomerFacts } from "./customer-facts.ts";
import type { Condition, SegmentRule } from "./segment-rule.ts";

export interface Members {
  /** 1 per entry of the facts that is in. */
  isIn: Uint8Array;
  count: number;
}

/** `null`: a condition asks for what no model has learnt yet. A customer for whom a condition's fact is unknown is not in. */
export function segmentMembers(facts: CustomerFacts, rule: SegmentRule): Members | null {
  const isIn = new Uint8Array(facts.count).fill(1);
  let count = facts.count;
  for (const condition of rule) {
    const valueOf = facts.readerOf(condition.fact);
    if (!valueOf) return null;
    const { from, to } = rangeOf(facts.count, valueOf, condition);
    for (let entry = 0; entry < facts.count; entry++) {
      if (isIn[entry] === 0) continue;
      const value = valueOf(entry);
      if (value >= from && value <= to) continue;
      isIn[entry] = 0;
      count--;
    }
  }
  return { isIn, count };
}

function rangeOf(count: number, valueOf: (entry: number) => number, { is, value }: Condition) {
  switch (is) {
    case "at-least":
      return { from: value, to: Infinity };
    case "at-most":
      return { from: -Infinity, to: value };
    case "highest":
      return { from: leastOfHighest(count, valueOf, value), to: Infinity };
  }
}

/**
 * The value of the last of the `percent` of customers with the highest value, the number of them rounded up; whoever has the same is among them.
 *
 * Worked example: of 1, 2, 3, 3, 5 the highest 40% are 5 and 3, so the least is 3, and three customers are in.
 */
function leastOfHighest(count: number, valueOf: (entry: number) => number, percent: number): number {
  const values = new Float64Array(count);
  let known = 0;
  for (let entry = 0; entry < count; entry++) {
    const value = valueOf(entry);
    if (!Number.isNaN(value)) values[known++] = value;
  }
  const wanted = Math.min(known, Math.ceil((known * percent) / 100));
  if (wanted === 0) return Infinity;
  const place = known - wanted;
  // Sorting all of them would take several times as long.
  selectPlace(values.subarray(0, known), place, 0);
  return values[place] as number;
}
