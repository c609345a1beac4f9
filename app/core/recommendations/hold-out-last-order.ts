/**
 * Every list held against what customers then bought: each customer's last order is taken out, the lists are made from the rest alone,
 * popularity included, and each is measured by list-quality.ts. Customers of one order have nothing to be judged by and are left out;
 * their order takes no part either.
 */
import { lastOrder, orderCounts, withoutLastOrders, type BasketHistory } from "./basket-history.ts";
import { buyAgain } from "./buy-again.ts";
import { coPurchases } from "./co-purchases.ts";
import { forYou } from "./for-you.ts";
import { countQuality, type ListQuality } from "./list-quality.ts";
import { rebuyRates } from "./rebuy-rates.ts";
import { topScored, type Scored } from "./top-scored.ts";

/**
 * `buy-again` with popular products in between; `for-you` only what is new to the customer; `popular`, `personal-frequency` (how
 * often bought, ties by popularity) and `item-knn` (plain cosine) are what others do.
 */
const LISTS = ["buy-again", "for-you", "popular", "personal-frequency", "item-knn"] as const;
export type ListName = (typeof LISTS)[number];

type ListOf = (customer: number, bought: Int32Array) => Scored[];

/** `size`: how long the lists are, 10 in the literature. A list that is not asked for costs nothing. */
export function holdOutLastOrder(
  whole: BasketHistory,
  asked: readonly ListName[] = LISTS,
  size = 10,
): Map<ListName, ListQuality> {
  const history = withoutLastOrders(whole);
  const { customerCount, productCount, firstOrder, firstLine, product } = history;
  const popularity = orderCounts(history);
  const times = new Float64Array(productCount);
  const make: Record<ListName, () => ListOf> = {
    "buy-again": () => {
      const again = buyAgain(history, rebuyRates(history), popularity);
      return (customer) => again.withPopular(customer, size);
    },
    "for-you": () => {
      const suggestions = forYou(history, coPurchases(history), popularity);
      return (customer) => suggestions.suggest(customer, size);
    },
    popular: () => {
      const popular = topScored([...popularity.keys()], popularity, popularity, size);
      return () => popular;
    },
    "personal-frequency": () => (_, bought) => topScored([...new Set(bought)], times, popularity, size),
    "item-knn": () => {
      const cosine = { otherExponent: 0.5, shrinkCustomers: 0, neighbours: productCount };
      const nearest = forYou(history, coPurchases(history, cosine), popularity, { once: true });
      return (customer) => nearest.suggestAny(customer, size);
    },
  };
  const lists = asked.map((name) => ({ name, listOf: make[name](), count: countQuality(productCount) }));
  for (let customer = 0; customer < customerCount; customer++) {
    const bought = product.subarray(
      firstLine[firstOrder[customer] as number],
      firstLine[firstOrder[customer + 1] as number],
    );
    if (bought.length === 0) continue;
    for (const p of bought) times[p] = (times[p] as number) + 1;
    const order = lastOrder(whole, customer);
    for (const { listOf, count } of lists) {
      const list = listOf(customer, bought).map((one) => one.product);
      count.add(list, order, (p) => times[p] === 0);
    }
    for (const p of bought) times[p] = 0;
  }
  return new Map(lists.map(({ name, count }) => [name, count.close()]));
}
