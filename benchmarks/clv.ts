/**
 * How long the models of purchasing take on one core, arrays in memory. Beside each figure stands the floor of the same run: one pass of likelihood and
 * gradient over the same groups for a fit, one plain pass over the same arrays for everything else; and how a Python peer (lifetimes, pandas) did on
 * a machine of the same kind. `npm run bench -- clv [--largest 1000000] [--transactions 5000000]`
 */
import { parseArgs } from "node:util";
import { fitPurchases } from "../app/core/clv/fit-purchases.ts";
import {
  discountedPurchases,
  discountPerUnit,
  forecastPurchases,
  probabilitiesAlive,
} from "../app/core/clv/forecast-customers.ts";
import { groupHistories } from "../app/core/clv/histories.ts";
import { bgNbd } from "../app/core/clv/models/bg-nbd.ts";
import {
  drawSpend,
  expectedSpend,
  fitSpending,
  gammaGammaObjective,
  repeatSpending,
} from "../app/core/clv/models/gamma-gamma.ts";
import { paretoNbd } from "../app/core/clv/models/pareto-nbd.ts";
import { seededRandom } from "../app/core/clv/numerics/random.ts";
import type { PurchaseModel } from "../app/core/clv/purchase-model.ts";
import { purchaseStatistics, type Transactions } from "../app/core/clv/purchase-statistics.ts";
import { rfmScores } from "../app/core/clv/rfm-scores.ts";
import { cohortsOf } from "../app/core/metrics/cohorts.ts";
import { countOrders } from "../app/core/metrics/counted-orders.ts";
import type { OrderColumns } from "../app/core/metrics/order-columns.ts";
import { SAMPLE_FACTS } from "../tests/support/order-columns.ts";
import { simulatedHistories, type SimulatedHistories } from "../tests/support/simulated-histories.ts";
import { randomNumbers } from "./random-numbers.ts";
import type { Result } from "./result.ts";

const { values: options } = parseArgs({
  options: {
    largest: { type: "string", default: "1000000" },
    transactions: { type: "string", default: "5000000" },
  },
});
/** The size of the CDNOW sample, and the two that the peer was run with. */
const SIZES = [2357, 100_000, Number(options.largest)];
const TRANSACTIONS = [1_000_000, Number(options.transactions)];

const BG = [0.243, 4.414, 0.793, 2.426];
const PARETO = [0.553, 10.578, 0.606, 11.669];
const SPEND = { p: 6.25, q: 3.74, gamma: 15.44 };
/** Seconds of the peer, by size. */
const PEER: Record<string, Record<number, number>> = {
  "BG/NBD fit": { 2357: 0.055, 100_000: 1.24, 1_000_000: 10.7 },
  "Pareto/NBD fit": { 2357: 0.46, 100_000: 47.6 },
  "Gamma-Gamma fit": { 2357: 0.03, 100_000: 0.22, 1_000_000: 1.65 },
  "expected purchases": { 1_000_000: 0.55 },
  "P(alive)": { 1_000_000: 0.1 },
  "12-month value": { 1_000_000: 9.1 },
  "purchase statistics": { 1_000_000: 1, 5_000_000: 7.6 },
  "monthly cohort grid": { 1_000_000: 0.24, 5_000_000: 3.6 },
  "RFM quintiles": { 1_000_000: 0.21, 5_000_000: 2 },
};

interface PeerResult extends Result {
  peer: number | null;
  timesFaster: number | null;
  nanosecondsEach: number;
}

const results: PeerResult[] = [];
const round = (number: number) => Number(number.toPrecision(4));

