/**
 * Members beside customers who were like them: a comparison, and no proof, for programmes that keep nobody out.
 *
 * Each member who joined at least OBSERVED_DAYS ago, in the last LATELY_DAYS, and had ordered by then is held against all customers who were no members on that day nor in the OBSERVED_DAYS after it,
 * who had ordered by then, too, and whose history to that day falls into the same cell (coarsened exact matching: Iacus, King and Porro, "Causal Inference without Balance Checking", Political Analysis 20, 2012): days since the last
 * order and since the first in bands, orders (1, 2, 3 or 4, more), net sales within a factor of 1.5, and product and source of the first order, the commonest by themselves and the others together. A cell
 * counts with at least LEAST_CONTROLS of them. With Y the outcome in the days after, N members matched and Ȳ(i) the mean of i's cell, the estimate is
 *
 *     τ = 1/N Σ [ Y_i - Ȳ(i) ]
 *
 * and its variance, matching taken as given and customers as independent (the same customer serves on several days, so what each weighs is added up first),
 *
 *     1/N² ( Σ_i ( Y_i - Ȳ(i) - τ )²  +  Σ_c ( Σ_cells n/m √(m/(m-1)) ( Y_c - Ȳ ) )² )
 *
 * with n members and m others in a cell, in the manner of Abadie and Imbens, "Large Sample Properties of Matching Estimators" (Econometrica 74, 2006). The interval is ± 1.96 of its root, for one look.
 *
 * The placebo asks the same of the OBSERVED_DAYS before joining, matched on the history before those: the programme cannot have caused anything then, so a difference shows that members are other people than those they are held against.
 */
import type { PointsCost } from "../clv/margin-share.ts";
import type { Included } from "../metrics/amounts.ts";
import type { CountedOrders } from "../metrics/counted-orders.ts";
import type { OrderColumns } from "../metrics/order-columns.ts";
import { placeOf } from "./assignment.ts";
import { customerSales, ordersUntil, salesWithin, sumBefore, type CustomerSales } from "./customer-sales.ts";
import { costRate, joinedDays, NEVER, type MembersGiven } from "./members-given.ts";

const OBSERVED_DAYS = 90;
const LATELY_DAYS = 730;
const LEAST_CONTROLS = 5;
const LEAST_MEMBERS = 100;
const NORMAL_QUANTILE = 1.959963984540054;
/** Looks at a customer on a day: beyond it others are a drawn part of all. */
const MOST_LOOKS = 30_000_000;
/** Of products and of sources, told apart from all others. */
const TOLD_APART = 6;

export interface MatchedOptions {
  members: MembersGiven;
  today: number;
  included: Included;
  cost: PointsCost | null;
}

export interface Estimate {
  difference: number;
  low: number;
  high: number;
}

/** What a history is told by. */
const FEATURES = ["days since the last order", "orders", "net sales", "days since the first order"] as const;

interface Balance {
  feature: (typeof FEATURES)[number];
  /** Standardised mean differences: of all, and of those who were matched. */
  before: number;
  after: number;
}

export type MatchedOutcome =
  | { ok: false; reason: "few-members"; members: number; matched: number }
  | {
      ok: true;
      /** Who joined in time and had ordered; of those who found others like them. */
      members: number;
      matched: number;
      /** Customers they were held against. */
      others: number;
      /** Net sales per customer and margin after the programme's cost, in minor units (`null`: no costs of goods are known); and the share who ordered. */
      revenue: Estimate;
      margin: Estimate | null;
      repeat: Estimate;
      balance: Balance[];
    };

export interface MatchedComparison {
  observedDays: number;
  after: MatchedOutcome;
  placebo: MatchedOutcome;
  costRate: number;
}

export function matchedComparison(
  columns: OrderColumns,
  counted: CountedOrders,
  { members, today, included, cost }: MatchedOptions,
): MatchedComparison {
  const sales = customerSales(columns, counted, included);
  const joined = joinedDays(columns, members);
  const world = { sales, joined, today, origin: originCodes(columns, counted), columns };
  const rate = costRate(sales, joined, cost, today);
  return {
    observedDays: OBSERVED_DAYS,
    costRate: rate,
    after: compare(world, 0, rate),
    placebo: compare(world, OBSERVED_DAYS + 1, 0),
  };
}

interface World {
  sales: CustomerSales;
  joined: Int32Array;
  today: number;
  /** Of each customer: where the first order came from and what it was of. */
  origin: Int32Array;
  columns: OrderColumns;
}

