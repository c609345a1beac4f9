/** What segments come to: how many are in each, what they brought, and what they will bring. */
import { monthOf } from "../calendar.ts";
import { ratio, roundHalfAway } from "../metrics/rounding.ts";
import type { CustomerFacts } from "./customer-facts.ts";
import { segmentMembers, type Members } from "./segment-members.ts";
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
  /** `null` where no cost is known of any month in which a member ordered first. */
  acquired: AcquiredMembers | null;
}

/** The members of whose month of first order somebody said what was spent on winning customers. */
interface AcquiredMembers {
  customers: number;
  /** Spent on all of them: of each, what the month cost per customer won in it. */
  costMinor: number;
  /** Net sales so far and expected within 12 months; `null` without a model. */
  valueMinor: number | null;
}

/** What was spent on winning customers in a month, counted since January 1970; minor units. */
export type MonthlyCosts = readonly (readonly [month: number, spentMinor: number])[];

/** `null`: the rule asks for what no model has learnt yet. */
export function segmentFigures(
  facts: CustomerFacts | null,
  rule: SegmentRule,
  costs: MonthlyCosts = [],
): SegmentFigures | null {
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
    acquired: acquiredMembers(facts, members, costs),
  };
}

function acquiredMembers(
  facts: CustomerFacts,
  { isIn }: Members,
  costs: MonthlyCosts,
): AcquiredMembers | null {
  if (costs.length === 0) return null;
  const won = new Map<number, number>();
  const firstMonths = facts.firstDay.map(monthOf);
  for (const month of firstMonths) won.set(month, (won.get(month) ?? 0) + 1);
  const costOf = new Map(costs.map(([month, spentMinor]) => [month, spentMinor / (won.get(month) ?? 1)]));
  const expected = facts.readerOf("expectedValueMinor");
  let [customers, costMinor, valueMinor] = [0, 0, 0];
  for (let entry = 0; entry < facts.count; entry++) {
    const cost = isIn[entry] === 0 ? undefined : costOf.get(firstMonths[entry] as number);
    if (cost === undefined) continue;
    customers += 1;
    costMinor += cost;
    valueMinor += (facts.netMinor[entry] as number) + (expected?.(entry) ?? 0);
  }
  return customers === 0 ? null : { customers, costMinor, valueMinor: expected ? valueMinor : null };
}

const NOBODY: SegmentFigures = {
  customers: 0,
  share: null,
  orders: 0,
  netMinor: 0,
  averageOrderMinor: null,
  expectedMinor: null,
  meanChurnRisk: null,
  acquired: null,
};