/** Seconds, the median of several runs after half a second of them: compiled code is what a worker runs. */
function median(work: () => unknown, least = 5): number {
  const times: number[] = [];
  const begun = performance.now();
  do work();
  while (performance.now() - begun < 500);
  const started = performance.now();
  while (times.length < least || (performance.now() - started < 500 && times.length < 99)) {
    const start = performance.now();
    work();
    times.push((performance.now() - start) / 1000);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}

function note(name: string, size: number, seconds: number, floor: number): void {
  const peer = PEER[name]?.[size] ?? null;
  const result: PeerResult = {
    case: `${name}, ${size}`,
    value: round(seconds),
    unit: "s",
    floor: round(floor),
    ratio: round(seconds / floor),
    peer,
    timesFaster: peer && round(peer / seconds),
    nanosecondsEach: round((seconds / size) * 1e9),
  };
  results.push(result);
  console.log(
    `${result.case}: ${result.value} s, ${result.nanosecondsEach} ns each, ${result.ratio} times the floor` +
      (peer === null ? "" : `, ${result.timesFaster} times faster than the peer's ${peer} s`),
  );
}

let sink = 0;

/** Reads every number once and keeps none. */
function plainPass(...columns: ArrayLike<number>[]): void {
  let sum = 0;
  for (const column of columns) for (let i = 0; i < column.length; i++) sum += column[i] as number;
  sink += sum;
}

function measureFit(
  name: string,
  model: PurchaseModel,
  truth: readonly number[],
  histories: SimulatedHistories,
): void {
  const customers = histories.repeats.length;
  const objective = model.objective(groupHistories(histories).groups);
  const [theta, gradient] = [Float64Array.from(truth, Math.log), new Float64Array(truth.length)];
  const floor = median(() => objective(theta, gradient), 9);
  const seconds = median(() => {
    const outcome = fitPurchases(model, histories);
    if (!outcome.ok || !outcome.fit.converged) throw new Error(`${name} does not fit ${customers} customers`);
  }, 9);
  note(name, customers, seconds, floor);
}

function measureSpendFit(histories: SimulatedHistories): void {
  // As the peer was measured: all of them repeaters.
  const random = seededRandom(3);
  const repeats = histories.repeats.map((x) => Math.max(1, x));
  const meanSpend = repeats.map((x) => drawSpend(SPEND, 0, 0, x, random));
  const objective = gammaGammaObjective(repeatSpending({ repeats, meanSpend }));
  const [theta, gradient] = [Float64Array.from(Object.values(SPEND), Math.log), new Float64Array(3)];
  const floor = median(() => objective(theta, gradient), 9);
  const seconds = median(() => {
    const outcome = fitSpending({ repeats, meanSpend });
    if (!outcome.ok || !outcome.fit.converged) throw new Error("Gamma-Gamma does not fit");
  }, 9);
  note("Gamma-Gamma fit", repeats.length, seconds, floor);
}

function measureForecasts(histories: SimulatedHistories, kind: string): void {
  const forecaster = bgNbd.forecaster(BG);
  const customers = histories.repeats.length;
  const { repeats, recency, tenure } = histories;
  const floor = median(() => plainPass(repeats, recency, tenure));
  const discount = discountPerUnit(0.15, 7);
  const perPurchase = expectedSpend(SPEND, 2, 40) ?? NaN;
  note(
    `expected purchases${kind}`,
    customers,
    median(() => forecastPurchases(forecaster, histories, 39)),
    floor,
  );
  note(
    `P(alive)${kind}`,
    customers,
    median(() => probabilitiesAlive(forecaster, histories)),
    floor,
  );
  note(
    `12-month value${kind}`,
    customers,
    median(() =>
      discountedPurchases(forecaster, histories, 365 / 7, discount).map((value) => value * perPurchase),
    ),
    floor,
  );
}

/** Orders of three years in the order of days: 2.5 per customer, who come over time and leave again. */
function orders(
  count: number,
): Transactions & { day: Int32Array; customer: Int32Array; amount: Float64Array } {
  const random = randomNumbers(20_260_731);
  const customers = Math.max(1, Math.round(count / 2.5));
  const [customer, day, amount] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    customer[i] = Math.floor(Math.max(0, (i / count) * customers - (random() ** 2 * customers) / 3));
    day[i] = 19_358 + Math.floor((i / count) * 1096);
    amount[i] = 500 + Math.floor(random() ** 3 * 40_000);
  }
  return { customer, day, amount, customers };
}

/** The same orders as the figures' columns, with nothing but products in them. */
function orderColumns({ customer, day, amount, customers }: ReturnType<typeof orders>): OrderColumns {
  const nothing = new Int8Array(day.length);
  const count = { length: customers };
  return {
    shop: SAMPLE_FACTS,
    orderCount: day.length,
    orderId: Float64Array.from(day, (_, i) => i + 1),
    placedOffset: nothing,
    day,
    customer,
    flags: new Uint8Array(day.length),
    grossMinor: Int32Array.from(amount),
    discountMinor: nothing,
    shippingMinor: nothing,
    taxMinor: nothing,
    tipMinor: nothing,
    giftCardMinor: nothing,
    costMinor: nothing,
    costedNetMinor: nothing,
    differenceMinor: nothing,
    leadProduct: new Int8Array(day.length).fill(-1),
    firstSource: new Int8Array(day.length).fill(-1),
    customerIds: Float64Array.from(count, (_, i) => i + 1),
    customerExcluded: new Uint8Array(customers),
    productIds: new Float64Array(0),
    sourceNames: [],
    refunds: {
      count: 0,
      order: new Int32Array(0),
      day: nothing.subarray(0, 0),
      productMinor: nothing.subarray(0, 0),
      shippingMinor: nothing.subarray(0, 0),
      taxMinor: nothing.subarray(0, 0),
      giftCardMinor: nothing.subarray(0, 0),
      costMinor: nothing.subarray(0, 0),
    },
  };
}

function measureTransactions(count: number): void {
  const transactions = orders(count);
  const { customer, day, amount } = transactions;
  const untilDay = day.at(-1) ?? 0;
  const floor = median(() => plainPass(customer, day, amount));
  const statistics = median(() => purchaseStatistics(transactions, { untilDay }));
  note("purchase statistics", count, statistics, floor);
  note(
    "RFM quintiles",
    count,
    median(() => rfmScores(transactions)),
    floor,
  );
  const columns = orderColumns(transactions);
  const grid = median(() => cohortsOf(columns, countOrders(columns), { grain: "month" }));
  note("monthly cohort grid", count, grid, floor);
}

SIZES.forEach((customers, place) => {
  const shop = { customers, seed: 5, unitDays: 7 };
  const bg = simulatedHistories(bgNbd, BG, shop);
  measureFit("BG/NBD fit", bgNbd, BG, bg);
  measureFit("Pareto/NBD fit", paretoNbd, PARETO, simulatedHistories(paretoNbd, PARETO, shop));
  measureSpendFit(bg);
  if (place < 2) return;
  measureForecasts(bg, "");
  measureForecasts(
    simulatedHistories(bgNbd, BG, { ...shop, unitDays: null }),
    " of customers none of whom are alike",
  );
});
TRANSACTIONS.forEach((count) => measureTransactions(count));
if (Number.isNaN(sink)) throw new Error("a floor read what is no number");
console.log(JSON.stringify({ name: "clv", results }));