/** `back`: how many days before joining the comparison begins. */
function compare(world: World, back: number, rate: number): MatchedOutcome {
  const { sales, joined, today, columns } = world;
  const byDay = new Map<number, number[]>();
  let members = 0;
  for (const [who, day] of joined.entries()) {
    if (day > today - OBSERVED_DAYS - 1 || day <= today - LATELY_DAYS) continue;
    if (ordersUntil(sales, who, day - back) === sales.from[who]) continue;
    members++;
    const of = byDay.get(day);
    if (of) of.push(who);
    else byDay.set(day, [who]);
  }
  const others = controlsOf(world, byDay.size);
  const weights = new Map<number, Float64Array>();
  const sums = new Float64Array(3);
  const treatedDifferences: Float64Array[] = [];
  const balance = FEATURES.map(() => newBalance());
  const asMembers = { rate, sales };
  for (const [day, those] of [...byDay].sort(([a], [b]) => a - b)) {
    const index = day - back;
    const window = { after: index, until: index + OBSERVED_DAYS };
    const cells = new Map<number, { members: number[]; controls: number[]; total: Float64Array }>();
    const features = those.map((who) => featuresAt(world, who, index));
    those.forEach((who, at) => {
      const cell = cellOf(features[at] as Features, world.origin[who] as number);
      const known = cells.get(cell);
      if (known) known.members.push(who);
      else cells.set(cell, { members: [who], controls: [], total: new Float64Array(3) });
    });
    const alike: { who: number; cell: number; features: Features }[] = [];
    let others_ = 0;
    const means = new Float64Array(FEATURES.length * 2);
    for (const who of others) {
      if ((joined[who] as number) <= day + OBSERVED_DAYS) continue;
      if (ordersUntil(sales, who, index) === sales.from[who]) continue;
      const told = featuresAt(world, who, index);
      others_++;
      FEATURES.forEach((_, f) => {
        means[2 * f] = (means[2 * f] as number) + (told[f] as number);
        means[2 * f + 1] = (means[2 * f + 1] as number) + (told[f] as number) ** 2;
      });
      const cell = cellOf(told, world.origin[who] as number);
      const found = cells.get(cell);
      if (!found) continue;
      found.controls.push(who);
      alike.push({ who, cell, features: told });
    }
    if (others_ > 0) {
      FEATURES.forEach((_, f) => {
        const each = those.length / others_;
        addTo(
          (balance[f] as BalanceSums).allOthers,
          those.length,
          (means[2 * f] as number) * each,
          (means[2 * f + 1] as number) * each,
        );
        for (const own of features)
          addTo((balance[f] as BalanceSums).allMembers, 1, own[f] as number, (own[f] as number) ** 2);
      });
    }
    for (const cell of cells.values()) {
      if (cell.controls.length < LEAST_CONTROLS) continue;
      for (const who of cell.controls) addOutcome(cell.total, outcomeOf(asMembers, who, window, NEVER));
    }
    those.forEach((who, at) => {
      const cell = cells.get(cellOf(features[at] as Features, world.origin[who] as number));
      if (!cell || cell.controls.length < LEAST_CONTROLS) return;
      const own = outcomeOf(asMembers, who, window, back === 0 ? day : NEVER);
      const difference = own.map((y, k) => y - (cell.total[k] as number) / cell.controls.length);
      addOutcome(sums, difference);
      treatedDifferences.push(difference);
      FEATURES.forEach((_, f) => {
        const value = (features[at] as Features)[f] as number;
        addTo((balance[f] as BalanceSums).members, 1, value, value ** 2);
      });
    });
    for (const { who, cell: key, features: told } of alike) {
      const cell = cells.get(key);
      if (!cell || cell.controls.length < LEAST_CONTROLS) continue;
      const [n, m] = [cell.members.length, cell.controls.length];
      const own = weights.get(who) ?? new Float64Array(3);
      const outcome = outcomeOf(asMembers, who, window, NEVER);
      for (let k = 0; k < 3; k++) {
        const away = (outcome[k] as number) - (cell.total[k] as number) / m;
        own[k] = (own[k] as number) + (n / m) * Math.sqrt(m / (m - 1)) * away;
      }
      weights.set(who, own);
      FEATURES.forEach((_, f) => {
        const value = told[f] as number;
        addTo((balance[f] as BalanceSums).others, n / m, (n / m) * value, (n / m) * value ** 2);
      });
    }
  }
  const matched = treatedDifferences.length;
  if (matched < LEAST_MEMBERS) return { ok: false, reason: "few-members", members, matched };
  const [revenue, margin, repeat] = [0, 1, 2].map((k) => estimateOf(k, sums, treatedDifferences, weights));
  if (!revenue || !margin || !repeat) throw new Error("three outcomes are told");
  return {
    ...{ ok: true, members, matched, others: weights.size, revenue, repeat },
    margin: columns.customerIds.length > 0 && sales.lacksMargin ? null : margin,
    balance: FEATURES.map((feature, f) => ({ feature, ...balanceOf(balance[f] as BalanceSums) })),
  };
}

type Features = readonly number[];

function featuresAt({ sales }: World, who: number, day: number): Features {
  const end = ordersUntil(sales, who, day);
  const begin = sales.from[who] as number;
  return [
    day - (sales.day[end - 1] as number),
    end - begin,
    sumBefore(sales.netMinor, sales, who, end),
    day - (sales.day[begin] as number),
  ];
}

