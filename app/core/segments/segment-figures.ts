/** What segments come to: how many are in each, what they brought, and what they will bring. */
import { ratio, roundHalfAway } from "../metrics/rounding.ts";
import type { CustomerFacts } from "./customer-facts.ts";
import { segmentMembers } from "./segment-members.ts";
import type { SegmentRule } from "./segment-rule.ts";

export interface SegmentFigures {
  customers: number;
  /** Of all customers. */
  share: number | null;
  orders: number;
  netMinor: number;
  averageOrderMinor: number | null;
  /** Expected of all of them together within 12 months; `null` without a model. */
  expectedMinor: number | null;
  /** Mean chance of no order within 12 months, from 0 to 1; `null` without a model that knows of chance. */
  meanChurnRisk: number | null;
}

/** `null`: the rule asks for what no model has learnt yet. */
export function segmentFigures(facts: CustomerFacts | null, rule: SegmentRule): SegmentFigures | null {
  if (!facts) return NOBODY;
  const members = segmentMembers(facts, rule);
  if (!members) return null;
  const [value, risk] = [facts.readerOf("expectedValueMinor"), facts.readerOf("churnRisk")];
  let [orders, netMinor, expected, risks] = [0, 0, 0, 0];
  for (let entry = 0; entry < facts.count; entry++) {
    if (members.isIn[entry] === 0) continue;
    orders += facts.orders[entry] as number;
    netMinor += facts.netMinor[entry] as number;
    if (value) expected += value(entry);
    if (risk) risks += risk(entry);
  }
  return {
    customers: members.count,
    share: ratio(members.count, facts.count),
    orders,
    netMinor,
    averageOrderMinor: orders === 0 ? null : roundHalfAway(netMinor / orders),
    expectedMinor: value ? roundHalfAway(expected) : null,
    meanChurnRisk: risk && members.count > 0 ? risks / members.count / 100 : null,
  };
}

const NOBODY: SegmentFigures = {
  customers: 0,
  share: null,
  orders: 0,
  netMinor: 0,
  averageOrderMinor: null,
  expectedMinor: null,
  meanChurnRisk: null,
};
