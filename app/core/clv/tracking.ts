/**
 * Repeat purchases of all customers together, week by week: what came, and what the model says of customers of whom only
 * the first purchase is known. The classic picture of whether a model has understood a shop.
 *
 * Up to time t after the first customer's first purchase the model expects the sum over customers of E[X(t - t_i)], t_i being the
 * customer's own first purchase (Fader, Hardie and Lee (2005), figure 2).
 *
 * Days are counted as in T: from the day of the first purchase to the last day of the week.
 *
 * Worked example: NBD with r = 1, alpha = 2 and customers who came on days 0 and 7 has expected 1/2 (20/7 + 13/7) = 2.357 repeats by the end of the third
 * week, day 20.
 */
import { purchaseRows, type Transactions } from "./purchase-rows.ts";
import type { PurchaseStatistics } from "./purchase-statistics.ts";
import { expectedPurchases, type Forecaster } from "./purchase-model.ts";

/** Expected repeats up to the end of each unit of time, 1 to `units`, of customers who came on `firstDay`. */
export function expectedCumulative(
  forecaster: Forecaster,
  firstDay: ArrayLike<number>,
  units: number,
  unitDays: number,
): Float64Array {
  const customersOn = new Map<number, number>();
  let start = Infinity;
  for (let i = 0; i < firstDay.length; i++) {
    const day = firstDay[i] as number;
    customersOn.set(day, (customersOn.get(day) ?? 0) + 1);
    start = Math.min(start, day);
  }
  const known = new Map<number, number>();
  const repeatsIn = (days: number) => {
    let repeats = known.get(days);
    if (repeats === undefined)
      known.set(days, (repeats = expectedPurchases(forecaster, 0, 0, 0, days / unitDays)));
    return repeats;
  };
  return Float64Array.from({ length: units }, (_, unit) => {
    let sum = 0;
    for (const [day, customers] of customersOn) {
      const days = (unit + 1) * unitDays - 1 - (day - start);
      if (days > 0) sum += customers * repeatsIn(days);
    }
    return sum;
  });
}

const NOT_HERE = 0x7fffffff;

/** Repeats of the statistics' customers up to the end of each unit of time, beyond the statistics' own end too. */
export function actualCumulative(
  transactions: Transactions,
  statistics: PurchaseStatistics,
  units: number,
): Float64Array {
  const { firstDay, unitDays } = statistics;
  const start = firstDay.reduce((earliest, day) => Math.min(earliest, day), Infinity);
  const lastDay = new Int32Array(transactions.customers).fill(NOT_HERE);
  statistics.customer.forEach((who, entry) => (lastDay[who] = firstDay[entry] as number));
  const repeats = new Float64Array(units);
  const rows = purchaseRows(transactions, -Infinity, start + units * unitDays - 1);
  for (let row = 0; row < rows.count; row++) {
    const who = rows.customer[row] as number;
    const day = rows.day[row] as number;
    if (lastDay[who] === NOT_HERE || day <= (lastDay[who] as number)) continue;
    const unit = Math.floor((day - start) / unitDays);
    lastDay[who] = day;
    repeats[unit] = (repeats[unit] as number) + 1;
  }
  for (let unit = 1; unit < units; unit++)
    repeats[unit] = (repeats[unit] as number) + (repeats[unit - 1] as number);
  return repeats;
}