const RECENCY_BANDS = [0, 7, 30, 60, 90, 180, 365];
const TENURE_BANDS = [0, 30, 90, 180, 365, 730];
const VALUE_STEP = Math.log(1.5);

function cellOf([recency = 0, orders = 0, netMinor = 0, tenure = 0]: Features, origin: number): number {
  const value = netMinor <= 0 ? 0 : 1 + Math.floor(Math.log(netMinor) / VALUE_STEP);
  const often = orders <= 2 ? orders : orders <= 4 ? 3 : 4;
  return (
    (((bandOf(recency, RECENCY_BANDS) * 8 + bandOf(tenure, TENURE_BANDS)) * 5 + often) * 128 + value) * 64 +
    origin
  );
}

function bandOf(days: number, bands: readonly number[]): number {
  let band = 0;
  while (band < bands.length && days > (bands[band] as number)) band++;
  return band;
}

/** Of the first order: its product and its source, the commonest by themselves. */
function originCodes(columns: OrderColumns, { firstOrder }: CountedOrders): Int32Array {
  const product = commonest(firstOrder, columns.leadProduct);
  const source = commonest(firstOrder, columns.firstSource);
  return Int32Array.from(firstOrder, (order) =>
    order < 0
      ? 0
      : (product.get(columns.leadProduct[order] as number) ?? 0) * (TOLD_APART + 1) +
        (source.get(columns.firstSource[order] as number) ?? 0),
  );
}

function commonest(orders: Int32Array, codes: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const order of orders) {
    if (order < 0) continue;
    const code = codes[order] as number;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, TOLD_APART);
  return new Map(most.map(([code], at) => [code, at + 1]));
}

/** Everybody who may be held against somebody; where that were too many looks, a part that is drawn and stays the same. */
function controlsOf({ columns, joined, sales }: World, days: number): number[] {
  const all: number[] = [];
  for (let who = 0; who < joined.length; who++) {
    if ((sales.from[who + 1] as number) > (sales.from[who] as number)) all.push(who);
  }
  const share = MOST_LOOKS / Math.max(1, days * all.length);
  return share >= 1
    ? all
    : all.filter((who) => placeOf("matched", columns.customerIds[who] as number) < share);
}

function outcomeOf(
  { rate, sales }: { rate: number; sales: CustomerSales },
  who: number,
  window: { after: number; until: number },
  joined: number,
): Float64Array {
  const { netMinor, marginMinor, orders } = salesWithin(sales, who, window);
  const cost = joined === NEVER ? 0 : rate * netMinor;
  return Float64Array.of(netMinor, marginMinor - cost, orders > 0 ? 1 : 0);
}

function addOutcome(total: Float64Array, outcome: Float64Array): void {
  for (let k = 0; k < total.length; k++) total[k] = (total[k] as number) + (outcome[k] as number);
}

function estimateOf(
  k: number,
  sums: Float64Array,
  differences: readonly Float64Array[],
  weights: ReadonlyMap<number, Float64Array>,
): Estimate {
  const n = differences.length;
  const difference = (sums[k] as number) / n;
  let squares = 0;
  for (const each of differences) squares += ((each[k] as number) - difference) ** 2;
  for (const own of weights.values()) squares += (own[k] as number) ** 2;
  const half = (NORMAL_QUANTILE * Math.sqrt(squares)) / n;
  return { difference, low: difference - half, high: difference + half };
}

interface Sums {
  weight: number;
  sum: number;
  squares: number;
}

interface BalanceSums {
  allMembers: Sums;
  allOthers: Sums;
  members: Sums;
  others: Sums;
}

const noSums = (): Sums => ({ weight: 0, sum: 0, squares: 0 });
const newBalance = (): BalanceSums => ({
  ...{ allMembers: noSums(), allOthers: noSums(), members: noSums(), others: noSums() },
});

function addTo(sums: Sums, weight: number, sum: number, squares: number): void {
  sums.weight += weight;
  sums.sum += sum;
  sums.squares += squares;
}

const meanOf = ({ weight, sum }: Sums) => (weight === 0 ? 0 : sum / weight);
const varianceOf = (sums: Sums) =>
  sums.weight === 0 ? 0 : Math.max(0, sums.squares / sums.weight - meanOf(sums) ** 2);

/** By the spread of all, so that matching cannot seem better by leaving out. */
function balanceOf({ allMembers, allOthers, members, others }: BalanceSums): Omit<Balance, "feature"> {
  const spread = Math.sqrt((varianceOf(allMembers) + varianceOf(allOthers)) / 2);
  const of = (a: Sums, b: Sums) => (spread === 0 ? 0 : (meanOf(a) - meanOf(b)) / spread);
  return { before: of(allMembers, allOthers), after: of(members, others) };
}
