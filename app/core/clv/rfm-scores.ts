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
export function rfmScores(transactions: Transactions): RfmScores {
  const orders = ordersOf(transactions);
  const bought = customersWith(orders);
  return {
    customer: bought,
    recency: quintileScores(pick(lastDayOf(transactions), bought)),
    frequency: quintileScores(pick(orders, bought)),
    monetary: quintileScores(pick(spendOf(transactions), bought)),
  };
}

// A pass for each figure: customers come in any order, and one pass for all three waits for memory three times as long as these do together.

function ordersOf({ customer, customers }: Transactions): Int32Array {
  const orders = new Int32Array(customers);
  for (let i = 0; i < customer.length; i++) {
    const who = customer[i] as number;
    if (who >= 0) orders[who] = (orders[who] as number) + 1;
  }
  return orders;
}

function lastDayOf({ customer, day, customers }: Transactions): Int32Array {
  const lastDay = new Int32Array(customers).fill(-0x80000000);
  for (let i = 0; i < day.length; i++) {
    const who = customer[i] as number;
    if (who < 0) continue;
    const on = day[i] as number;
    if (on > (lastDay[who] as number)) lastDay[who] = on;
  }
  return lastDay;
}

function spendOf({ customer, amount, customers }: Transactions): Float64Array {
  const spend = new Float64Array(customers);
  if (!amount) return spend;
  for (let i = 0; i < amount.length; i++) {
    const who = customer[i] as number;
    if (who >= 0) spend[who] = (spend[who] as number) + (amount[i] as number);
  }
  return spend;
}

function customersWith(orders: Int32Array): Int32Array {
  const bought = new Int32Array(orders.length);
  let count = 0;
  for (let who = 0; who < orders.length; who++) if ((orders[who] as number) > 0) bought[count++] = who;
  return bought.slice(0, count);
}

function pick(column: Int32Array | Float64Array, places: Int32Array): Int32Array | Float64Array {
  if (places.length === column.length) return column;
  const picked = new (column instanceof Int32Array ? Int32Array : Float64Array)(places.length);
  for (let i = 0; i < places.length; i++) picked[i] = column[places[i] as number] as number;
  return picked;
}

export function quintileScores(values: Float64Array | Int32Array): Uint8Array {
  if (values.length === 0) return new Uint8Array(0);
  // Whole numbers close together are counted, which is quicker than selecting.
  const whole = values instanceof Int32Array ? closeNumbers(values) : closeWholeNumbers(values);
  return whole ? scoresByCounts(whole) : scoresBySelection(values);
}

/** Whole numbers, and the span that they lie in, which is not much wider than there are values. */
interface CloseNumbers {
  numbers: Int32Array;
  low: number;
  high: number;
}

const isClose = (low: number, high: number, count: number) => high - low < Math.max(1 << 16, count);

function closeNumbers(numbers: Int32Array): CloseNumbers | null {
  let low = numbers[0] as number;
  let high = low;
  for (let i = 1; i < numbers.length; i++) {
    const value = numbers[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return isClose(low, high, numbers.length) ? { numbers, low, high } : null;
}

function closeWholeNumbers(values: Float64Array): CloseNumbers | null {
  const numbers = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const number = value | 0;
    if (number !== value) return null;
    numbers[i] = number;
  }
  return closeNumbers(numbers);
}

function scoresByCounts({ numbers, low, high }: CloseNumbers): Uint8Array {
  const count = numbers.length;
  const counts = new Int32Array(high - low + 1);
  for (let i = 0; i < count; i++) {
    const place = (numbers[i] as number) - low;
    counts[place] = (counts[place] as number) + 1;
  }
  const scoreAt = new Uint8Array(counts.length);
  let [upTo, score] = [0, 1];
  for (let place = 0; place < counts.length; place++) {
    scoreAt[place] = score;
    upTo += counts[place] as number;
    while (score < 5 && upTo >= Math.ceil((score * count) / 5)) score++;
  }
  const scores = new Uint8Array(count);
  for (let i = 0; i < count; i++) scores[i] = scoreAt[(numbers[i] as number) - low] as number;
  return scores;
}

function scoresBySelection(values: Float64Array | Int32Array): Uint8Array {
  const [q1 = NaN, q2 = NaN, q3 = NaN, q4 = NaN] = quintilesBySelection(values);
  const scores = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    scores[i] = value > q2 ? (value > q3 ? (value > q4 ? 5 : 4) : 3) : value > q1 ? 2 : 1;
  }
  return scores;
}

/** In a copy, each in what the one before left above it: sorting would take several times as long. */
function quintilesBySelection(values: Float64Array | Int32Array): number[] {
  const left = new Float64Array(values);
  let from = 0;
  return [1, 2, 3, 4].map((fifth) => {
    const place = Math.ceil((fifth * left.length) / 5) - 1;
    selectPlace(left, place, from);
    from = place;
    return left[place] as number;
  });
}

/** Below so many values a sample of them costs more than it saves. */
const WORTH_SAMPLING = 600;

/**
 * Puts the value of this place there, smaller ones before and larger ones after it. Of many values a sample's value at about that place
 * parts the others, so that few are looked at twice (Floyd and Rivest, Algorithm 489, Communications of the ACM 18 (1975), 173).
 */
export function selectPlace(values: Float64Array, place: number, from: number, to = values.length - 1): void {
  let [low, high] = [from, to];
  while (low < high) {
    if (high - low > WORTH_SAMPLING) {
      const [count, rank] = [high - low + 1, place - low + 1];
      const size = 0.5 * Math.exp((2 * Math.log(count)) / 3);
      const spread = 0.5 * Math.sqrt((Math.log(count) * size * (count - size)) / count);
      const shift = rank < count / 2 ? -spread : spread;
      const first = Math.max(low, Math.floor(place - (rank * size) / count + shift));
      const last = Math.min(high, Math.floor(place + ((count - rank) * size) / count + shift));
      selectPlace(values, place, first, last);
    }
    const pivot = values[place] as number;
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
