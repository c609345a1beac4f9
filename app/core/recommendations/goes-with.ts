/**
 * "Goes with": for each product what is bought in the same order more often than chance would have it.
 *
 * Two products are named for each other where at least LEAST_TOGETHER orders hold both and the lower end of the 95% interval of their lift
 * (lift.ts) is above 1; the surest come first. Being in one basket is what tells a complement from a substitute: who chooses between two kettles
 * buys one of them, or the other one next year. So what customers bought in different orders says nothing here, and of one type
 * only what is bought together all the same, such as two teas, is named.
 *
 * Worked example: of 1,000 orders 100 hold the teapot, 50 the strainer and 20 both: a lift of 4, surely above 2.9.
 */
import { liftOf } from "../metrics/lift.ts";
import { topScored } from "./top-scored.ts";

const LEAST_TOGETHER = 3;
const NEIGHBOURS = 24;
/** Larger orders, as resellers' are, would cost most of the work, which grows with the square, and say least. */
const MOST_IN_ORDER = 100;

/** Orders, whoever's, in the form of a basket history. */
export interface Baskets {
  productCount: number;
  firstLine: Int32Array;
  product: Int32Array;
}

export interface GoesWith {
  /** Of product j those from first[j] to before first[j + 1] in `other`, the surest first, with the lower end of the lift. */
  first: Int32Array;
  other: Int32Array;
  liftLow: Float32Array;
}

/** Time: the sum over orders of the square of their products. */
export function goesWith({ productCount, firstLine, product }: Baskets): GoesWith {
  const { first: firstOrder, orders, observations } = ordersOfProducts(productCount, firstLine, product);
  const count = (p: number) => (firstOrder[p + 1] as number) - (firstOrder[p] as number);
  const counts = Float64Array.from({ length: productCount }, (_, p) => count(p));
  const together = new Float64Array(productCount);
  const liftLow = new Float64Array(productCount);
  const met = new Int32Array(productCount);
  const first = new Int32Array(productCount + 1);
  const other: number[] = [];
  const low: number[] = [];
  for (let j = 0; j < productCount; j++) {
    let metCount = 0;
    for (let at = firstOrder[j] as number; at < (firstOrder[j + 1] as number); at++) {
      const o = orders[at] as number;
      for (let line = firstLine[o] as number; line < (firstLine[o + 1] as number); line++) {
        const i = product[line] as number;
        if (together[i] === 0) met[metCount++] = i;
        (together[i] as number)++;
      }
    }
    together[j] = 0;
    const candidates = met.subarray(0, metCount);
    for (const i of candidates) {
      const both = together[i] as number;
      together[i] = 0;
      if (both < LEAST_TOGETHER) continue;
      const surely = liftOf(both, count(j), count(i), observations).liftLow;
      liftLow[i] = surely > 1 ? surely : 0;
    }
    for (const one of topScored(candidates, liftLow, counts, NEIGHBOURS)) {
      other.push(one.product);
      low.push(one.score);
    }
    for (const i of candidates) liftLow[i] = 0;
    first[j + 1] = other.length;
  }
  return { first, other: Int32Array.from(other), liftLow: Float32Array.from(low) };
}

/** The orders that hold each product; those with too many products are left out. */
function ordersOfProducts(productCount: number, firstLine: Int32Array, product: Int32Array) {
  const first = new Int32Array(productCount + 1);
  let observations = 0;
  const eachOrder = (visit: (order: number, begin: number, end: number) => void) => {
    for (let o = 0; o < firstLine.length - 1; o++) {
      const begin = firstLine[o] as number;
      const end = firstLine[o + 1] as number;
      if (end > begin && end - begin <= MOST_IN_ORDER) visit(o, begin, end);
    }
  };
  eachOrder((_, begin, end) => {
    observations++;
    for (let line = begin; line < end; line++) (first[(product[line] as number) + 1] as number)++;
  });
  for (let p = 0; p < productCount; p++) first[p + 1] = (first[p + 1] as number) + (first[p] as number);
  const next = first.slice();
  const orders = new Int32Array(first[productCount] as number);
  eachOrder((o, begin, end) => {
    for (let line = begin; line < end; line++) {
      const p = product[line] as number;
      orders[next[p] as number] = o;
      next[p] = (next[p] as number) + 1;
    }
  });
  return { first, orders, observations };
}
