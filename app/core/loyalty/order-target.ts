/**
 * What an order earns in its present state by the terms it was placed under. Whatever happened to it on the way, the same state earns the
 * same points, which are rounded once; the ledger posts the difference to what it has posted before.
 */
import type { Order } from "../order.ts";
import { fraction, plus, rounded, times, ZERO, type Fraction } from "./fraction.ts";
import { keptLines, type KeptLine } from "./kept-goods.ts";
import type { OrderTerms, Rate } from "./order-terms.ts";
import type { EarningRules } from "./programme.ts";

/** Of a chargeback: its points are held while it is open. */
export type DisputeState = "open" | "lost" | "won";

/** Why an order earns nothing. */
type NoPointsReason =
  "test" | "business" | "excluded" | "cancelled" | "voided" | "unpaid" | "disputed" | "refunded" | "deleted";

export interface OrderTarget {
  points: number;
  /** Why nothing is earned; `null` where the sum below holds, which may be 0 too. */
  because: NoPointsReason | null;
  /** What adds up to the points before they are rounded, as a preview shows it. */
  lines: readonly LineEarning[];
  shipping: Fraction;
  firstOrderPoints: number;
}

interface LineEarning {
  lineId: number;
  points: Fraction;
  bonusPoints: number;
}

export function orderTarget(
  order: Order,
  terms: OrderTerms,
  rules: EarningRules,
  dispute: DisputeState | null,
): OrderTarget {
  const kept = keptLines(order).filter(({ share }) => share.numerator > 0n);
  const because = whyNothing(order, terms, dispute) ?? (kept.length === 0 ? "refunded" : null);
  if (because) return { points: 0, because, lines: [], shipping: ZERO, firstOrderPoints: 0 };
  const lines = kept.map((line) => lineEarning(line, terms, rules));
  const shipping = rules.includeShipping ? shippingEarning(order, terms.shipping) : ZERO;
  const firstOrderPoints = terms.isFirstOrder && rules.isAccruing ? rules.firstOrderPoints : 0;
  const sum = lines.reduce((total, { points }) => plus(total, points), shipping);
  const bonus = lines.reduce((total, { bonusPoints }) => total + bonusPoints, firstOrderPoints);
  const points = Math.min(rounded(sum, rules.rounding) + bonus, terms.mostPoints ?? Infinity);
  return { points, because, lines, shipping, firstOrderPoints };
}

function whyNothing(order: Order, terms: OrderTerms, dispute: DisputeState | null): NoPointsReason | null {
  if (order.isTest) return "test";
  if (order.isB2b) return "business";
  if (terms.isExcluded) return "excluded";
  if (order.cancelledAt !== null) return "cancelled";
  if (order.financialStatus === "voided") return "voided";
  if (order.financialStatus === "refunded") return "refunded";
  // Authorized is not paid, and a part is not the whole.
  if (order.financialStatus !== "paid" && order.financialStatus !== "partially_refunded") return "unpaid";
  return dispute === "open" || dispute === "lost" ? "disputed" : null;
}

function lineEarning({ line, share, units }: KeptLine, terms: OrderTerms, rules: EarningRules): LineEarning {
  const own = terms.lines.find(({ lineId }) => lineId === line.id);
  if (!own) throw new Error(`line ${line.id} has no terms`);
  const value = rules.basis === "before-discounts" ? line.grossMinor : line.netMinor;
  const minor = Math.max(0, value + (rules.includeTax ? line.taxMinor : 0));
  const points = times(times(fraction(minor), share), rateAsFraction(own));
  return { lineId: line.id, points, bonusPoints: own.bonusPoints * units };
}

function shippingEarning({ shippingMinor, refunds }: Order, rate: Rate): Fraction {
  const refunded = refunds.reduce((sum, refund) => sum + refund.shippingMinor, 0);
  return times(fraction(Math.max(0, shippingMinor - refunded)), rateAsFraction(rate));
}

function rateAsFraction({ numerator, denominator }: Rate): Fraction {
  return fraction(numerator, denominator);
}
