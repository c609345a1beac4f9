/** Customers grouped by the month or week of their first order, and what each group did in every month or week since. */
import { PRODUCTS_ONLY, grossOf, marginOf, refundOf, type Included } from "./amounts.ts";
import { ORDER_KIND, NO_DAY, type CountedOrders } from "./counted-orders.ts";
import type { OrderColumns } from "./order-columns.ts";
import { periodOf, type Period } from "./period.ts";
import { roundHalfAway } from "./rounding.ts";
import { bucketName, bucketStart, timeBuckets, type Grain, type TimeBuckets } from "./time-buckets.ts";

/** Weeks are followed for three years; months for as long as there are orders. */
const MAX_WEEKS = 156;

export interface CohortOptions {
  grain: Grain;
  included?: Included;
  /** Only customers whose first order fell on these days. */
  period?: Period | undefined;
}

/**
 * One cohort. Index k of every array is the k-th month or week after that of the first order; what lies after the shop's
 * last order is not observed and is not in the arrays, which is why later cohorts have shorter ones. Refunds lower the
 * amounts at their order's date.
 */
export interface Cohort {
  /** `2026-03`, or the date of the week's Monday. */
  start: string;
  firstDay: number;
  customers: number;
  /** How many leading entries are wholly observed; an entry after them is still filling up. */
  wholeAges: number;
  /** Customers of the cohort with an order. */
  active: number[];
  /** active / customers. */
  retention: number[];
  /** Customers of the cohort who had placed a second order by the end of it. */
  repeated: number[];
  orders: number[];
  netMinor: number[];
  marginMinor: (number | null)[];
  cumulativeNetMinor: number[];
  /** cumulativeNetMinor / customers, half away from zero. */
  cumulativeNetPerCustomerMinor: number[];
}

interface Cells {
  buckets: TimeBuckets;
  ages: number;
  customers: Int32Array;
  active: Int32Array;
  /** Second orders. */
  second: Int32Array;
  orders: Int32Array;
  netMinor: Float64Array;
  productNetMinor: Float64Array;
  costedNetMinor: Float64Array;
  costMinor: Float64Array;
}

export function cohortsOf(columns: OrderColumns, counted: CountedOrders, options: CohortOptions): Cohort[] {
  if (counted.firstOrderDay === null || counted.lastOrderDay === null) return [];
  const buckets = timeBuckets(options.grain, counted.firstOrderDay, counted.lastOrderDay);
  const cells = emptyCells(buckets);
  const cohortOf = assignCohorts(counted, cells, options);
  const cellOf = findCells(columns, counted, cohortOf, cells);
  countActive(columns, cellOf, cohortOf, cells.active);
  addOrders(columns, cellOf, cells, options.included ?? PRODUCTS_ONLY);
  subtractRefunds(columns, cellOf, cells, options.included ?? PRODUCTS_ONLY);

  const cohorts: Cohort[] = [];
  for (let index = 0; index < buckets.count; index++) {
    if ((cells.customers[index] as number) > 0) {
      cohorts.push(cohortAt(cells, index, counted.lastOrderDay, columns.shop.flatMarginBasisPoints));
    }
  }
  return cohorts;
}

function emptyCells(buckets: TimeBuckets): Cells {
  const ages = buckets.grain === "week" ? Math.min(buckets.count, MAX_WEEKS + 1) : buckets.count;
  const size = buckets.count * ages;
  return {
    buckets,
    ages,
    customers: new Int32Array(buckets.count),
    active: new Int32Array(size),
    second: new Int32Array(size),
    orders: new Int32Array(size),
    netMinor: new Float64Array(size),
    productNetMinor: new Float64Array(size),
    costedNetMinor: new Float64Array(size),
    costMinor: new Float64Array(size),
  };
}

/** Cohort of each customer, -1 for those without one. */
function assignCohorts(counted: CountedOrders, cells: Cells, options: CohortOptions): Int32Array {
  const period = periodOf(counted, options.period);
  const { byDay, fromDay } = cells.buckets;
  const cohortOf = new Int32Array(counted.firstDay.length).fill(-1);
  for (let customer = 0; customer < cohortOf.length; customer++) {
    const day = counted.firstDay[customer] as number;
    if (day === NO_DAY || day < period.firstDay || day > period.lastDay) continue;
    const cohort = byDay[day - fromDay] as number;
    cohortOf[customer] = cohort;
    cells.customers[cohort] = (cells.customers[cohort] as number) + 1;
    addSecondOrder(cells, cohort, counted.secondDay[customer] as number);
  }
  return cohortOf;
}

