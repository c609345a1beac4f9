/**
 * From purchases to what the models read: per customer the days with a purchase after the first (x), the time of the last (t_x), the
 * time since the first (T), and the mean spend of the repeat days. Purchases of one day count as one, as in the papers.
 *
 * Worked example, in weeks up to day 21: purchases on days 0, 0, 7 and 14 give x = 2, t_x = 2, T = 3.
 */
import type { Histories } from "./histories.ts";
import { purchaseRows, type Transactions } from "./purchase-rows.ts";

export type { Transactions };

export interface StatisticsOptions {
  /** Last day that counts; customers whose first purchase comes later are not in it. */
  untilDay: number;
  /** Days in the unit of time; 7 unless told. */
  unitDays?: number;
}

export interface PurchaseStatistics extends Histories {
  readonly count: number;
  /** The transactions' number of each customer here. */
  readonly customer: Int32Array;
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly tenure: Float64Array;
  readonly sumLogGaps: number;
  readonly firstDay: Int32Array;
  /** Of the repeat days; 0 without one. */
  readonly meanSpend: Float64Array;
  /** Of all days, the first included. */
  readonly totalSpend: Float64Array;
  readonly untilDay: number;
  readonly unitDays: number;
}

const NEVER = -0x80000000;
const LOGS = Float64Array.from({ length: 4096 }, (_, gap) => Math.log(gap));

export function purchaseStatistics(
  transactions: Transactions,
  { untilDay, unitDays = 7 }: StatisticsOptions,
): PurchaseStatistics {
  const ledger = purchaseDays(transactions, untilDay);
  const count = ledger.firstDay.reduce((sum, first) => sum + Number(first !== NEVER), 0);
  const statistics = emptyStatistics(
    count,
    untilDay,
    unitDays,
    ledger.sumLogDays - ledger.gaps * Math.log(unitDays),
  );
  let entry = 0;
  for (let who = 0; who < transactions.customers; who++) {
    const first = ledger.firstDay[who] as number;
    if (first === NEVER) continue;
    const x = ledger.repeats[who] as number;
    statistics.customer[entry] = who;
    statistics.repeats[entry] = x;
    statistics.recency[entry] = ((ledger.lastDay[who] as number) - first) / unitDays;
    statistics.tenure[entry] = (untilDay - first) / unitDays;
    statistics.firstDay[entry] = first;
    if (transactions.amount) {
      const repeatSpend = ledger.repeatSpend[who] as number;
      statistics.meanSpend[entry] = x === 0 ? 0 : repeatSpend / x;
      statistics.totalSpend[entry] = (ledger.firstSpend[who] as number) + repeatSpend;
    }
    entry++;
  }
  return statistics;
}

interface PurchaseDays {
  /** NEVER for who has not bought. */
  firstDay: Int32Array;
  lastDay: Int32Array;
  repeats: Int32Array;
  firstSpend: Float64Array;
  repeatSpend: Float64Array;
  sumLogDays: number;
  gaps: number;
}

/** One pass over each customer's purchases in the order of days. */
function purchaseDays(transactions: Transactions, untilDay: number): PurchaseDays {
  const { customers } = transactions;
  const { count, customer, day, amount } = purchaseRows(transactions, -Infinity, untilDay);
  const firstDay = new Int32Array(customers).fill(NEVER);
  const lastDay = new Int32Array(customers);
  const repeats = new Int32Array(customers);
  const firstSpend = new Float64Array(amount ? customers : 0);
  const repeatSpend = new Float64Array(amount ? customers : 0);
  let [sumLogDays, gaps] = [0, 0];
  for (let row = 0; row < count; row++) {
    const who = customer[row] as number;
    const on = day[row] as number;
    const first = firstDay[who] as number;
    if (first === NEVER) {
      firstDay[who] = on;
      lastDay[who] = on;
    } else if (lastDay[who] !== on) {
      const gap = on - (lastDay[who] as number);
      sumLogDays += gap < LOGS.length ? (LOGS[gap] as number) : Math.log(gap);
      gaps++;
      repeats[who] = (repeats[who] as number) + 1;
      lastDay[who] = on;
    }
    if (amount) {
      const spend = first === NEVER || first === on ? firstSpend : repeatSpend;
      spend[who] = (spend[who] as number) + (amount[row] as number);
    }
  }
  return { firstDay, lastDay, repeats, firstSpend, repeatSpend, sumLogDays, gaps };
}

function emptyStatistics(
  count: number,
  untilDay: number,
  unitDays: number,
  sumLogGaps: number,
): PurchaseStatistics {
  return {
    count,
    customer: new Int32Array(count),
    repeats: new Float64Array(count),
    recency: new Float64Array(count),
    tenure: new Float64Array(count),
    sumLogGaps,
    firstDay: new Int32Array(count),
    meanSpend: new Float64Array(count),
    totalSpend: new Float64Array(count),
    untilDay,
    unitDays,
  };
}

export interface Holdout {
  /** Days with a purchase after `untilDay` of the statistics up to `toDay`, of each of their customers. */
  readonly purchases: Float64Array;
  readonly spend: Float64Array;
  /** Time from `untilDay` to the first of them; -1 for none. */
  readonly nextAfter: Float64Array;
}

/** What the customers of the statistics did afterwards. */
export function holdoutOf(
  transactions: Transactions,
  statistics: PurchaseStatistics,
  toDay: number,
): Holdout {
  const { untilDay, unitDays, count } = statistics;
  const entryOf = new Int32Array(transactions.customers).fill(-1);
  statistics.customer.forEach((who, entry) => (entryOf[who] = entry));
  const holdout = {
    purchases: new Float64Array(count),
    spend: new Float64Array(count),
    nextAfter: new Float64Array(count).fill(-1),
  };
  const lastDay = new Int32Array(count).fill(NEVER);
  const rows = purchaseRows(transactions, untilDay, toDay);
  for (let row = 0; row < rows.count; row++) {
    const entry = entryOf[rows.customer[row] as number] as number;
    if (entry < 0) continue;
    const on = rows.day[row] as number;
    if (lastDay[entry] === NEVER) holdout.nextAfter[entry] = (on - untilDay) / unitDays;
    if (lastDay[entry] !== on) holdout.purchases[entry] = (holdout.purchases[entry] as number) + 1;
    lastDay[entry] = on;
    if (rows.amount) holdout.spend[entry] = (holdout.spend[entry] as number) + (rows.amount[row] as number);
  }
  return holdout;
}
