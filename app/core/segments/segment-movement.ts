/** How a segment's size moved: by its rule of today, on what was known at the ends of earlier months. */
import { firstDayOfMonth, monthOf } from "../calendar.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { customerFacts, type CustomerFacts, type FactOptions } from "./customer-facts.ts";
import { segmentMembers } from "./segment-members.ts";
import type { SegmentRule } from "./segment-rule.ts";

export interface SegmentMovement {
  /** The last day of each of the 12 months before, as far as there were orders, and the day of the shop's last order. */
  points: { day: number; customers: number }[];
  /** `null`: nobody had ordered 30 days before. */
  since: { day: number; customers: number; cameIn: number; wentOut: number } | null;
}

const MONTHS_BACK = 12;
const DAYS_OF_A_MONTH = 30;

/** `null`: the rule asks for what no model has learnt yet. */
export function segmentMovement(
  columns: OrderColumns,
  counted: CountedOrders,
  options: FactOptions & { rule: SegmentRule },
  now: CustomerFacts | null = customerFacts(columns, counted, options),
): SegmentMovement | null {
  if (!now) return { points: [], since: null };
  const members = segmentMembers(now, options.rule);
  if (!members) return null;
  const before = (day: number) => {
    const facts = customerFacts(columns, counted, options, day);
    const then = facts && segmentMembers(facts, options.rule);
    return facts && then && { facts, then };
  };
  const points = monthEndsBefore(now.day).flatMap((day) => {
    const found = day < (counted.firstOrderDay ?? Infinity) ? null : before(day);
    return found ? [{ day, customers: found.then.count }] : [];
  });
  const day = now.day - DAYS_OF_A_MONTH;
  const monthAgo = before(day);
  return {
    points: [...points, { day: now.day, customers: members.count }],
    since: monthAgo && {
      day,
      customers: monthAgo.then.count,
      ...changeBetween(columns, setOf(monthAgo.facts, monthAgo.then.isIn), setOf(now, members.isIn)),
    },
  };
}

function monthEndsBefore(day: number): number[] {
  const month = monthOf(day);
  return Array.from(
    { length: MONTHS_BACK },
    (_, place) => firstDayOfMonth(month - MONTHS_BACK + 1 + place) - 1,
  );
}

type MemberSet = (who: number) => boolean;

function setOf({ customer }: CustomerFacts, isIn: Uint8Array): MemberSet {
  const last = customer.at(-1) ?? -1;
  const flags = new Uint8Array(last + 1);
  customer.forEach((who, entry) => (flags[who] = isIn[entry] as number));
  return (who) => flags[who] === 1;
}

function changeBetween({ customerIds }: OrderColumns, then: MemberSet, now: MemberSet) {
  let [cameIn, wentOut] = [0, 0];
  for (let who = 0; who < customerIds.length; who++) {
    if (now(who) && !then(who)) cameIn++;
    if (then(who) && !now(who)) wentOut++;
  }
  return { cameIn, wentOut };
}
