import { describe, expect, test } from "vitest";
import { basketHistory, lastOrder, orderCounts, withoutLastOrders } from "./basket-history.ts";
import { buyAgain } from "./buy-again.ts";
import { coPurchases } from "./co-purchases.ts";
import { forYou } from "./for-you.ts";
import { countQuality } from "./list-quality.ts";
import { rebuyRates } from "./rebuy-rates.ts";
import { topScored } from "./top-scored.ts";

/** Orders as [customer, when, products]. */
function historyOf(orders: readonly [customer: number, at: number, products: readonly number[]][]) {
  const count = (numbers: readonly number[]) => Math.max(-1, ...numbers) + 1;
  return basketHistory({
    customerCount: count(orders.map(([customer]) => customer)),
    productCount: count(orders.flatMap(([, , products]) => products)),
    orderCustomer: orders.map(([customer]) => customer),
    orderAt: orders.map(([, at]) => at),
    lineOrder: orders.flatMap(([, , products], order) => products.map(() => order)),
    lineProduct: orders.flatMap(([, , products]) => products),
  });
}

/** Each customer's orders as lists of products. */
function ordersOf({ customerCount, firstOrder, firstLine, product }: ReturnType<typeof historyOf>) {
  return Array.from({ length: customerCount }, (_, c) =>
    Array.from({ length: (firstOrder[c + 1] ?? 0) - (firstOrder[c] ?? 0) }, (_, n) => {
      const order = (firstOrder[c] ?? 0) + n;
      return [...product.subarray(firstLine[order], firstLine[order + 1])];
    }),
  );
}

describe("the history of orders", () => {
  const history = historyOf([
    [1, 5, [2, 2, 0]],
    [0, 9, [1]],
    [1, 3, [1]],
    [0, 9, [3, 1]],
    [0, 2, [0]],
  ]);

  test("stands by customer and time, a product once per order, equal times as given", () => {
    expect(ordersOf(history)).toEqual([
      [[0], [1], [3, 1]],
      [[1], [2, 0]],
    ]);
    expect([...orderCounts(history)]).toEqual([2, 3, 1, 1]);
  });

  test("loses each customer's last order, which is what a list is held against", () => {
    expect(ordersOf(withoutLastOrders(history))).toEqual([[[0], [1]], [[1]]]);
    expect([...lastOrder(history, 0)]).toEqual([3, 1]);
    expect([...lastOrder(withoutLastOrders(withoutLastOrders(history)), 1)]).toEqual([]);
  });
});

test("the best of many are those that sorting would put first", () => {
  const scores = Float64Array.from({ length: 200 }, (_, i) => (i * 7919) % 23);
  const ties = Float64Array.from({ length: 200 }, (_, i) => (i * 104_729) % 5);
  const all = [...scores.keys()];
  const sorted = all
    .filter((i) => (scores[i] ?? 0) > 0)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ties[b] ?? 0) - (ties[a] ?? 0) || a - b);
  for (const size of [1, 10, 500]) {
    const top = topScored(all, scores, ties, size);
    expect(top.map(({ product }) => product)).toEqual(sorted.slice(0, size));
  }
});

test("the rate at which a product is bought again leans on the shop's: the worked example", () => {
  const rates = rebuyRates(
    historyOf([
      [0, 1, [0]],
      [0, 2, [0]],
      [0, 3, []],
      [1, 1, [0]],
      [1, 2, []],
      [1, 3, []],
    ]),
  );
  expect(rates.again[0]).toBeCloseTo((1 + 100 * 0.3) / 104, 12);
  expect(rates.first[0]).toBeCloseTo(2 / 6, 12);
});

