/** Picks the few best of many without sorting all of them. */

export interface Scored {
  product: number;
  score: number;
}

/**
 * The `size` candidates with the highest scores above zero, best first; of equal ones the better in `tie`, then the one with the lower
 * number comes first, so that the same data always give the same list. Time: candidates × log-like small, whatever `size`.
 */
export function topScored(
  candidates: ArrayLike<number>,
  scores: ArrayLike<number>,
  tie: ArrayLike<number>,
  size: number,
): Scored[] {
  const best: number[] = [];
  const isBetter = (a: number, b: number) =>
    (scores[a] as number) - (scores[b] as number) || (tie[a] as number) - (tie[b] as number) || b - a;
  for (let i = 0; i < candidates.length; i++) {
    const product = candidates[i] as number;
    if (!((scores[product] as number) > 0)) continue;
    if (best.length === size && isBetter(product, best[size - 1] as number) <= 0) continue;
    let place = best.length < size ? best.length : size - 1;
    while (place > 0 && isBetter(product, best[place - 1] as number) > 0) {
      best[place] = best[place - 1] as number;
      place--;
    }
    best[place] = product;
  }
  return best.map((product) => ({ product, score: scores[product] as number }));
}
