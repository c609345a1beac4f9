/**
 * Finds what was made within a time without looking at everything, because a history is counted and fetched in hundreds of such
 * windows. Only a shop that stands still is worth sorting: the order is kept from the second question on.
 */
import type { ShopState } from "../../state/model.ts";

interface Dated {
  createdAt: number;
}

interface Kept {
  revision: number;
  sorted: readonly Dated[] | null;
}

const keptOf = new WeakMap<object, Kept>();

/** What was made in `from <= createdAt < until`, with no promise of what lies outside; whole seconds, as Shopify searches. */
export function madeWithin<T extends Dated>(
  shop: ShopState,
  items: ReadonlyMap<number, T>,
  { from, until }: { from: number; until: number },
): Iterable<T> {
  const kept = keptOf.get(items);
  if (kept?.revision !== shop.revision) {
    keptOf.set(items, { revision: shop.revision, sorted: null });
    return items.values();
  }
  kept.sorted ??= [...items.values()].sort((a, b) => a.createdAt - b.createdAt);
  const sorted = kept.sorted as readonly T[];
  return sorted.slice(firstFrom(sorted, from), firstFrom(sorted, until + 1_000));
}

function firstFrom(sorted: readonly Dated[], time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.createdAt ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
