/**
 * Recency, frequency and monetary value in fifths: 5 for the fifth of customers who bought last, most often, for the most, 1 for the other end (Hughes,
 * Strategic Database Marketing, 1994).
 *
 * A value's score is 1 + the number of the quintiles q_1 to q_4 that it exceeds, q_k being the ceil(k n / 5)-th smallest value. Equal values so
 * share a score, and where most customers have bought once, most have 1 in frequency.
 *
 * Worked example: 1, 1, 1, 2, 9 has q = 1, 1, 1, 2 and scores 1, 1, 1, 4, 5.
 */
import type { Transactions } from "./purchase-rows.ts";

export interface RfmScores {
  /** The transactions' number of each customer with one. */
  customer: Int32Array;
  recency: Uint8Array;
  frequency: Uint8Array;
  monetary: Uint8Array;
}

/** Recency by the day of the last order, frequency by the number of orders, monetary by all that was spent. */
export function rfmScores({ customer, day, amount, customers }: Transactions): RfmScores {
  const lastDay = new Int32Array(customers).fill(-0x80000000);
  const orders = new Int32Array(customers);
  const spend = new Float64Array(customers);
  for (let i = 0; i < day.length; i++) {
    const who = customer[i] as number;
    if (who < 0) continue;
    const on = day[i] as number;
    if (on > (lastDay[who] as number)) lastDay[who] = on;
    orders[who] = (orders[who] as number) + 1;
    if (amount) spend[who] = (spend[who] as number) + (amount[i] as number);
  }
  const bought = customersWith(orders);
  const pick = (column: Int32Array | Float64Array) => {
    const picked = new Float64Array(bought.length);
    for (let i = 0; i < bought.length; i++) picked[i] = column[bought[i] as number] as number;
    return picked;
  };
  return {
    customer: bought,
    recency: quintileScores(pick(lastDay)),
    frequency: quintileScores(pick(orders)),
    monetary: quintileScores(pick(spend)),
  };
}

function customersWith(orders: Int32Array): Int32Array {
  const bought = new Int32Array(orders.length);
  let count = 0;
  for (let who = 0; who < orders.length; who++) if ((orders[who] as number) > 0) bought[count++] = who;
  return bought.slice(0, count);
}

export function quintileScores(values: Float64Array): Uint8Array {
  const scores = new Uint8Array(values.length);
  if (values.length === 0) return scores;
  const [q1 = NaN, q2 = NaN, q3 = NaN, q4 = NaN] = quintilesOf(values);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    scores[i] = 1 + Number(value > q1) + Number(value > q2) + Number(value > q3) + Number(value > q4);
  }
  return scores;
}

const FIFTHS = [1, 2, 3, 4] as const;
/** So many different whole numbers are counted, which is quicker than selecting. */
const MOST_COUNTED = 1 << 16;

function quintilesOf(values: Float64Array): number[] {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value !== Math.floor(value)) whole = false;
  }
  return whole && high - low < MOST_COUNTED
    ? quintilesByCounts(values, low, high)
    : quintilesBySelection(values);
}

function quintilesByCounts(values: Float64Array, low: number, high: number): number[] {
  const counts = new Int32Array(high - low + 1);
  for (let i = 0; i < values.length; i++) {
    const place = (values[i] as number) - low;
    counts[place] = (counts[place] as number) + 1;
  }
  let [place, upTo] = [0, counts[0] as number];
  return FIFTHS.map((fifth) => {
    while (upTo < Math.ceil((fifth * values.length) / 5)) upTo += counts[++place] as number;
    return low + place;
  });
}

/** In a copy, each in what the one before left above it: sorting would take several times as long. */
function quintilesBySelection(values: Float64Array): number[] {
  const left = Float64Array.from(values);
  let from = 0;
  return FIFTHS.map((fifth) => {
    const place = Math.ceil((fifth * left.length) / 5) - 1;
    selectPlace(left, place, from);
    from = place;
    return left[place] as number;
  });
}

/** Puts the value of this place there, smaller ones before and larger ones after it (Hoare, Communications of the ACM 4 (1961), 321-322). */
export function selectPlace(values: Float64Array, place: number, from: number): void {
  let [low, high] = [from, values.length - 1];
  while (low < high) {
    const pivot = values[low + ((high - low) >> 1)] as number;
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return;
  }
}