describe("buy again", () => {
  const rates = { again: Float64Array.of(0.1, 0.1, 0.1), first: Float64Array.of(0, 0, 0.5), usual: 0.1 };
  const history = historyOf([
    [0, 1, [0, 1]],
    [0, 2, [1]],
    [0, 3, []],
    [0, 4, [0]],
    [1, 1, [2]],
  ]);
  const lists = buyAgain(history, rates, [0, 0, 0]);

  test("weighs later orders by their age: the worked example", () => {
    const [first, second, ...others] = lists.bought(0, 10);
    expect(first).toMatchObject({ product: 0 });
    expect(first?.score).toBeCloseTo((0.8 + 1) / 10.71, 12);
    expect(second).toMatchObject({ product: 1 });
    expect(second?.score).toBeCloseTo((0.8 + 0.81) / 10.71, 12);
    expect(others).toEqual([]);
  });

  test("names what is popular only if asked, and forgets one customer before the next", () => {
    expect(lists.withPopular(0, 2).map(({ product }) => product)).toEqual([2, 0]);
    expect(lists.bought(1, 10)).toEqual([{ product: 2, score: 0.1 }]);
    expect(lists.bought(0, 1).map(({ product }) => product)).toEqual([0]);
  });
});

describe("for you", () => {
  /** Of 30 customers with both products, 70 with the first alone and 370 with the second alone. */
  const many = historyOf([
    ...Array.from({ length: 30 }, (_, c) => [c, 1, [0, 1]] as [number, number, number[]]),
    ...Array.from({ length: 70 }, (_, c) => [30 + c, 1, [0]] as [number, number, number[]]),
    ...Array.from({ length: 370 }, (_, c) => [100 + c, 1, [1]] as [number, number, number[]]),
  ]);

  test("what is near is shrunk and asymmetric: the worked example", () => {
    const { first, other, similarity } = coPurchases(many);
    expect([...other.subarray(first[0], first[1])]).toEqual([1]);
    expect(similarity[0]).toBeCloseTo((30 / (400 ** 0.4 * 100 ** 0.5)) * (30 / 50), 6);
  });

  test("names what is new, with the purchase that speaks for it", () => {
    const history = historyOf([
      [0, 1, [0, 1]],
      [1, 1, [0, 1]],
      [2, 1, [2, 3]],
      [3, 1, [2, 3]],
      [3, 2, [4]],
      [4, 1, [2]],
      [4, 2, [0]],
    ]);
    const lists = forYou(history, coPurchases(history), orderCounts(history));
    const suggested = lists.suggest(4, 10);
    // The newest order says more: its neighbour comes first.
    expect(suggested.map(({ product, because }) => [product, because])).toEqual([
      [1, 0],
      [3, 2],
      [4, 2],
    ]);
    expect(lists.suggest(2, 10).map(({ product }) => product)).not.toContain(3);
    expect(lists.suggestAny(2, 10).map(({ product }) => product)).toContain(3);
  });

  test("as many neighbours as are asked for, the nearest", () => {
    const history = historyOf([
      [0, 1, [0, 1, 2, 3]],
      [1, 1, [0, 1, 2]],
      [2, 1, [0, 1]],
      [3, 1, [3]],
      [4, 1, [2]],
    ]);
    const { first, other } = coPurchases(history, { neighbours: 2 });
    expect([...other.subarray(first[0], first[1])].sort()).toEqual([1, 2]);
  });
});

test("quality counted by hand: two hits of four, one of them new", () => {
  const count = countQuality(10);
  count.add([5, 1, 7], [1, 2, 7, 3], (product) => product === 7 || product === 3);
  count.add([5], [6], () => false);
  const ideal = 1 + 1 / Math.log2(3) + 1 / 2 + 1 / Math.log2(5);
  const quality = count.close();
  expect(quality).toMatchObject({ customers: 2, recall: 0.25, hitRate: 0.5, newRecall: 0.5, coverage: 0.3 });
  expect(quality.ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / 2) / ideal / 2, 12);
  expect(quality.repeatRecall).toBeCloseTo((1 / 2 + 0) / 2, 12);
});
