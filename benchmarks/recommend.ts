/**
 * How long a shop's recommendations take to build, and then a list per customer, on one core with everything in memory. The floor, in the
 * same run, is one pass over the same lines that counts each product's orders.
 *
 * The shop is made up: products are bought by a power law, customers have favourites, which they buy again, and a taste, a group of
 * products out of which they buy. `npm run bench -- recommend [--orders 1000000] [--products 20000] [--customers 400000]`
 */
import { parseArgs } from "node:util";
import { countOrders } from "../app/core/metrics/counted-orders.ts";
import { buildLineColumns, lineRows } from "../app/core/metrics/line-columns.ts";
import {
  addOrderRow,
  buildOrderColumns,
  ORDER_FIELDS,
  orderRows,
  refundRows,
  type ShopFacts,
} from "../app/core/metrics/order-columns.ts";
import { addRow } from "../app/core/metrics/row-buffer.ts";
import { basketHistory, orderCounts, type OrderLines } from "../app/core/recommendations/basket-history.ts";
import { buyAgain } from "../app/core/recommendations/buy-again.ts";
import { coPurchases } from "../app/core/recommendations/co-purchases.ts";
import { forYou } from "../app/core/recommendations/for-you.ts";
import { productFacts, type ProductFact } from "../app/core/recommendations/product-facts.ts";
import { recommender } from "../app/core/recommendations/recommend.ts";
import { learnTaste } from "../app/core/recommendations/shop-taste.ts";
import { USUAL_SWITCHES } from "../app/core/recommendations/switches.ts";
import { rebuyRates } from "../app/core/recommendations/rebuy-rates.ts";
import { randomNumbers } from "./random-numbers.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    orders: { type: "string", default: "1000000" },
    products: { type: "string", default: "20000" },
    customers: { type: "string", default: "400000" },
  },
});
const orderCount = Number(options.orders);
const productCount = Number(options.products);
const customerCount = Number(options.customers);

const TASTES = 200;
const LIST = 20;
const SAMPLED_CUSTOMERS = 10_000;
const LAST_DAY = 20_000;
const ORDERS_A_DAY = 1_000;
const FACTS: ShopFacts = {
  ...{ shopId: 1, currency: "EUR", timeZone: "UTC", flatMarginBasisPoints: null },
  ...{ installGeneration: 1, dataVersion: 1, readAt: 0, syncComplete: true },
  ...{ readableFromDay: null, unreadableOrders: 0 },
};

function madeUpLines(): OrderLines {
  const random = randomNumbers(11);
  const orderCustomer = new Int32Array(orderCount);
  const orderAt = new Float64Array(orderCount);
  const lineOrder: number[] = [];
  const lineProduct: number[] = [];
  const favourite = new Int32Array(customerCount).fill(-1);
  /** The first products of a taste are bought most: density falls as a power. */
  const drawn = (taste: number) => {
    const place = Math.floor((productCount / TASTES) * random() ** 3);
    return (taste + place * TASTES) % productCount;
  };
  for (let order = 0; order < orderCount; order++) {
    // A few customers order often, most once or twice.
    const customer = Math.floor(customerCount * random() ** 2);
    orderCustomer[order] = customer;
    orderAt[order] = order;
    const lines = 1 + Math.floor(4 * random() ** 2);
    for (let line = 0; line < lines; line++) {
      const known = favourite[customer] as number;
      const product =
        known >= 0 && random() < 0.3
          ? known
          : drawn(random() < 0.7 ? customer % TASTES : Math.floor(TASTES * random()));
      if (known < 0 || random() < 0.1) favourite[customer] = product;
      lineOrder.push(order);
      lineProduct.push(product);
    }
  }
  return { customerCount, productCount, orderCustomer, orderAt, lineOrder, lineProduct };
}

/** Customers and products have their numbers as ids, from 1 on; so many orders a day. */
function shopColumns({ orderCustomer, orderAt, lineOrder, lineProduct }: OrderLines) {
  const orders = orderRows(orderCount);
  const days = orderCount / ORDERS_A_DAY;
  for (let order = 0; order < orderCount; order++) {
    const at = LAST_DAY - days + (orderAt[order] as number) / ORDERS_A_DAY;
    const row: (number | null)[] = ORDER_FIELDS.map(() => 0);
    row[ORDER_FIELDS.indexOf("id")] = order + 1;
    row[ORDER_FIELDS.indexOf("placedAt")] = Math.round(at * 86_400_000);
    row[ORDER_FIELDS.indexOf("day")] = Math.floor(at);
    row[ORDER_FIELDS.indexOf("customerId")] = (orderCustomer[order] as number) + 1;
    row[ORDER_FIELDS.indexOf("firstSource")] = null;
    addOrderRow(orders, row);
  }
  const rows = lineRows(lineOrder.length);
  for (let line = 0; line < lineOrder.length; line++) {
    addRow(rows, [(lineOrder[line] as number) + 1, (lineProduct[line] as number) + 1, 1, 1_000, 0]);
  }
  const columns = buildOrderColumns(FACTS, orders, refundRows(), []);
  return { columns, columnLines: buildLineColumns(columns, rows) };
}

