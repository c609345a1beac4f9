/** The customers of a segment with their facts, a piece at a time. */
import { roundHalfAway } from "../metrics/rounding.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import type { CustomerFacts } from "./customer-facts.ts";
import { segmentMembers } from "./segment-members.ts";
import type { SegmentRule } from "./segment-rule.ts";

export interface SegmentCustomer {
  customerId: number;
  orders: number;
  netMinor: number;
  averageOrderMinor: number;
  firstDay: number;
  lastDay: number;
  discountedOrders: number;
  recencyScore: number;
  frequencyScore: number;
  monetaryScore: number;
  /** `null` without a model; likewise the chance of no order within 12 months. */
  expectedValueMinor: number | null;
  churnRisk: number | null;
}

export interface SegmentPiece {
  /** By id. */
  customers: SegmentCustomer[];
  /** `null`: this was the last piece. */
  after: number | null;
}

/** Those with an id above `after`. Nobody where the rule asks for what no model has learnt yet. */
export function segmentCustomers(
  { customerIds }: OrderColumns,
  facts: CustomerFacts | null,
  { rule, after, size }: { rule: SegmentRule; after: number; size: number },
): SegmentPiece {
  const members = facts && segmentMembers(facts, rule);
  if (!members) return { customers: [], after: null };
  const rowOf = rowReader(facts, customerIds);
  const customers: SegmentCustomer[] = [];
  for (let entry = 0; entry < facts.count; entry++) {
    const id = customerIds[facts.customer[entry] as number] as number;
    if (members.isIn[entry] === 0 || id <= after) continue;
    if (customers.length === size) return { customers, after: customers.at(-1)?.customerId ?? null };
    customers.push(rowOf(entry));
  }
  return { customers, after: null };
}

function rowReader(facts: CustomerFacts, customerIds: Float64Array): (entry: number) => SegmentCustomer {
  const [recency, frequency, monetary] = [
    scoreReader(facts, "recencyScore"),
    scoreReader(facts, "frequencyScore"),
    scoreReader(facts, "monetaryScore"),
  ];
  const [value, risk] = [facts.readerOf("expectedValueMinor"), facts.readerOf("churnRisk")];
  return (entry) => {
    const orders = facts.orders[entry] as number;
    const netMinor = facts.netMinor[entry] as number;
    return {
      customerId: customerIds[facts.customer[entry] as number] as number,
      orders,
      netMinor,
      averageOrderMinor: roundHalfAway(netMinor / orders),
      firstDay: facts.firstDay[entry] as number,
      lastDay: facts.lastDay[entry] as number,
      discountedOrders: facts.discountedOrders[entry] as number,
      recencyScore: recency(entry),
      frequencyScore: frequency(entry),
      monetaryScore: monetary(entry),
      expectedValueMinor: value ? roundHalfAway(value(entry)) : null,
      churnRisk: risk ? risk(entry) / 100 : null,
    };
  };
}

function scoreReader(
  facts: CustomerFacts,
  score: "recencyScore" | "frequencyScore" | "monetaryScore",
): (entry: number) => number {
  const reader = facts.readerOf(score);
  if (!reader) throw new Error("scores need no model");
  return reader;
}
