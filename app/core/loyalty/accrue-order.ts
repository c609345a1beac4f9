/** Posts what an order has earned more or less than the ledger has given it: called for every state of the order, in any order, any number of times. */
import { addMonths, startOfDay, type ShopCalendar } from "../calendar.ts";
import type { Order } from "../order.ts";
import { clawBack } from "./claw-back.ts";
import { earnPoints } from "./earn-points.ts";
import { DAY_MS } from "./ledger.ts";
import type { Change, MemberAccount } from "./member-account.ts";
import type { OrderTarget } from "./order-target.ts";
import type { EarningRules } from "./programme.ts";

/** What the ledger has given an order so far. */
export interface Accrued {
  /** Sum of its transactions. */
  points: number;
  /** How many there are. */
  changes: number;
}

export interface OrderPoints {
  orderId: string;
  target: { points: number; because: OrderTarget["because"] | "reassigned" };
  ripensAt: number;
  expiresAt: number | null;
}

/** The account holds every lot of the order. `null` where there is nothing to post. */
export function accrueOrder(
  account: MemberAccount,
  { orderId, target, ripensAt, expiresAt }: OrderPoints,
  accrued: Accrued,
  now: number,
): Change | null {
  const difference = target.points - accrued.points;
  if (difference === 0) return null;
  const facts = { orderId, sequence: accrued.changes, reason: target.because };
  if (difference < 0) return clawBack(account, { ...facts, points: -difference }, now);
  return earnPoints(account, { ...facts, points: difference, ripensAt, expiresAt }, now);
}

/**
 * When an order's points can be spent, and until when: to the end of a day of the shop. Points of an order from before the programme live
 * as long as if they had come on its first day.
 */
export function lifeOfPoints(
  { placedAt, paidAt }: Pick<Order, "placedAt" | "paidAt">,
  { windowDays, expiryMonths }: Pick<EarningRules, "windowDays" | "expiryMonths">,
  calendar: ShopCalendar,
  startedAt = -Infinity,
): { ripensAt: number; expiresAt: number | null } {
  const ripensAt = Math.max(placedAt, paidAt ?? placedAt) + windowDays * DAY_MS;
  return { ripensAt, expiresAt: expiryAfter(Math.max(ripensAt, startedAt), expiryMonths, calendar) };
}

function expiryAfter(from: number, expiryMonths: number | null, calendar: ShopCalendar): number | null {
  if (expiryMonths === null) return null;
  return startOfDay(addMonths(calendar.dayOf(from), expiryMonths) + 1, calendar);
}
