/**
 * Which products the same customers buy: of every product its nearest others, by a cosine that is asymmetric and shrunk.
 *
 *     similarity(bought j → other i) = co / (n_i^A × n_j^B) × co / (co + SHRINK)
 *
 * where co counts the customers who bought both, and n_i and n_j those who bought each. A = B = 1/2 would be the cosine of item-based
 * collaborative filtering (Deshpande & Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22, 2004, section 4); A
 * below it lets what many buy be named a little sooner (the asymmetric cosine of Aiolli, "Efficient top-N recommendation for very
 * large scale binary rated datasets", RecSys 2013), and the last factor distrusts pairs of few customers, as Koren & Bell shrink
 * similarities in "Advances in collaborative filtering" (2011).
 *
 * Worked example: 30 customers bought both, 100 the one and 400 the other: 30 / (400^.4 × 100^.5) × 30 / 50 = .164.
 */
import type { BasketHistory } from "./basket-history.ts";
import { topScored } from "./top-scored.ts";

const OTHER_EXPONENT = 0.4;
const BOUGHT_EXPONENT = 0.5;
const SHRINK_CUSTOMERS = 20;
const NEIGHBOURS = 200;
/** Of a customer who bought more, such as a reseller, only the latest say what goes together: the work grows with their square. */
const MOST_PRODUCTS = 500;

export interface CoPurchases {
  /** Of product j: its nearest are those from first[j] to before first[j + 1] in `other`, in no sequence, and how near each is. */
  first: Int32Array;
  other: Int32Array;
  similarity: Float32Array;
}

export interface SimilarityOptions {
  otherExponent?: number;
  shrinkCustomers?: number;
  neighbours?: number;
}

/** Time: the sum over products of their buyers' products. Memory: `neighbours` × products × 8 bytes and the history once. */
export function coPurchases(history: BasketHistory, options: SimilarityOptions = {}): CoPurchases {
  const {
    otherExponent = OTHER_EXPONENT,
    shrinkCustomers = SHRINK_CUSTOMERS,
    neighbours = NEIGHBOURS,
  } = options;
  const { productCount } = history;
  const { firstOf, products } = distinctProducts(history);
  const { firstBuyer, buyers } = buyersOf(productCount, firstOf, products);
  const buyerCount = (p: number) => (firstBuyer[p + 1] as number) - (firstBuyer[p] as number);
  const otherWeight = Float64Array.from({ length: productCount }, (_, p) =>
    buyerCount(p) === 0 ? 0 : buyerCount(p) ** -otherExponent,
  );
  const ties = Float64Array.from({ length: productCount }, (_, p) => buyerCount(p));

  const first = new Int32Array(productCount + 1);
  let other = new Int32Array(1 << 16);
  let similarity = new Float32Array(1 << 16);
  let kept = 0;
  const score = new Float64Array(productCount);
  const met = new Int32Array(productCount);
  for (let j = 0; j < productCount; j++) {
    let metCount = 0;
    for (let at = firstBuyer[j] as number; at < (firstBuyer[j + 1] as number); at++) {
      const c = buyers[at] as number;
      for (let k = firstOf[c] as number; k < (firstOf[c + 1] as number); k++) {
        const i = products[k] as number;
        if (score[i] === 0) met[metCount++] = i;
        (score[i] as number)++;
      }
    }
    score[j] = 0;
    const boughtWeight = buyerCount(j) ** -BOUGHT_EXPONENT;
    const candidates = met.subarray(0, metCount);
    for (const i of candidates) {
      const co = score[i] as number;
      score[i] = ((co * co) / (co + shrinkCustomers)) * (otherWeight[i] as number) * boughtWeight;
    }
    const nearest =
      metCount <= neighbours
        ? candidates
        : topScored(candidates, score, ties, neighbours).map(({ product }) => product);
    while (kept + nearest.length > other.length) {
      other = grown(other, Int32Array);
      similarity = grown(similarity, Float32Array);
    }
    for (const i of nearest) {
      if (i === j) continue;
      other[kept] = i;
      similarity[kept++] = score[i] as number;
    }
    first[j + 1] = kept;
    for (const i of candidates) score[i] = 0;
  }
  return { first, other: other.slice(0, kept), similarity: similarity.slice(0, kept) };
}

function grown<T extends Int32Array | Float32Array>(values: T, Kind: new (length: number) => T): T {
  const larger = new Kind(values.length * 2);
  larger.set(values);
  return larger;
}

/** Each customer's products, once, the latest first. */
function distinctProducts(history: BasketHistory): { firstOf: Int32Array; products: Int32Array } {
  const { customerCount, productCount, firstOrder, firstLine, product } = history;
  const firstOf = new Int32Array(customerCount + 1);
  const products = new Int32Array(product.length);
  const seenBy = new Int32Array(productCount).fill(-1);
  let kept = 0;
  for (let c = 0; c < customerCount; c++) {
    const full = kept + MOST_PRODUCTS;
    const begin = firstLine[firstOrder[c] as number] as number;
    for (let at = (firstLine[firstOrder[c + 1] as number] as number) - 1; at >= begin && kept < full; at--) {
      const p = product[at] as number;
      if (seenBy[p] === c) continue;
      seenBy[p] = c;
      products[kept++] = p;
    }
    firstOf[c + 1] = kept;
  }
  return { firstOf, products: products.slice(0, kept) };
}

function buyersOf(
  productCount: number,
  firstOf: Int32Array,
  products: Int32Array,
): { firstBuyer: Int32Array; buyers: Int32Array } {
  const firstBuyer = new Int32Array(productCount + 1);
  for (const p of products) (firstBuyer[p + 1] as number)++;
  for (let p = 0; p < productCount; p++) {
    firstBuyer[p + 1] = (firstBuyer[p + 1] as number) + (firstBuyer[p] as number);
  }
  const next = firstBuyer.slice();
  const buyers = new Int32Array(products.length);
  for (let c = 0; c < firstOf.length - 1; c++) {
    for (let at = firstOf[c] as number; at < (firstOf[c + 1] as number); at++) {
      const p = products[at] as number;
      buyers[next[p] as number] = c;
      next[p] = (next[p] as number) + 1;
    }
  }
  return { firstBuyer, buyers };
}
