/**
 * How good a list of recommendations is, held against the order that came after it.
 *
 * Of one customer with the order T: recall@k = |list ∩ T| / |T|; hit rate@k = 1 if anything of it is in T; NDCG@k = Σ over hits at rank r of
 * 1 / log2(r + 1), divided by Σ for r = 1 .. |T| of the same (Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR
 * techniques", ACM TOIS 20, 2002, with the whole order as the ideal). Of all customers: the means. Recall of new items is over
 * customers whose T holds something they had not bought, and counts only that; of repeated items likewise, as in Li et al., "A next
 * basket recommendation reality check", ACM TOIS 41, 2023.
 */

export interface ListQuality {
  customers: number;
  recall: number;
  ndcg: number;
  hitRate: number;
  /** Over customers whose order holds something new, or something bought before; 0 where there are none. */
  newRecall: number;
  repeatRecall: number;
  /** Share of all products that appear in anybody's list. */
  coverage: number;
}

export interface QualityCount {
  add(list: ArrayLike<number>, order: ArrayLike<number>, isNew: (product: number) => boolean): void;
  close(): ListQuality;
}

export function countQuality(productCount: number): QualityCount {
  const inOrder = new Uint8Array(productCount);
  const named = new Uint8Array(productCount);
  const sums = {
    customers: 0,
    recall: 0,
    ndcg: 0,
    hits: 0,
    fresh: 0,
    freshRecall: 0,
    repeat: 0,
    repeatRecall: 0,
  };

  return {
    add(list, order, isNew) {
      if (order.length === 0) return;
      let ideal = 0;
      let newInOrder = 0;
      for (let i = 0; i < order.length; i++) {
        const product = order[i] as number;
        inOrder[product] = 1;
        ideal += 1 / Math.log2(i + 2);
        if (isNew(product)) newInOrder++;
      }
      let hits = 0;
      let newHits = 0;
      let gain = 0;
      for (let i = 0; i < list.length; i++) {
        const product = list[i] as number;
        named[product] = 1;
        if (inOrder[product] === 0) continue;
        hits++;
        gain += 1 / Math.log2(i + 2);
        if (isNew(product)) newHits++;
      }
      for (let i = 0; i < order.length; i++) inOrder[order[i] as number] = 0;

      const oldInOrder = order.length - newInOrder;
      sums.customers++;
      sums.recall += hits / order.length;
      sums.ndcg += gain / ideal;
      if (hits > 0) sums.hits++;
      if (newInOrder > 0) {
        sums.fresh++;
        sums.freshRecall += newHits / newInOrder;
      }
      if (oldInOrder > 0) {
        sums.repeat++;
        sums.repeatRecall += (hits - newHits) / oldInOrder;
      }
    },
    close() {
      const { customers } = sums;
      const mean = (sum: number, count: number) => (count === 0 ? 0 : sum / count);
      return {
        customers,
        recall: mean(sums.recall, customers),
        ndcg: mean(sums.ndcg, customers),
        hitRate: mean(sums.hits, customers),
        newRecall: mean(sums.freshRecall, sums.fresh),
        repeatRecall: mean(sums.repeatRecall, sums.repeat),
        coverage: mean(
          named.reduce((sum, one) => sum + one, 0),
          productCount,
        ),
      };
    },
  };
}