function factOf(product: number): ProductFact {
  return {
    ...{ productId: product + 1, productType: `Type ${product % 60}`, vendor: `Vendor ${product % 40}` },
    ...{ status: "active", isGiftCard: false, margin: null },
    // A twentieth is new.
    publishedAt: (LAST_DAY - (product % 20 === 0 ? 30 : 900)) * 86_400_000,
  };
}

const results: Result[] = [];
const digits = (number: number) => Number(number.toPrecision(4));

function note(name: string, value: number, unit: string, floor: number | null): void {
  const ratio = floor === null ? null : digits(value / floor);
  results.push({
    case: name,
    value: digits(value),
    unit,
    floor: floor === null ? null : digits(floor),
    ratio,
  });
  console.log(
    `${name}: ${digits(value)} ${unit}${floor === null ? "" : `, ${ratio} times the floor of ${digits(floor)}`}`,
  );
}

/** Seconds, the best of three, and what came out. */
function timed<T>(work: () => T): { seconds: number; made: T } {
  let seconds = Infinity;
  let made = work();
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    made = work();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, made };
}

const lines = madeUpLines();
const sorting = timed(() => basketHistory(lines));
const history = sorting.made;
const floor = timed(() => orderCounts(history));
const popularity = floor.made;
console.log(
  `${orderCount} orders, ${history.product.length} lines, ${productCount} products, ${customerCount} customers; one pass ${digits(floor.seconds)} s`,
);
note("sorting lines by customer and time", sorting.seconds, "s", floor.seconds);
const rates = timed(() => rebuyRates(history));
note("rates of buying again", rates.seconds, "s", floor.seconds);

const linesBytes = history.product.byteLength + history.firstLine.byteLength + history.firstOrder.byteLength;
const near = timed(() => coPurchases(history));
const { first, other, similarity } = near.made;
note("co-purchases", near.seconds, "s", floor.seconds);
note("all of the build", sorting.seconds + rates.seconds + near.seconds, "s", floor.seconds);
note(
  "what is kept",
  (first.byteLength + other.byteLength + similarity.byteLength) / 2 ** 20,
  "MiB",
  linesBytes / 2 ** 20,
);
note("peak of the whole process", process.resourceUsage().maxRSS / 1024, "MiB", null);

const step = Math.max(1, Math.floor(customerCount / SAMPLED_CUSTOMERS));
const again = buyAgain(history, rates.made, popularity);
const suggestions = forYou(history, near.made, popularity);
let named = 0;
for (const [name, listOf] of [
  ["buy again", (customer: number) => again.bought(customer, LIST).length],
  ["for you", (customer: number) => suggestions.suggest(customer, LIST).length],
] as const) {
  const { seconds } = timed(() => {
    for (let customer = 0; customer < customerCount; customer += step) named += listOf(customer);
  });
  note(`${name}, a customer's list`, (seconds / Math.ceil(customerCount / step)) * 1e6, "µs", null);
}
if (named === 0) throw new Error("no list names anything");

// As the app does it: from a shop's order columns, with everything that pages and storefront ask for.
const { columns, columnLines } = shopColumns(lines);
const counted = countOrders(columns);
const learnt = timed(() => learnTaste(columns, counted, columnLines));
note("all that is learnt, from the shop's columns", learnt.seconds, "s", floor.seconds);
const told = {
  facts: productFacts(Array.from({ length: productCount }, (_, p) => factOf(p))),
  switches: USUAL_SWITCHES,
  experiment: { key: "none", share: 0 },
  today: LAST_DAY,
  now: LAST_DAY * 86_400_000,
};
const listsOf = (customerIds: readonly number[]) =>
  recommender(columns, counted, columnLines, learnt.made, told).lists(customerIds);
const some = Array.from({ length: 500 }, (_, at) => 1 + at * Math.floor(customerCount / 500));
note(
  "after an order, its customer's three lists",
  timed(() => listsOf(some.slice(0, 1))).seconds * 1e3,
  "ms",
  null,
);
note("of 500 customers at once, each", (timed(() => listsOf(some)).seconds / some.length) * 1e3, "ms", null);
const others = learnt.made.productIds;
note(
  "what goes with every product",
  timed(() => recommender(columns, counted, columnLines, learnt.made, told).goesWith([...others])).seconds,
  "s",
  null,
);

console.log(JSON.stringify({ name: "recommend", results }));
