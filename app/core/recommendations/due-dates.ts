/**
 * When somebody who buys a product again and again needs it next.
 *
 * The days from one order with the product to the same customer's next one are taken as log-normal around the product's own habit, in which the
 * customer's own gaps are further observations: with n gaps of the customer and the product's mean log gap μ held as firmly as OWN_PRIOR gaps,
 *
 *     interval = exp((OWN_PRIOR × μ + Σ log gap) / (OWN_PRIOR + n))
 *
 * (the posterior mean of a normal with a conjugate prior, Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.5). It is due from
 * DUE_FROM times the interval after the last order with it until DUE_UNTIL of it: later, they have found it elsewhere or gone without. Only
 * consumables are ever due: products of at least LEAST_GAPS gaps, whose buyers surely (Wilson, 95%) buy again in LEAST_AGAIN of cases or more.
 *
 * Worked example: a tea is bought every 40 days, by a customer so far after 20 and 20: exp((2 log 40 + 2 log 20) / 4) = 28.3 days.
 */
import { wilsonInterval } from "../metrics/wilson.ts";

const OWN_PRIOR = 2;
const LEAST_GAPS = 20;
const LEAST_AGAIN = 0.15;
const DUE_FROM = 1;
const DUE_UNTIL = 4;

/** Orders by customer, oldest first, with the day of each. */
interface DatedHistory {
  customerCount: number;
  productCount: number;
  firstOrder: Int32Array;
  firstLine: Int32Array;
  product: Int32Array;
  orderDay: Int32Array;
}

/** Of each product the mean of the logarithms of its gaps in days; NaN where it is no consumable. */
export function usualGaps(history: DatedHistory): Float64Array {
  const { customerCount, productCount, firstOrder, firstLine, product, orderDay } = history;
  const sum = new Float64Array(productCount);
  const gaps = new Int32Array(productCount);
  const buyers = new Int32Array(productCount);
  const again = new Int32Array(productCount);
  const buyer = new Int32Array(productCount).fill(-1);
  const isAgain = new Int32Array(productCount).fill(-1);
  const lastDay = new Int32Array(productCount);
  for (let c = 0; c < customerCount; c++) {
    for (let o = firstOrder[c] as number; o < (firstOrder[c + 1] as number); o++) {
      const day = orderDay[o] as number;
      for (let at = firstLine[o] as number; at < (firstLine[o + 1] as number); at++) {
        const p = product[at] as number;
        if (buyer[p] !== c) {
          buyer[p] = c;
          (buyers[p] as number)++;
        } else if (day > (lastDay[p] as number)) {
          sum[p] = (sum[p] as number) + Math.log(day - (lastDay[p] as number));
          (gaps[p] as number)++;
          if (isAgain[p] !== c) {
            isAgain[p] = c;
            (again[p] as number)++;
          }
        }
        lastDay[p] = day;
      }
    }
  }
  return sum.map((total, p) => {
    const count = gaps[p] as number;
    if (count < LEAST_GAPS) return NaN;
    return wilsonInterval(again[p] as number, buyers[p] as number).low < LEAST_AGAIN ? NaN : total / count;
  });
}

/** `days`: on which the customer bought it, ascending. `null`: never due. */
export function usualInterval(usualGap: number, days: readonly number[]): number | null {
  if (Number.isNaN(usualGap)) return null;
  let sum = OWN_PRIOR * usualGap;
  let count = OWN_PRIOR;
  for (let i = 1; i < days.length; i++) {
    const gap = (days[i] as number) - (days[i - 1] as number);
    if (gap === 0) continue;
    sum += Math.log(gap);
    count++;
  }
  return Math.exp(sum / count);
}

export function isDue(interval: number, lastDay: number, today: number): boolean {
  const passed = (today - lastDay) / interval;
  return passed >= DUE_FROM && passed <= DUE_UNTIL;
}
