/**
 * When the generated shop's customers buy and how much: the Pareto/NBD model (Schmittlein, Morrison, Colombo 1987) for
 * purchases and dropout, the Gamma-Gamma model (Fader, Hardie 2013) for the value of each purchase.
 *
 * A customer buys first on the day of acquisition. From then on purchases come at a rate drawn from Gamma(r, alpha) a
 * week, until dropout, whose rate is drawn from Gamma(s, beta) a week; neither knows seasons (acquisition does). Values
 * are product sales after discounts, before refunds, tax and shipping, in major units: each Gamma(p, nu) with the
 * customer's own nu from Gamma(q, gamma), so that the customer's mean is p / nu.
 */
import type { Random } from "./random.ts";

const DAYS_A_WEEK = 7;

export interface PurchaseLaw {
  r: number;
  alpha: number;
  s: number;
  beta: number;
  p: number;
  q: number;
  gamma: number;
}

/** Heterogeneity like that of the published CDNOW cohort, with rarer and dearer purchases. */
export const DEFAULT_LAW: PurchaseLaw = { r: 0.55, alpha: 17, s: 0.6, beta: 14, p: 6.25, q: 3.74, gamma: 24 };

/** What a customer was drawn to be: what a model fitted to the orders can be held against. */
export interface Buyer {
  purchasesPerWeek: number;
  dropoutPerWeek: number;
  /** Weeks from the first purchase to dropout. */
  lifetimeWeeks: number;
  /** Rate nu of the values; the mean purchase is p / nu. */
  spendRate: number;
}

export function drawBuyer(random: Random, law: PurchaseLaw): Buyer {
  const dropoutPerWeek = random.gamma(law.s, law.beta);
  return {
    purchasesPerWeek: random.gamma(law.r, law.alpha),
    dropoutPerWeek,
    lifetimeWeeks: random.exponential(dropoutPerWeek),
    spendRate: random.gamma(law.q, law.gamma),
  };
}

/** Days of a buyer's purchases, the first one included, up to the last day of the history. */
export function purchaseDays(random: Random, buyer: Buyer, firstDay: number, lastDay: number): number[] {
  const days = [firstDay];
  // The clock starts within the first day, as the shopper's does.
  const start = firstDay + random.uniform();
  const end = Math.min(lastDay + 1, start + buyer.lifetimeWeeks * DAYS_A_WEEK);
  const perDay = buyer.purchasesPerWeek / DAYS_A_WEEK;
  for (let time = start + random.exponential(perDay); time < end; time += random.exponential(perDay)) {
    days.push(Math.floor(time));
  }
  return days;
}

/** Value of one purchase in minor units of a currency with two decimals. */
export function drawValueMinor(random: Random, buyer: Buyer, law: PurchaseLaw): number {
  return Math.round(100 * random.gamma(law.p, buyer.spendRate));
}