function addSecondOrder({ buckets, ages, second }: Cells, cohort: number, day: number): void {
  if (day === NO_DAY) return;
  // A clock set back over midnight can put the later of two orders on the earlier day.
  const age = Math.max(0, (buckets.byDay[day - buckets.fromDay] as number) - cohort);
  if (age >= ages) return;
  const cell = cohort * ages + age;
  second[cell] = (second[cell] as number) + 1;
}

/** Cell of each order, -1 for those that are in none. */
function findCells(
  { customer, day }: OrderColumns,
  { kind }: CountedOrders,
  cohortOf: Int32Array,
  { buckets, ages }: Cells,
): Int32Array {
  const { byDay, fromDay } = buckets;
  const cellOf = new Int32Array(kind.length);
  for (let i = 0; i < cellOf.length; i++) {
    const cohort = (kind[i] as number) < ORDER_KIND.first ? -1 : (cohortOf[customer[i] as number] as number);
    const age = (byDay[(day[i] as number) - fromDay] as number) - cohort;
    cellOf[i] = cohort < 0 || age >= ages ? -1 : cohort * ages + age;
  }
  return cellOf;
}

// A pass for each: customers come in any order, and while a pass does little else the processor fetches many of them at once.

function countActive(
  { customer }: OrderColumns,
  cellOf: Int32Array,
  cohortOf: Int32Array,
  active: Int32Array,
): void {
  const lastCell = new Int32Array(cohortOf.length).fill(-1);
  for (let i = 0; i < cellOf.length; i++) {
    const cell = cellOf[i] as number;
    if (cell < 0) continue;
    const who = customer[i] as number;
    active[cell] = (active[cell] as number) + Number(lastCell[who] !== cell);
    lastCell[who] = cell;
  }
}

function addOrders(columns: OrderColumns, cellOf: Int32Array, cells: Cells, included: Included): void {
  const { grossMinor, discountMinor, costMinor, costedNetMinor } = columns;
  const { orders } = cells;
  for (let i = 0; i < cellOf.length; i++) {
    const cell = cellOf[i] as number;
    if (cell < 0) continue;
    const discount = discountMinor[i] as number;
    orders[cell] = (orders[cell] as number) + 1;
    cells.netMinor[cell] = (cells.netMinor[cell] as number) + grossOf(columns, i, included) - discount;
    cells.productNetMinor[cell] =
      (cells.productNetMinor[cell] as number) + (grossMinor[i] as number) - discount;
    cells.costedNetMinor[cell] = (cells.costedNetMinor[cell] as number) + (costedNetMinor[i] as number);
    cells.costMinor[cell] = (cells.costMinor[cell] as number) + (costMinor[i] as number);
  }
}

function subtractRefunds(
  { refunds }: OrderColumns,
  cellOf: Int32Array,
  cells: Cells,
  included: Included,
): void {
  for (let r = 0; r < refunds.count; r++) {
    const cell = cellOf[refunds.order[r] as number] as number;
    if (cell < 0) continue;
    cells.netMinor[cell] = (cells.netMinor[cell] as number) - refundOf(refunds, r, included);
    cells.productNetMinor[cell] =
      (cells.productNetMinor[cell] as number) - (refunds.productMinor[r] as number);
  }
}

function cohortAt(cells: Cells, index: number, lastDay: number, flatMargin: number | null): Cohort {
  const { buckets, ages } = cells;
  const customers = cells.customers[index] as number;
  const observed = Math.min(buckets.count - index, ages);
  const lastIsWhole = bucketStart(buckets, buckets.count) - 1 <= lastDay;
  const from = index * ages;
  const of = (values: Int32Array | Float64Array) => Array.from(values.subarray(from, from + observed));

  const active = of(cells.active);
  const netMinor = of(cells.netMinor);
  const [productNet, costedNet, cost] = [
    of(cells.productNetMinor),
    of(cells.costedNetMinor),
    of(cells.costMinor),
  ];
  const cumulativeNetMinor = runningSums(netMinor);
  return {
    start: bucketName(buckets, index),
    firstDay: bucketStart(buckets, index),
    customers,
    wholeAges: index + observed === buckets.count && !lastIsWhole ? observed - 1 : observed,
    active,
    retention: active.map((count) => count / customers),
    repeated: runningSums(of(cells.second)),
    orders: of(cells.orders),
    netMinor,
    marginMinor: productNet.map((net, age) =>
      marginOf(
        { productNetMinor: net, costedNetMinor: costedNet[age] ?? 0, costMinor: cost[age] ?? 0 },
        flatMargin,
      ),
    ),
    cumulativeNetMinor,
    cumulativeNetPerCustomerMinor: cumulativeNetMinor.map((net) => roundHalfAway(net / customers)),
  };
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
